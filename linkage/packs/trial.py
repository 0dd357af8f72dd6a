"""试算: a whole pack evaluated over a place before it is issued. Loaded, read and undone; nothing stays."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.translation import gettext as _

from linkage.attainment.documents.wording import Line
from linkage.attainment.models import CoverageTerm
from linkage.attainment.rules import MET_THEN
from linkage.attainment.services import live, plan, reading
from linkage.packs import services
from linkage.packs.reading import Pack
from linkage.packs.source import WrongPack
from linkage.policy.models import PolicyDocument

LARGEST = 512 * 1024  # bytes of a pack; the longest shipped has 60 KB


@dataclass(frozen=True)
class Trial:
    """What a draft would ask of a place. ``lines``: ``[(line today or None, line of the draft)]``."""

    document: PolicyDocument
    lines: list
    is_new: bool  # the platform knows no document of this code yet
    concerns: bool  # its territory holds the place, or lies in it


class _Undone(Exception):
    """Leaves the transaction."""


def evaluate(name, raw, place, today):
    """A draft of this file name and content over the standing measure rows; ``WrongPack`` with all flaws."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{Path(name).stem[:60] or 'draft'}.toml"
        path.write_bytes(raw)
        pack = Pack(path)
        if pack.belongs_to:
            told = _("this file holds a programme only; there is nothing to try")
            raise WrongPack([pack.source.flaw(("document",), told)])
        standing = PolicyDocument.objects.filter(code=pack.document.get("code")).first()
        now = _lines_today(standing, place, today)  # before anything of the draft is there
        found = []
        try:
            with transaction.atomic():
                found.append(_read(services.load(path).document, now, place, today))
                raise _Undone
        except _Undone:
            return found[0]


def _lines_today(document, place, today):
    """``{target code: line}`` of the document as it stands."""
    if document is None:
        return {}
    targets = reading.targets_of(document)
    return {one.target.code: Line(one, None, today) for one in reading.read(targets, place, on=today)}


def _read(document, now, place, today):
    document = PolicyDocument.objects.select_related("region").get(pk=document.pk)
    targets = list(document.targets.select_related("document__region").with_programmes())
    layout = plan.lay_out([target for target in targets if reading.connected(target)])
    sums = live.sums(layout, [place])[place.pk]
    terms = list(CoverageTerm.objects.in_force(today).select_related("region"))
    lines = []
    for target in targets:
        today_line = now.get(target.code)
        figures = layout.figures(target.code, sums) if target.code in layout.at else [0, 0, 0, 0]
        judged = live.judged(
            target,
            place,
            figures,
            target.threshold_for(place, today, terms),
            deadline=target.due(today),
            today=today,
            is_whole=document.region_id == place.pk,
            met_then=MET_THEN.get(today_line.status) if today_line else None,
        )
        lines.append((today_line, Line(judged, None, today)))
    region = document.region
    return Trial(
        document,
        lines,
        is_new=not now,
        concerns=region is not None and (region.contains(place) or place.contains(region)),
    )
