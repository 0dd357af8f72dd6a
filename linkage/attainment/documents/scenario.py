"""A scenario in words: what was set, and today's reading beside the one supposed. Always marked."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment.documents.wording import Line

MARK = lazy("Scenario · not actual data")


class Told:
    """One outcome as two lines; ``below``: ``[(place, line, line)]``."""

    def __init__(self, outcome, own=None, today=None):
        plain = own if outcome.after.figures == outcome.before.figures else None
        self.target = outcome.target
        self.before = Line(outcome.before, own, today)
        self.after = Line(outcome.after, plain, today)
        self.below = [
            (place, Line(was, None, today), Line(then, None, today)) for place, was, then in outcome.below
        ]
        self.judged_below = len(outcome.judged_below)
        self.met_before, self.met_after = outcome.met_below

    @property
    def is_better(self):
        return self.after.reading.is_met and not self.before.reading.is_met

    @property
    def is_worse(self):
        return self.before.reading.is_met and not self.after.reading.is_met


def heads():
    return [
        _("Target (clause)"),
        _("Value today"),
        _("Demand today"),
        _("Gap today"),
        _("Status today"),
        _("Value supposed"),
        _("Demand supposed"),
        _("Gap supposed"),
        _("Status supposed"),
    ]


def rows(told):
    return [
        (
            f"{one.target.quote}（{one.target.clause}）",
            *_figures(one.before),
            *_figures(one.after),
            _met_below(one),
        )
        for one in told
    ]


def _met_below(one):
    """How many of the places below meet it today, and how many would."""
    if not one.judged_below:
        return "—"
    numbers = {"n": one.judged_below, "before": one.met_before, "after": one.met_after}
    return _("of %(n)s places below, %(before)s meet it today, %(after)s would") % numbers


def rows_below(one):
    return [(place.name, *_figures(before), *_figures(after)) for place, before, after in one.below]


def _figures(line):
    return line.value, line.limit, line.gap, line.word


def settings(form):
    """``[(what, said)]`` of everything that is set, in the order of the form."""
    found = []
    for name in form.names:
        said = form.data.get(name, "").strip()
        if said:
            code = name.split(".")[0]
            target = form.targets.get(code)
            label = str(form.fields[name].label)
            found.append((f"{target.clause} “{target.quote}” {label}" if target else label, said))
    return found
