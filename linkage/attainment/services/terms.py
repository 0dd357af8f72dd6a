"""Setting what a coverage word means: always a new version, from a day on, with its basis (DOMAIN §2.4)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from linkage.attainment.codes import DEFAULT_TERMS, DEFAULT_TERMS_FROM
from linkage.attainment.models import CoverageTerm
from linkage.foundation import journal

LOCK = 0x7E23  # one setter at a time: versions are numbered without gaps


def known():
    """The words that have a meaning at all, the platform's first."""
    default = [term for term, _value, _basis in DEFAULT_TERMS]
    others = CoverageTerm.objects.exclude(term__in=default).order_by("term").values_list("term", flat=True)
    return [*default, *others.distinct()]


@transaction.atomic
def provide_defaults():
    """The words the platform knows by itself have their first version; what was set since stays."""
    _one_at_a_time()
    held = set(CoverageTerm.objects.filter(**_nothing()).values_list("term", flat=True))
    CoverageTerm.objects.bulk_create(
        CoverageTerm(term=term, value=value, basis=basis, valid_from=DEFAULT_TERMS_FROM)
        for term, value, basis in DEFAULT_TERMS
        if term not in held
    )


@transaction.atomic
def set_term(term, *, by):
    """Keep an unsaved term as the next version of its word for what it is set for."""
    if not may_set(by, term):
        raise PermissionDenied
    _one_at_a_time()
    if flaw := too_early(term):
        raise flaw
    last = _last(term)
    term.version = last.version + 1 if last else 1
    term.set_by = by
    term.full_clean()
    term.save()
    journal.record(
        "coverage_term_set",
        by=by,
        target=term,
        facts={"term": term.term, "value": term.value, "basis": term.basis, "version": term.version},
    )
    return term


def too_early(term):
    """A version does not begin before the one it follows: what was read before stays as it was judged."""
    last = _last(term)
    if not last or term.valid_from >= last.valid_from:
        return None
    told = _("The version before holds from %(day)s; readings of earlier days stay.")
    return ValidationError({"valid_from": told % {"day": last.valid_from}})


def may_set(user, term):
    """Administrators set terms for what lies under them; the defaults are the superuser's among them."""
    places = [post.office.region for post in user.current_posts if post.administers]
    if user.is_superuser:
        return bool(places)
    owner = term.programme or term.document
    meant = owner.region if owner else term.region
    return meant is not None and any(place.contains(meant) for place in places)


def _last(term):
    owner = {name: getattr(term, name) for name in _nothing()}
    return CoverageTerm.objects.versions_of(term.term, **owner).last()


def _nothing():
    return {"programme": None, "document": None, "region": None}


def _one_at_a_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
