"""填报、报送、退回、接收、锁定、重新开启: every change of a return is here, one transaction each."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from linkage.reports import rules
from linkage.reports.models import Collection, Return, ReturnEvent, State
from linkage.reports.services import comparing, filling, telling, units

Verb = ReturnEvent.Verb
MOST = 10**15


@transaction.atomic
def begin(collection, region, *, by):
    """Open the return of a unit with the figures of the registers; the one that is there, if it is."""
    by.ask_posts_anew()
    if not rules.fills_for(by, region):
        raise PermissionDenied
    if collection.edition_id is None:
        raise NotNow(_("The figures of the end of the period are still being kept. Try later."))
    place = units.place_of(collection, region)
    if place is None:
        raise NotNow(_("This unit files no return of this period."))
    Collection.objects.select_for_update(of=["self"]).get(pk=collection.pk)
    standing = Return.objects.of(collection).filter(region=region).first()
    if standing:
        return standing
    is_own = region.pk == collection.region_id
    rows = units.below(collection, region.pk)
    figures, silent = filling.from_registers(collection, region)
    office = rules.filing_office(by, region)
    filed = Return.objects.create(
        collection=collection,
        region=region,
        above_id=None if is_own else place["parent_id"],
        name=place["name"],
        level=place["level"],
        is_leaf=not rows,
        register=figures,
        own=figures,
        silent=silent,
        units=len(rows),
        office_name=office.name if office else "",
        filled_by=str(by)[:50],
    )
    if rows:
        _sum_up(filed)
    _note(filed, Verb.BEGUN, by, office)
    return filed


@transaction.atomic
def save(filed, *, own, notes, shortfall="", by):
    """Keep what is typed, unjudged. ``own``: ``{key: figure or None}``, ``notes``: ``{key: text}``."""
    filed = _locked(filed)
    _fill(filed, by)
    known = set(filed.collection.form.keys)
    wrong = {}
    for key, value in own.items():
        if key not in known or not filling.is_editable(filed, key):
            raise PermissionDenied
        if value is not None and not 0 <= value < MOST:
            wrong[key] = _("A whole number from 0 on.")
    if wrong:
        raise ValidationError(wrong)
    silent = filed.silent if filed.units else filling.from_registers(filed.collection, filed.region)[1]
    filed.own = filling.told(filed, {key: filed.own.get(key) for key in known} | own)
    filed.silent = filling.silence(filed, filed.own, silent)
    filed.notes = {key: text.strip()[:300] for key, text in notes.items() if text.strip() and key in known}
    filed.shortfall, filed.filled_by = shortfall.strip()[:500], str(by)[:50]
    if filed.units:
        _sum_up(filed)
    filed.save()
    return filed


@transaction.atomic
def file(filed, *, by):
    """报送: everything explained, or all gaps at once. What was received from below is locked with it."""
    filed = _locked(filed)
    _fill(filed, by)
    if filed.units:
        _sum_up(filed)
    gaps = gaps_of(filed)
    if gaps:
        raise ValidationError({key: text for key, _name, text in gaps})
    office = rules.filing_office(by, filed.region)
    filed.state, filed.filed_by, filed.filed_at = State.FILED, by, timezone.now()
    filed.first_filed_at = filed.first_filed_at or filed.filed_at
    filed.office_name, filed.reason = office.name, ""
    filed.save()
    _note(filed, Verb.FILED, by, office, figures=filling.totals(filed))
    for one in Return.objects.of(filed.collection).filter(above=filed.region_id, state=State.RECEIVED):
        _move(one, State.LOCKED, Verb.LOCKED, by, office)
    if filed.above_id is None:  # nobody above receives it: it is final with its filing
        _move(filed, State.LOCKED, Verb.LOCKED, by, office)
    journal.record("return_filed", by=by, target=filed)
    return filed


def gaps_of(filed):
    """``[(key, name, what is missing)]``: what has to be said before this can be filed."""
    found, named = [], {}
    for column in filed.collection.form.columns:
        if column.measure:
            named.setdefault(column.measure, f"{column.group}·{column.name}" if column.group else column.name)
    for key, name in named.items():
        if filed.notes.get(key):
            continue
        if filed.own.get(key) != filed.register.get(key):
            found.append((key, name, _("%s differs from the registers; say why.") % name))
        elif comparing.is_large(filed, key):
            found.append((key, name, _("%s has changed much since the last period; say why.") % name))
    if filed.units_in < filed.units and not filed.shortfall:
        missing = filed.units - filed.units_in
        found.append(
            ("shortfall", "", _("%s units below have not been received; wait for them or say why.") % missing)
        )
    return found


@transaction.atomic
def receive(collection, region, pks, *, by):
    """接收 what units right below have filed; answers how many. Those that are not waiting are left alone."""
    office = _answering(by, region)
    _refuse_when_filed(collection, region)
    rows = Return.objects.of(collection).filter(above=region, pk__in=pks, state=State.FILED)
    received = 0
    for one in rows.select_for_update(of=["self"]).order_by("pk"):
        _move(one, State.RECEIVED, Verb.RECEIVED, by, office)
        received += 1
    return received


@transaction.atomic
def send_back(filed, *, reason, by):
    """退回 what was filed or received, with the reason."""
    office = _answering(by, filed.above)
    _refuse_when_filed(filed.collection, filed.above)
    filed = _locked(filed)
    if filed.state not in (State.FILED, State.RECEIVED):
        raise NotNow(
            _("Only what was filed and is not locked can be sent back; it is: %s.")
            % filed.get_state_display()
        )
    _back(filed, Verb.RETURNED, reason, by, office)
    return filed


@transaction.atomic
def reopen(filed, *, reason, by):
    """重新开启 a locked return for a correction: by the unit above, the one at the top by itself."""
    office = _answering(by, filed.above or filed.region)
    if filed.above:
        _refuse_when_filed(filed.collection, filed.above)
    filed = _locked(filed)
    if filed.state != State.LOCKED:
        raise NotNow(_("This return is not locked."))
    _back(filed, Verb.REOPENED, reason, by, office)
    journal.record("return_reopened", by=by, target=filed, facts={"reason": filed.reason})
    return filed


# What they stand on


def _locked(filed):
    rows = Return.objects.select_for_update(of=["self"]).select_related(
        "collection__region", "region", "above"
    )
    return rows.get(pk=filed.pk)


def _fill(filed, by):
    by.ask_posts_anew()
    if not rules.fills_for(by, filed.region):
        raise PermissionDenied
    if not filed.is_open:
        raise NotNow(_("This return can no longer be changed; it is: %s.") % filed.get_state_display())


def _answering(by, region):
    by.ask_posts_anew()
    if not rules.answers_for(by, region):
        raise PermissionDenied
    return rules.deciding_office(by, region)


def _refuse_when_filed(collection, region):
    """What has gone into a sum that was sent on stays as it is, until the sum itself is open again.

    The sum is locked before what it is made of, by every verb.
    """
    sums = Return.objects.of(collection).select_for_update(of=["self"]).filter(region=region).first()
    if sums and not sums.is_open:
        raise NotNow(
            _("%s has filed its own return already. That one has to be sent back or reopened first.")
            % sums.name
        )


def _sum_up(filed):
    filed.below, silent, filed.units_in = filling.from_below(filed.collection, filed.region_id)
    filed.silent = silent


def _move(filed, state, verb, by, office):
    filed.state = state
    filed.save(update_fields=["state"])
    _note(filed, verb, by, office)


def _back(filed, verb, reason, by, office):
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Give the reason.")]})
    filed.state, filed.reason = State.RETURNED, reason[:500]
    filed.save(update_fields=["state", "reason"])
    event = _note(filed, verb, by, office, reason=filed.reason)
    telling.tell_back(event)


def _note(filed, verb, by, office, *, reason="", figures=None):
    return ReturnEvent.objects.create(
        of=filed,
        verb=verb,
        reason=reason,
        figures=figures or {},
        by=by,
        by_name=str(by)[:50],
        office_name=office.name[:100] if office else "",
    )
