"""最小补缺 in words: how it is reckoned, what each unit is asked for, and what that comes to further down."""

from django.utils.translation import gettext as _

from linkage.attainment.codes import Rule, UnitKind
from linkage.attainment.documents.figures import amount, done_or_not, name_of
from linkage.attainment.services import cheapest

NOTHING = "—"


def heads(target):
    change = _("Goes down by") if target.is_cap else _("Addition")
    return [_("Place"), _("Unit"), _("Has"), change, _("Comes to"), _("Responsible office")]


def method(line, path):
    """The sentences that say how the list is made and why it is the smallest."""
    target, told = line.target, []
    if path.method == cheapest.ELSEWHERE:
        over = line.reading.value > line.reading.limit
        said = (
            _("The quota is exceeded by %(n)s. Which do not count is decided where they were approved.")
            if over
            else _("%(n)s more are needed. They are no units yet, so they cannot be handed to any.")
        )
        return [said % {"n": amount(target.metric, path.total)}]
    if path.method == cheapest.BY_UNITS:
        said = (
            _(
                "Units are tested one by one: %(n)s more of the %(units)s have to pass. Those that exceed"
                " least come first, equal ones in the order of places. With one unit less the target is not"
                " met."
            )
            if target.is_cap
            else _(
                "Units are tested one by one: %(n)s more of the %(units)s have to pass. Those that lack least"
                " come first, equal ones in the order of places. With one unit less the target is not met."
            )
        )
        told.append(said % {"n": f"{path.total:,}", "units": line.units})
    else:
        told.append(_total(line, path))
        told.append(_handing_out(target))
    if target.per:
        told.append(
            _("Only “%(metric)s” changes; “%(per)s” stays as it is.")
            % {"metric": name_of(target.metric), "per": name_of(target.per)}
        )
    if target.missing == "exclude":
        told.append(_("Units that reported nothing are left out, here as in the target."))
    if path.above:
        told.append(
            _("%(n)s units lie above the upper bound; additions do not help there, they are looked at apart.")
            % {"n": f"{path.above:,}"}
        )
    if path.unknown:
        told.append(
            _("%(n)s units have not reported “%(per)s”; what they lack is known once they do.")
            % {"n": f"{path.unknown:,}", "per": name_of(target.per)}
        )
    if not path.reaches:
        told.append(_("The units that can be brought up are not enough to meet the target."))
    return told


def _total(line, path):
    target = line.target
    n = amount(target.metric, path.total, up=True)
    if target.rule == Rule.CAP:
        return _(
            "Judged by the sum: %(n)s too much. With one less taken away the limit is still exceeded."
        ) % {"n": n}
    if target.rule == Rule.TREND:
        return _(
            "Judged by the sum: %(n)s more, for it has to be above the year before, and equal is not enough."
            " No smaller addition meets the target."
        ) % {"n": n}
    return _(
        "Judged by the sum: %(n)s more in all. It counts the same wherever it is added, and no smaller"
        " addition meets the target."
    ) % {"n": n}


def _handing_out(target):
    if target.rule == Rule.CAP:
        return _(
            "It is taken one by one from the unit that stands highest at that moment, above the limit only."
        )
    if target.rule == Rule.TOTAL:
        return _(
            "A total sets no bound for a unit: handed out one by one, always to the unit with the least."
        )
    if target.rule == Rule.TREND and not target.per:
        return _(
            "It is handed out one by one, always to the unit farthest under its own year before; units that"
            " rose already are asked for nothing."
        )
    return _(
        "It is handed out one by one, always to the unit that stands lowest at that moment; units that reach"
        " the demand themselves are asked for nothing, and none for more than it lacks."
    )


def addition(target, step):
    if _is_yes_or_no(target):
        return _("to be covered") if target.rule == Rule.COVER else _("to be completed")
    sign = "−" if target.is_cap else "+"
    return f"{sign}{amount(target.metric, step.addition, up=True)}"


def comes_to(target, step):
    return needed(target, step.needed(target))


def needed(target, figure):
    """The figure a unit has to reach, in words."""
    if _is_yes_or_no(target):
        return done_or_not(target, True)
    return amount(target.metric, figure, up=True)


def _is_yes_or_no(target):
    """Is a unit covered or not, whatever its figure?"""
    return target.rule in (Rule.COVER, Rule.MILESTONE) and not target.per


def shares(target, path, place, children):
    """``[(child, units, addition)]``: what the list comes to in each place directly below, if in any."""
    found = {}
    for step in path.steps:
        head = step.path[len(place.path) :].split("/", 1)[0]
        units, added = found.get(head, (0, 0))
        found[head] = (units + 1, added + step.addition)
    own = {child.path[len(place.path) :].rstrip("/"): child for child in children}
    return [
        (own[head], units, "" if _is_yes_or_no(target) else amount(target.metric, added, up=True))
        for head, (units, added) in found.items()
        if head in own
    ]


def unit_of_list(target):
    """What the rows of the list are called when they are counted."""
    return str(UnitKind(target.unit).label)
