"""督办: hand down what units lack, tell how it goes, end it. Whether a unit has done it is always counted."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from communities.models import Region, paths
from communities.offices.models import Office
from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.models import Supervision, SupervisionItem, SupervisionNote
from linkage.attainment.services import cheapest, telling
from linkage.attainment.services.units import TABLES
from linkage.foundation import journal, notices
from linkage.foundation.errors import NotNow

LOCK = 0x53555056  # one writer of days at a time
MOST = 2000  # units of one supervision; more are handed down level by level


class ItemState(models.TextChoices):
    DONE = "done", lazy("done")
    OPEN = "open", lazy("not yet done")
    SLIPPED = "slipped", lazy("was done, and has slipped back")
    OVERDUE = "overdue", lazy("overdue")
    GONE = "gone", lazy("closed, merged or no longer looked at; not counted")


@dataclass(frozen=True)
class Tracked:
    """One unit as it stands today. ``figure`` and ``base`` are those of now."""

    item: SupervisionItem
    state: ItemState
    figure: int | None
    base: int | None


@dataclass(frozen=True)
class Progress:
    """How far a supervision is; ``all`` without the units that are gone."""

    done: int = 0
    all: int = 0
    gone: int = 0

    @property
    def open(self):
        return self.all - self.done


# Who may


def issuing_office(user, region):
    """The office of theirs that may supervise this place, the nearest one; None where there is none.

    Leaders, reviewers and administrators of an office above the communities, in their own territory.
    """
    offices = [
        post.office
        for post in user.current_posts
        if (post.decides or post.administers)
        and not post.office.region.is_community
        and post.office.region.contains(region)
    ]
    return max(offices, key=lambda office: len(office.region.path)).heir if offices else None


def may_end(user, supervision):
    """Those who could have issued it, in the office that did or in the one that took it over."""
    acts = any(
        (post.decides or post.administers) and post.office.region.contains(supervision.region)
        for post in user.current_posts
    )
    return acts and supervision.office_id in user.answerable_offices


def may_report(user, item):
    """Whoever fills in for the place of the unit, or for one between it and the office that asks."""
    asking = item.supervision.office.region
    return any(
        (post.files or post.administers)
        and post.office.region.contains(item.region)
        and (post.office_id == item.office_id or len(post.office.region.path) > len(asking.path))
        for post in user.current_posts
    )


# Verbs


def steps_of(reading, origin):
    """What would be handed down: the cheapest path, or every unit that falls short; in the order of it."""
    found = cheapest.path(reading) if origin == Supervision.Origin.PATH else cheapest.everybody(reading)
    return found.steps


@transaction.atomic
def issue(reading, *, origin, due_on, told, note="", by):
    """Hand down the list of a target that is not met.

    ``told``: ``(demand, value, gap)`` in words, as the page said them. The list is reckoned here, from
    the figures of this moment.
    """
    office = issuing_office(by, reading.region)
    if office is None:
        raise PermissionDenied
    if reading.status not in rules.UNMET:
        raise NotNow(_("This target is met here, or it is not judged; there is nothing to supervise."))
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": _("The day has passed already.")})
    steps = steps_of(reading, origin)
    if not steps:
        raise NotNow(_("There is no unit that could be asked."))
    if len(steps) > MOST:
        told_most = _(
            "%(n)s units are too many for one supervision (at most %(most)s): hand it down place by place."
        )
        raise ValidationError(told_most % {"n": f"{len(steps):,}", "most": f"{MOST:,}"})
    demand, value, gap = told
    try:
        with transaction.atomic():
            supervision = Supervision.objects.create(
                target=reading.target,
                region=reading.region,
                office=office,
                origin=origin,
                demand=demand[:100],
                value=value[:60],
                gap=gap[:60],
                note=note.strip(),
                due_on=due_on,
                issued_by=by,
            )
    except IntegrityError:
        standing = Supervision.objects.open().filter(
            target=reading.target, region=reading.region, office=office
        )
        raise NotNow(
            _("Your office supervises this target here already; close or withdraw that first."),
            url=standing.get().get_absolute_url(),
        ) from None
    items = SupervisionItem.objects.bulk_create(_items(supervision, steps), batch_size=500)
    telling.tell_offices(supervision, items)
    journal.record(
        "supervision_issued",
        by=by,
        target=supervision,
        facts={"target": reading.target.code, "region": reading.region.code, "units": len(steps)},
    )
    return supervision


def _items(supervision, steps):
    target = supervision.target
    regions = Region.objects.in_bulk({step.region_id for step in steps})
    offices = responsible_offices(regions.values())
    names = _names(target, steps, regions)
    return [
        SupervisionItem(
            supervision=supervision,
            unit_kind=target.table,
            unit_id=step.unit,
            name=names[step.unit][:120],
            region=regions[step.region_id],
            office=offices.get(step.region_id),
            figure=step.figure,
            base=step.base,
            needed=step.needed(target),
        )
        for step in steps
    ]


def _names(target, steps, regions):
    if target.table == "place":
        return {step.unit: regions[step.region_id].name for step in steps}
    model = TABLES[target.table]._meta.get_field("unit").related_model
    rows = model.objects.in_bulk([step.unit for step in steps])
    return {step.unit: str(rows.get(step.unit, step.unit)) for step in steps}


def responsible_offices(regions):
    """``{region pk: office}`` that answers for a place today, or for the nearest place above it."""
    chains = paths(regions)
    wanted = {region.pk for chain in chains.values() for region in chain}
    found = {
        office.region_id: office
        for office in Office.objects.open_on(timezone.localdate()).filter(region__in=wanted)
    }
    return {
        pk: next((found[region.pk] for region in reversed(chain) if region.pk in found), None)
        for pk, chain in chains.items()
    }


@transaction.atomic
def withdraw(supervision, *, reason, by):
    """Take it back, with a reason that the offices asked can read."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, so that the offices asked know.")})
    return _end(supervision, Supervision.State.WITHDRAWN, reason, by)


