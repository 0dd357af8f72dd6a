"""Moves between the tiers and changes of status."""

from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation.errors import NotNow
from organizations import rules
from organizations.codes import HandlingTier, OrgStatus
from organizations.models import StatusChange, TierMove
from organizations.services.keeping import locked, refuse, wrong_day, wrong_reason


def _last_day(changes):
    newest = changes.standing().order_by("-happened_on", "-pk").first()
    return newest.happened_on if newest else None


@transaction.atomic
def move_tier(organization, to, *, by, happened_on, reason, doc_no="", **facts):
    """台账 → 备案 → 登记, or back. ``facts`` are what the new tier is known by (``rules.TIER_FACTS``)."""
    row = locked(organization, by=by)
    if to not in HandlingTier.values:
        refuse(to=_("Choose a tier."))
    if row.tier == to:
        raise NotNow(_("The organisation stands in this tier already."))
    if row.status in rules.GONE:
        raise NotNow(_("The organisation is %s; it moves no more.") % row.get_status_display())
    refuse(
        happened_on=wrong_day(happened_on, row.established_on, _last_day(row.tier_moves)),
        reason=wrong_reason(reason),
    )
    before, number = row.tier, row.filing_number
    if before == HandlingTier.FILED:
        row.filing_number, row.filing_street, row.filed_on, row.filing_valid_to = "", None, None, None
    row.tier = to
    for name in rules.TIER_FACTS[to]:
        if facts.get(name) not in (None, ""):
            setattr(row, name, facts[name])
    row.full_clean()
    row.save()
    move = TierMove(
        organization=row,
        from_tier=before,
        to_tier=to,
        happened_on=happened_on,
        reason=reason.strip(),
        doc_no=doc_no.strip(),
        former_number=number if before == HandlingTier.FILED else "",
        by=by,
    )
    move.full_clean(exclude=["organization"])
    move.save()
    return move


@transaction.atomic
def change_status(organization, to, *, by, happened_on, reason, doc_no=""):
    """Put an organisation into another status, with the reason (YZ-2.2e)."""
    row = locked(organization, by=by)
    if to not in OrgStatus.values:
        refuse(to=_("Choose a status."))
    if row.status == to:
        raise NotNow(_("The organisation has this status already."))
    if to not in rules.STATUS_STEPS[row.status]:
        raise NotNow(
            _("From “%(now)s” an organisation does not become “%(then)s”.")
            % {"now": row.get_status_display(), "then": OrgStatus(to).label}
        )
    refuse(
        happened_on=wrong_day(happened_on, row.established_on, _last_day(row.status_changes)),
        reason=wrong_reason(reason),
    )
    before, row.status = row.status, to
    row.full_clean()
    row.save()
    change = StatusChange(
        organization=row,
        from_status=before,
        to_status=to,
        happened_on=happened_on,
        reason=reason.strip(),
        doc_no=doc_no.strip(),
        by=by,
    )
    change.full_clean(exclude=["organization"])
    change.save()
    return change
