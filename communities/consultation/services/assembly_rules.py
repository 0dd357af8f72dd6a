"""Setting what an assembly must reach: always a new version, from a day on, with its legal source."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from communities.consultation.models import AssemblyRule
from communities.consultation.procedure import DEFAULT_RULES
from linkage.foundation import journal

LOCK = 0x7E24  # one setter at a time: versions are numbered without gaps


@transaction.atomic
def provide_defaults():
    """Enter the rules the platform begins with where they are missing; what was set since stays."""
    _one_at_a_time()
    held = set(AssemblyRule.objects.filter(region=None).values_list("body", flat=True))
    version = {}
    for rule in DEFAULT_RULES:
        if rule.body in held:
            continue
        version[rule.body] = version.get(rule.body, 0) + 1
        AssemblyRule.objects.create(
            body=rule.body,
            valid_from=rule.since,
            quorum=_share(rule.quorum),
            quorum_above=rule.quorum_above,
            majority=_share(rule.majority),
            majority_above=rule.majority_above,
            base=rule.base,
            call_days=rule.call_days,
            source=rule.source,
            verified=rule.verified,
            version=version[rule.body],
        )


@transaction.atomic
def set_rule(rule, *, by):
    """Keep an unsaved rule as the next version for its body and place."""
    if not may_set(by, rule.region):
        raise PermissionDenied
    _one_at_a_time()
    if flaw := too_early(rule):
        raise flaw
    last = _last(rule)
    rule.version = last.version + 1 if last else 1
    rule.set_by = by
    rule.full_clean()
    rule.save()
    journal.record(
        "assembly_rule_set",
        by=by,
        target=rule,
        facts={"body": rule.body, "quorum": rule.quorum, "majority": rule.majority, "source": rule.source},
    )
    return rule


def too_early(rule):
    """A version does not begin before the one it follows: meetings judged since keep their rule."""
    last = _last(rule)
    if not last or rule.valid_from >= last.valid_from:
        return None
    told = _("The version before holds from %(day)s; meetings before that day stay as they were judged.")
    return ValidationError({"valid_from": told % {"day": last.valid_from}})


def may_set(user, region):
    """Administrators set rules for what lies under them; those for everywhere the superuser among them."""
    places = [post.office.region for post in user.current_posts if post.administers]
    if region is None:
        return user.is_superuser and bool(places)
    return any(place.contains(region) for place in places)


def _last(rule):
    return AssemblyRule.objects.versions_of(rule.body, rule.region).last()


def _one_at_a_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _share(exact):
    return f"{exact.numerator}/{exact.denominator}"
