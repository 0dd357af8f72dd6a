"""What is decided about places: opening, renaming, moving, merging, splitting, each on a day, on a basis.

The placements are written first, for every place the change touches; then today's copies are brought
up to date with them. A change of a coming day waits in the placements for ``apply_due``.
"""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import rules
from communities.models import Committee, CommunityKind, Level, Region, RegionPlacement, Succession
from linkage.foundation import journal, tidings
from linkage.foundation.errors import NotNow

from . import handing
from .loading import lock_tree

# A span that begins on the very day is rewritten; an older one ends there and a new one begins.
# Three statements, because the exclusion constraint looks at each as it is done.
SAME_DAY = """
UPDATE communities_regionplacement
SET {change}, basis = CASE WHEN basis = %(basis)s THEN basis ELSE basis || '; ' || %(basis)s END
WHERE id = ANY(%(ids)s) AND lower(valid) = %(on)s
"""
END = """
UPDATE communities_regionplacement SET valid = daterange(lower(valid), %(on)s)
WHERE id = ANY(%(ids)s) AND lower(valid) IS DISTINCT FROM %(on)s
RETURNING id
"""
BEGIN = """
INSERT INTO communities_regionplacement (region_id, parent_id, path, name, kind, valid, basis)
SELECT region_id, {parent}, {path}, {name}, {kind}, daterange(%(on)s, closes), %(basis)s
FROM (
    SELECT s.*, r.closed_on AS closes
    FROM communities_regionplacement s JOIN communities_region r ON r.id = s.region_id
    WHERE s.id = ANY(%(ended)s)
) s
"""

# Today's copy. The committee follows only where the kind has changed (a village become a community).
COPY_TODAY = """
UPDATE communities_region r
SET name = s.name, parent_id = s.parent_id, path = s.path, kind = s.kind,
    committee = CASE WHEN r.kind = s.kind THEN r.committee
                     WHEN s.kind = 'urban' THEN 'residents' WHEN s.kind = 'rural' THEN 'villagers'
                     ELSE '' END
FROM communities_regionplacement s
WHERE s.region_id = r.id AND s.valid @> %(today)s AND NOT lower_inf(s.valid)
  AND (%(ids)s::bigint[] IS NULL OR r.id = ANY(%(ids)s))
  AND (r.name, r.parent_id, r.path, r.kind) IS DISTINCT FROM (s.name, s.parent_id, s.path, s.kind)
"""


@dataclass
class Part:
    """A place that a split opens: its name, and which of the old place's parts it takes over."""

    name: str
    code: str = ""
    kind: str = ""
    body_name: str = ""
    children: list = field(default_factory=list)


# The verbs


@transaction.atomic
def open_region(name, *, level, parent, on, basis, by, code="", kind="", committee="", body_name=""):
    """Put a new place on the map. Without an official code yet it gets one of ours (X…)."""
    lock_tree()
    _require_basis(on, basis)
    parent = _current(parent)
    _require(rules.may_change_parts, by, parent)
    return _open(
        name,
        level=level,
        parent=parent,
        on=on,
        basis=basis,
        by=by,
        code=code,
        kind=kind,
        committee=committee,
        body_name=body_name,
    )


@transaction.atomic
def rename(region, name, *, on, basis, by, kind=""):
    """Give a place another name from a day on; a village that becomes a community changes kind too."""
    lock_tree()
    _require_basis(on, basis)
    region = _current(region)
    _require(rules.may_change, by, region)
    placement = _changeable(region, on)
    name = name.strip()
    if not name or len(name) > 100 or "\0" in name:
        raise ValidationError({"name": _("Give a name of at most 100 characters.")})
    if kind and (not region.is_community or kind not in CommunityKind.values):
        raise ValidationError({"kind": _("Only a community is urban or rural.")})
    kind = kind or placement.kind
    if (name, kind) == (placement.name, placement.kind):
        raise ValidationError({"name": _("It already has this name.")})
    tidings.tell("region.rename", region=region, name=name, on=on, basis=basis, by=by)
    _write([placement], on, basis, name=name, kind=kind)
    _copy_today([region.pk])
    journal.record("region.rename", by=by, target=region, facts=_facts(on, basis, name=name, kind=kind))
    return _current(region)


@transaction.atomic
def move(region, parent, *, on, basis, by):
    """Hang a place, with all that is below it, under another one from a day on."""
    lock_tree()
    _require_basis(on, basis)
    region, parent = _current(region), _current(parent)
    _require(rules.may_change, by, region)
    _require(rules.may_change_parts, by, parent)
    _changeable(region, on)
    tidings.tell("region.move", region=region, parent=parent, on=on, basis=basis, by=by)
    _move([region], parent, on, basis)
    journal.record("region.move", by=by, target=region, facts=_facts(on, basis, parent=parent.code))
    return _current(region)