@transaction.atomic
def close(supervision, *, reason="", by):
    """Conclude it: done, or as far as it goes."""
    return _end(supervision, Supervision.State.CLOSED, reason, by)


def _end(supervision, state, reason, by):
    supervision = Supervision.objects.select_for_update(of=("self",)).get(pk=supervision.pk)
    if not may_end(by, supervision):
        raise PermissionDenied
    if not supervision.is_open:
        raise NotNow(_("This supervision has ended already."))
    supervision.state, supervision.reason = state, reason.strip()
    supervision.ended_on, supervision.ended_by = timezone.localdate(), by
    supervision.save()
    notices.settle(telling.matter(supervision))
    journal.record(f"supervision_{state}", by=by, target=supervision, facts={"reason": supervision.reason})
    return supervision


@transaction.atomic
def report(item, *, text, by):
    """A word on how it goes with one unit; it is told, and changes nothing that is counted."""
    supervision = Supervision.objects.select_for_update(of=("self",)).get(pk=item.supervision_id)
    if not may_report(by, item):
        raise PermissionDenied
    if not supervision.is_open:
        raise NotNow(_("This supervision has ended already."))
    if not text.strip():
        raise ValidationError({"text": _("Write how it goes.")})
    post = max(
        (post for post in by.current_posts if post.office.region.contains(item.region)),
        key=lambda post: len(post.office.region.path),
    )
    return SupervisionNote.objects.create(
        item=item, office_name=post.office.name, by=by, by_name=str(by), text=text.strip()
    )


# How it stands


def tracked(supervision, items):
    """``Tracked`` of these items of one supervision, in their order."""
    if not items:
        return []
    sql = _standing_of(supervision.target, "i.id = ANY(%(items)s)")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"items": [item.pk for item in items]})
        found = {row[0]: row[2:] for row in cursor.fetchall()}
    late = supervision.due_on < (supervision.ended_on or timezone.localdate())
    return [Tracked(item, _state(item, late, *found[item.pk][:2]), *found[item.pk][2:]) for item in items]


def _state(item, late, stands, done):
    if not stands:
        return ItemState.GONE
    if done:
        return ItemState.DONE
    if late:
        return ItemState.OVERDUE
    return ItemState.SLIPPED if item.done_on else ItemState.OPEN


