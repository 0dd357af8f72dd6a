"""对照其他文件: a place read against a document that does not govern it. For reference, never an assessment.

The territory of the document is replaced by the place. Pilot areas and pilot communities of another
programme mean nothing here: what is asked of units within them is read over all units of the kind, and
what is asked of the pilot places or projects themselves does not apply. A number for a whole territory
is shown as a figure, without judgement.
"""

import copy
from dataclasses import dataclass

from linkage.attainment.codes import Rule, Scope, UnitKind
from linkage.attainment.models import CoverageTerm, Target
from linkage.attainment.rules import Status
from linkage.attainment.services import live, plan, reading

# These name what the other programme has chosen or approved; this place has none of it.
OF_THE_PROGRAMME = (UnitKind.PILOT_AREA, UnitKind.PILOT_COMMUNITY, UnitKind.PROJECT)
WHOLE = (Rule.TOTAL, Rule.QUOTA)


@dataclass(frozen=True)
class Compared:
    """``reading`` is None where the target cannot be read here. ``widened``: pilot scope read over all."""

    target: Target
    reading: reading.Reading | None
    widened: bool = False

    @property
    def is_of_the_programme(self):
        return self.target.unit in OF_THE_PROGRAMME


def governs(document, place):
    return document.region is not None and document.region.contains(place)


def compare(document, place, today):
    """What a document asks, read for a place that it does not govern; in the order of its targets."""
    targets = list(document.targets.with_programmes())
    territory = copy.copy(document)
    territory.region = place
    read = [_at_home(target, territory) for target in targets if target.unit not in OF_THE_PROGRAMME]
    layout = plan.lay_out([target for target in read if reading.connected(target)])
    sums = live.sums(layout, [place])[place.pk]
    terms = list(CoverageTerm.objects.in_force(today).select_related("region"))
    found = {}
    for target in read:
        figures = layout.figures(target.code, sums) if target.code in layout.at else [0, 0, 0, 0]
        found[target.code] = live.judged(
            target,
            place,
            figures,
            target.threshold_for(place, today, terms),
            deadline=None,  # its days are another territory's
            today=today,
            is_whole=target.rule not in WHOLE,
        )
    return [
        Compared(target, found.get(target.code), target.code in found and target.scope != Scope.ALL)
        for target in targets
    ]


def _at_home(target, territory):
    """The target as if its document spoke of this place. Never saved."""
    found = copy.copy(target)
    found.document = territory
    found.scope = Scope.ALL
    return found


def is_judged(found):
    return found is not None and found.status in (Status.MET, Status.OPEN_ENDED)