@transaction.atomic
def merge(regions, *, into, on, basis, by):
    """Let places go on as one of them, or as another one; what is below them goes along."""
    lock_tree()
    _require_basis(on, basis)
    into = _current(into)
    merged = [_current(region) for region in regions if region.pk != into.pk]
    if not merged:
        raise ValidationError(_("Choose at least one other place to merge."))
    _stands(into, on)
    _require(rules.may_change, by, into)
    for region in merged:
        _require(rules.may_change, by, region)
        _changeable(region, on)
        if region.level != into.level:
            raise ValidationError(_("Only places of the same level can be merged."))
        if into.contains(region) or region.contains(into):
            raise ValidationError(_("One of the places lies within the other."))
    for region in merged:
        tidings.tell("region.merge", region=region, into=into, on=on, basis=basis, by=by)
        if below := _children_on(region, on):
            _move(below, into, on, basis)
        _close(region, on)
        step = Succession.objects.create(
            before=region, after=into, on=on, kind=Succession.Kind.MERGE, basis=basis
        )
        journal.record("region.merge", by=by, target=region, facts=_facts(on, basis, into=into.code))
        if on <= timezone.localdate():
            handing.after_merger(step, by=by)
    return _current(into)


@transaction.atomic
def split(region, parts, *, on, basis, by, keep=False):
    """Open new places out of one. It ends on that day, or, with ``keep``, goes on beside them."""
    lock_tree()
    _require_basis(on, basis)
    region = _current(region)
    _require(rules.may_change, by, region)
    placement = _changeable(region, on)
    if len(parts) + keep < 2:
        raise ValidationError(_("A split leaves at least two places."))
    if placement.parent_id is None:
        raise ValidationError(_("A province is not split here."))
    below = {child.pk: child for child in _children_on(region, on)}
    taken = [child.pk for part in parts for child in part.children]
    if len(taken) != len(set(taken)) or not set(taken) <= set(below):
        raise ValidationError(_("Each part below goes to one of the new places, and only those below do."))
    if not keep and (left := [child.name for pk, child in below.items() if pk not in taken]):
        raise ValidationError(_("Say where these go: %s") % ", ".join(left[:20]))
    names = [*([region.name] if keep else []), *(part.name for part in parts)]
    tidings.tell("region.split", region=region, names=names, on=on, basis=basis, by=by)
    opened = []
    for part in parts:
        new = _open(
            part.name,
            level=region.level,
            parent=_current(placement.parent),
            on=on,
            basis=basis,
            by=by,
            code=part.code,
            kind=part.kind or placement.kind,
            body_name=part.body_name,
        )
        if part.children:
            _move([_current(child) for child in part.children], new, on, basis)
        Succession.objects.create(before=region, after=new, on=on, kind=Succession.Kind.SPLIT, basis=basis)
        opened.append(new)
    if not keep:
        _close(region, on)
    codes = [new.code for new in opened]
    journal.record("region.split", by=by, target=region, facts=_facts(on, basis, into=codes, keep=keep))
    return opened


def apply_due():
    """Bring today's copies up to date with changes whose day has come. How many places changed."""
    with transaction.atomic():
        lock_tree()
        return _copy_today(None)


# Conditions


def _require(rule, by, region):
    if not rule(by, region):
        raise PermissionDenied(_("Only an administrator of a higher level may change this place."))


def _require_basis(on, basis):
    problems = {}
    if on is None:
        problems["on"] = _("Give the day.")
    if not (basis or "").strip():
        problems["basis"] = _("Give the document this rests on.")
    if problems:
        raise ValidationError(problems)


def _current(region):
    """The row as it is now, locked."""
    return Region.objects.select_for_update().get(pk=region.pk)


def _stands(region, on):
    """Its placement on that day; it must neither begin later nor have been closed."""
    if region.closed_on is not None:
        raise NotNow(_("%(name)s ends on %(day)s.") % {"name": region.name, "day": region.closed_on})
    placement = region.placement_on(on)
    if placement is None:
        raise ValidationError({"on": _("On that day %s did not exist yet.") % region.name})
    return placement


def _changeable(region, on):
    """Its placement on that day, if nothing later is on record that the change would contradict."""
    placement = _stands(region, on)
    _refuse_later(region.placements.filter(valid__startswith__gt=on), on)
    return placement


def _refuse_later(placements, on):
    if later := placements.select_related("region").order_by("valid").first():
        raise ValidationError(
            {
                "on": _("%(name)s has a change on record of %(day)s. Choose a later day.")
                % {"name": later.region.name, "day": later.valid.lower}
            }
        )


def _children_on(region, on):
    """What hung directly under a place that day."""
    below = (
        RegionPlacement.objects.on(on).under_path(region.path_on(on)).filter(parent=region).values("region")
    )
    return list(Region.objects.select_for_update().filter(pk__in=below))