def progress(supervisions, under=None):
    """``{supervision pk: Progress}`` in one query; ``under``: paths of places, if only their units count."""
    supervisions = list(supervisions)
    if not supervisions:
        return {}
    by_target = {}
    for one in supervisions:
        by_target.setdefault(one.target_id, []).append(one)
    parts, params = [], {}
    scope = ""
    if under is not None:
        params |= {f"low{number}": path for number, path in enumerate(under)}
        params |= {f"high{number}": f"{path}~" for number, path in enumerate(under)}
        within = " OR ".join(
            f"r.path >= %(low{number})s AND r.path < %(high{number})s" for number in range(len(under))
        )
        scope = f" AND i.region_id IN (SELECT r.id FROM communities_region r WHERE {within or 'FALSE'})"
    for number, found in enumerate(by_target.values()):
        params[f"of{number}"] = [one.pk for one in found]
        parts.append(_standing_of(found[0].target, f"i.supervision_id = ANY(%(of{number})s){scope}"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT supervision_id, COUNT(*) FILTER (WHERE stands AND done), COUNT(*) FILTER (WHERE stands),"
            f" COUNT(*) FILTER (WHERE NOT stands) FROM ({' UNION ALL '.join(parts)}) s GROUP BY 1",
            params,
        )
        counted = {pk: Progress(*found) for pk, *found in cursor.fetchall()}
    return {one.pk: counted.get(one.pk, Progress()) for one in supervisions}


def _standing_of(target, where):
    """SQL: id, supervision_id, does the unit still stand, has it done it, figure and base of now."""
    table = TABLES[target.table]._meta.db_table
    base = f"m.{target.per}" if target.per else "NULL::bigint"
    return (
        "SELECT i.id, i.supervision_id,"
        f" (m.unit_id IS NOT NULL AND ({rules.condition(target)})) IS TRUE AS stands,"
        f" COALESCE({_done(target)}, FALSE) AS done, m.{target.metric} AS figure, {base} AS base"
        f" FROM {SupervisionItem._meta.db_table} i LEFT JOIN {table} m ON m.unit_id = i.unit_id WHERE {where}"
    )


def _done(target):
    """A unit has done it when it reaches the figure asked for or, where units are tested, passes."""
    reached = f"m.{target.metric} {'<=' if target.is_cap else '>='} i.needed"
    if rules.lists_units(target):
        over = rules.passes(target) if target.rule == Rule.RANGE else "TRUE"
        return f"({reached} AND {over}) OR COALESCE({rules.passes(target)}, FALSE)"
    return reached


def waiting_for(user, limit=5):
    """``[(supervision, progress of one's own units)]`` with something to be done here, soonest first."""
    rows = (
        Supervision.objects.open().asking(user).select_related("target__document__region", "region", "office")
    )
    found = list(rows.order_by("due_on", "pk")[: limit * 4])
    told = progress(found, [post.office.region.path for post in user.current_posts])
    return [(one, told[one.pk]) for one in found if told[one.pk].open][:limit]


@transaction.atomic
def note_done(on=None):
    """Write down, once, the day on which units of open supervisions are first seen done; how many were.

    May run as often as it likes. A unit that falls back later keeps the day, and is told as fallen back.
    """
    on = on or timezone.localdate()
    waiting = Supervision.objects.open().filter(items__done_on=None).distinct()
    targets = {one.target_id: one.target for one in waiting.select_related("target__document__region")}
    seen = 0
    for target in targets.values():
        sql = _standing_of(
            target,
            "i.done_on IS NULL AND i.supervision_id IN (SELECT id FROM attainment_supervision"
            " WHERE state = 'open' AND target_id = %(target)s)",
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute(
                f"UPDATE {SupervisionItem._meta.db_table} SET done_on = %(on)s"
                f" WHERE done_on IS NULL AND id IN (SELECT id FROM ({sql}) s WHERE stands AND done)",
                {"on": on, "target": target.pk},
            )
            seen += cursor.rowcount
    return seen
