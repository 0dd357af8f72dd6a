"""督办 follows its units: where one has gone on as another, that one is asked from now on, and it is told."""

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.attainment.models import Supervision, SupervisionItem, SupervisionNote
from linkage.attainment.services import supervision, telling
from linkage.attainment.services.units import TABLES
from linkage.foundation.ledger import Mergeable


@transaction.atomic
def follow():
    """Look for the heirs of units that have ended; of how many units there was something to tell.

    May run as often as it likes: of a unit nobody can be asked for it is told once.
    """
    if not _ended().exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [supervision.LOCK])
    told = list(_ended().select_related("supervision", "region").order_by("pk"))
    asked = [item for item in told if _follow(item)]
    for row in {item.supervision for item in asked}:
        telling.tell_offices(row, [item for item in asked if item.supervision == row])
    return len(told)


def _ended():
    """What is asked of closed places and of entries that were merged, under way and not told yet."""
    ended = Q(region__closed_on__lte=timezone.localdate())
    for kind, model in _models().items():
        if issubclass(model, Mergeable):
            merged = model.everything.filter(merged_into__isnull=False).values("pk")
            ended |= Q(unit_kind=kind, unit_id__in=merged)
    return SupervisionItem.objects.filter(ended, supervision__state=Supervision.State.OPEN, left_on=None)


def _models():
    return {kind: table._meta.get_field("unit").related_model for kind, table in TABLES.items()}


def _follow(item):
    """Whether another unit is asked now, or the same one at another place; either way it is written down."""
    unit, place = _heir(item)
    if unit is None:
        words = _("%(before)s has ended, and it cannot be said who took over; it is asked no longer.")
        return _leave(item, words % {"before": item.name})
    others = item.supervision.items.filter(unit_kind=item.unit_kind, unit_id=unit.pk).exclude(pk=item.pk)
    if others.exists():
        words = _("%(before)s went on as %(heir)s, which this supervision asks already; it is asked once.")
        return _leave(item, words % {"before": item.name, "heir": unit})
    if unit.pk == item.unit_id:
        words = _("The place %(before)s went on as %(heir)s, where this unit is asked from now on.")
        words %= {"before": item.region, "heir": place}
    else:
        words = _("%(before)s went on as %(heir)s, which is asked from now on.")
        words %= {"before": item.name, "heir": unit}
    item.unit_id, item.name, item.region = unit.pk, str(unit)[:120], place
    item.office = supervision.responsible_offices([place])[place.pk]
    item.save()
    _tell(item, words)
    return True


def _heir(item):
    """The unit to ask now and its place; neither where there is none, or more than one."""
    if item.unit_kind == "place":
        heirs = item.region.successors
        unit = place = heirs[0] if len(heirs) == 1 else None
    else:
        unit = _models()[item.unit_kind]._base_manager.get(pk=item.unit_id)
        unit = getattr(unit, "merged_into", None) or unit
        place = unit.region
    return (unit, place) if place and place.is_open_on(timezone.localdate()) else (None, None)


def _leave(item, words):
    item.left_on = timezone.localdate()
    item.save()
    _tell(item, words)
    return False


def _tell(item, words):
    SupervisionNote.objects.create(item=item, office_name=_("The platform"), text=words[:500])