# Changes


def _open(name, *, level, parent, on, basis, by, code="", kind="", committee="", body_name=""):
    above = _stands(parent, on)
    _refuse_later(parent.placements.filter(valid__startswith__gt=on).exclude(path=above.path), on)
    if level <= parent.level:
        raise ValidationError({"level": _("A place belongs to one of a higher level.")})
    if level == Level.COMMUNITY:
        kind = kind or CommunityKind.URBAN
        committee = committee or _committee_of(kind)
    code = code.strip() or _next_code(above.path)
    region = Region(
        code=code,
        name=name.strip(),
        level=level,
        parent=parent,
        path=f"{above.path}{code}/",
        kind=kind,
        committee=committee,
        body_name=body_name,
        opened_on=on,
    )
    region.full_clean()
    region.save(force_insert=True)
    RegionPlacement.objects.create(
        region=region,
        parent=parent,
        path=region.path,
        name=region.name,
        kind=kind,
        valid=(on, None),
        basis=basis,
    )
    journal.record("region.open", by=by, target=region, facts=_facts(on, basis, parent=parent.code))
    return region


def _committee_of(kind):
    return Committee.RESIDENTS if kind == CommunityKind.URBAN else Committee.VILLAGERS


def _next_code(path):
    """The next free code of ours in this province: X, the province, a serial."""
    start = f"X{path[:2]}"
    last = Region.objects.filter(code__startswith=start).order_by("-code").values_list("code", flat=True)
    used = [int(code[3:]) for code in last if code[3:].isdigit()]
    return f"{start}{max(used, default=0) + 1:04d}"


def _move(regions, parent, on, basis):
    """Rewrite the placements of whole subtrees, and the copies with them."""
    above = _stands(parent, on)
    _refuse_later(parent.placements.filter(valid__startswith__gt=on).exclude(path=above.path), on)
    for region in regions:
        placement = _stands(region, on)
        if region.level <= parent.level:
            raise ValidationError({"parent": _("A place belongs to one of a higher level.")})
        if above.path.startswith(placement.path):
            raise ValidationError({"parent": _("A place cannot belong to one of its own parts.")})
        if placement.parent_id == parent.pk:
            raise ValidationError({"parent": _("It already belongs there.")})
        subtree = list(RegionPlacement.objects.on(on).under_path(placement.path).select_for_update())
        touched = [each.region_id for each in subtree]
        _refuse_later(RegionPlacement.objects.filter(region__in=touched, valid__startswith__gt=on), on)
        _refuse_later(RegionPlacement.objects.under_path(placement.path).filter(valid__startswith__gt=on), on)
        new_path = f"{above.path}{region.code}/"
        _write(subtree, on, basis, moved=(placement.path, new_path), top=(region.pk, parent.pk))
        _copy_today(touched)


def _write(placements, on, basis, *, name=None, kind=None, moved=None, top=None):
    """End these placements on the day and go on with changed ones; in place where they began that day."""
    columns = {"parent": "parent_id", "path": "path", "name": "name", "kind": "kind"}
    values = {"on": on, "basis": basis, "ids": [placement.pk for placement in placements]}
    if name is not None:
        columns |= {"name": "%(name)s", "kind": "%(kind)s"}
        values |= {"name": name, "kind": kind}
    if moved is not None:
        columns["path"] = "%(new)s || substr(path, length(%(old)s) + 1)"
        columns["parent"] = "CASE WHEN region_id = %(top)s THEN %(under)s ELSE parent_id END"
        values |= {"old": moved[0], "new": moved[1], "top": top[0], "under": top[1]}
    change = ", ".join(
        f"{'parent_id' if column == 'parent' else column} = {value}" for column, value in columns.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(SAME_DAY.format(change=change), values)
        cursor.execute(END, values)
        values["ended"] = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(BEGIN.format(**columns), values)


def _close(region, on):
    placement = _stands(region, on)
    if placement.valid.lower == on:
        raise ValidationError({"on": _("%s changed on that very day. Choose a later day.") % region.name})
    below = RegionPlacement.objects.under_path(placement.path).exclude(region=region)
    if left := below.filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=on)).first():
        raise ValidationError({"on": _("%s still belongs there after that day.") % left.name})
    placement.valid = (placement.valid.lower, on)
    placement.save(update_fields=["valid"])
    region.closed_on = on
    region.save(update_fields=["closed_on"])


def _copy_today(ids):
    with connection.cursor() as cursor:
        cursor.execute(COPY_TODAY, {"today": timezone.localdate(), "ids": ids})
        return cursor.rowcount


def _facts(on, basis, **more):
    return {"on": on.isoformat(), "basis": basis, **more}
