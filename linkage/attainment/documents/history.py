"""Targets over time in words: the trend of a line, each edition against the one before, a forecast."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.documents import charts, figures
from linkage.attainment.documents.figures import NOTHING, amount, percent
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Edition
from linkage.attainment.services.forecast import FEWEST, forecast

SHORT = {
    Edition.Kind.MONTHLY: lazy("monthly"),
    Edition.Kind.DEADLINE: lazy("at the deadline"),
    Edition.Kind.YEARLY: lazy("end of the year"),
    Edition.Kind.DEMAND: lazy("kept on request"),
}
# Rules of which a straight line says nothing.
NO_FORECAST = {
    Rule.TREND: lazy("No forecast: the demand moves along, it is the figure of the year before."),
    Rule.QUOTA: lazy("No forecast: a quota is decided upon, it does not grow by itself."),
    Rule.MILESTONE: lazy("No forecast: a milestone is done or not done."),
}


def drawn(line):
    """The figure of a line that can be drawn; None where nothing was read."""
    return line.bar[0] if line.is_read or line.is_part else None


def points(moments, like):
    """``[(day, value, is_restated)]`` of the editions in which there was a figure, one for each day.

    ``like``: the line of today; what is figured otherwise than it is does not stand beside it.
    """
    found = {}
    for moment in moments:
        value = _like(Line(moment.reading, moment.own, moment.on), like)
        if value is not None:
            found[moment.on] = (moment.on, value, moment.is_restated)
    return list(found.values())


def _like(line, like):
    """The figure to draw. A community that took others over counts as one with all they had."""
    if line.is_one_unit == like.is_one_unit:
        return drawn(line)
    figure = (line.own or {}).get(line.target.metric)
    if like.is_one_unit and figure is not None and line.target.rule == Rule.EACH:
        base = line.own.get(line.target.per) if line.target.per else 1
        return Fraction(figure, base) if base else None
    return None


def spark(line, moments, today):
    """The trend of a line over the monthly editions, up to what it reads; None where there is too little."""
    now = drawn(line)
    if now is None:
        return None
    found = [point for point in points(moments, line) if point[0] < today]
    shown = [*((day, value) for day, value, _restated in found), (today, now)]
    limit = line.bar[1]
    text = _("%(n)s figures, from %(first)s on %(from)s to %(last)s on %(to)s; demand: %(limit)s") % {
        "n": len(shown),
        "first": told(line, shown[0][1]),
        "from": shown[0][0].isoformat(),
        "last": line.value,
        "to": today.isoformat(),
        "limit": line.limit,
    }
    if any(is_restated for _day, _value, is_restated in found):
        text = _("%(text)s; earlier ones restated over the places of today") % {"text": text}
    return charts.spark(shown, limit, text)


# A value in the words of its target


def is_share(line):
    """Does the drawn value lie between nothing and all?"""
    if line.is_one_unit and line.target.rule == Rule.EACH:
        return bool(line.target.per)
    return line.target.rule not in (Rule.TOTAL, Rule.QUOTA, Rule.AVG, Rule.PER10K) and not (
        line.target.rule == Rule.TREND and not line.target.per
    )


def is_whole(line):
    """Is the drawn value a number of things?"""
    return not is_share(line) and line.target.rule not in (Rule.AVG, Rule.PER10K)


def told(line, value):
    if is_share(line):
        return percent(value, up=line.is_cap)
    if line.target.rule in (Rule.AVG, Rule.PER10K):
        return figures.decimals(value)
    return amount(line.target.metric, value)


def difference(line, value):
    """How much more or less, with its sign; shares in percentage points."""
    if not value:
        return "±0"
    sign, size = ("+" if value > 0 else "−"), abs(value)
    if is_share(line):
        points = size * 100
        places = next((n for n in (2, 3, 4) if points * 10**n >= 1), 4)  # so that little is not nothing
        return _("%(n)s percentage points") % {"n": f"{sign}{figures.decimals(points, places)}"}
    if size < 1 and is_whole(line):  # a slope
        return f"{sign}{figures.decimals(size)}"
    return f"{sign}{told(line, size)}"


# Edition by edition


@dataclass(frozen=True)
class Row:
    """One edition in the table. ``edition`` is None for the figures of today."""

    edition: Edition | None
    on: object
    line: Line
    is_restated: bool
    change: str
    figures: str

    @property
    def kind(self):
        return str(SHORT[Edition.Kind(self.edition.kind)]) if self.edition else _("Today")


def table(moments, now, today):
    """Rows, the newest first; each says what changed since the edition before it."""
    lines = [(one.edition, one.on, Line(one.reading, one.own, one.on), one.is_restated) for one in moments]
    rows, before = [], None
    for edition, on, line, is_restated in [*lines, (None, today, now, False)]:
        rows.append(Row(edition, on, line, is_restated, *_changes(line, before)))
        before = line
    return rows[::-1]


def heads():
    return [
        *(_("As of"), _("Edition"), _("Value"), _("Change since the one before"), _("Counted")),
        *(_("What changed"), _("Gap"), _("Status")),
    ]


def sheet_rows(rows):
    """The rows of ``table`` for a workbook."""
    told = []
    for row in rows:
        notes = [_("computed afterwards")] if row.edition and row.edition.is_retroactive else []
        notes += [_("restated")] if row.is_restated else []
        kind = " ".join([row.kind, *notes])
        line = row.line
        told.append(
            [
                *(row.on.isoformat(), kind, line.value, row.change, line.counted or NOTHING),
                *(row.figures or NOTHING, line.gap, line.word),
            ]
        )
    return told


def about(outlook, *, as_was):
    """What stands over those rows: over which places they are summed, and what the trend says."""
    tree = _("Over the places of then") if as_was else _("Over the places of today")
    told = [(_("Summed"), tree), (_("Outlook"), outlook.text)]
    return [*told, (_("Method"), outlook.method)] if outlook.method else told


def _changes(line, before):
    if before is None or None in (drawn(line), drawn(before)) or line.is_one_unit != before.is_one_unit:
        return NOTHING, ""
    change = difference(line, drawn(line) - drawn(before))
    if line.is_one_unit or line.target.rule in (Rule.TOTAL, Rule.QUOTA, Rule.TREND):
        return change, ""
    above, below = (
        one - other for one, other in zip(line.reading.figures[:2], before.reading.figures[:2], strict=True)
    )
    if line.target.rule == Rule.PER10K:
        above //= 10_000
    if not above and not below:
        return change, ""
    said = {"above": _signed(line, above, "metric"), "below": _signed(line, below, "per")}
    return change, _("numerator %(above)s, denominator %(below)s") % said


def _signed(line, number, of):
    """A change of one of the two figures; of tests unit by unit both are numbers of units."""
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    key = getattr(line.target, of)
    if rules.lists_units(line.target) or not key or (of == "per" and line.target.rule == Rule.AVG):
        return f"{sign}{abs(number):,}"
    return f"{sign}{amount(key, abs(number))}"


# The forecast


@dataclass(frozen=True)
class Outlook:
    """What the trend says, or why it says nothing. ``ahead``: (day, value) to draw."""

    text: str
    method: str = ""
    ahead: tuple | None = None


def outlook(line, moments, today):
    """``moments`` of the monthly editions."""
    target = line.target
    if target.rule in NO_FORECAST:
        return Outlook(str(NO_FORECAST[target.rule]))
    if line.is_one_unit and target.rule == Rule.COVER:
        return Outlook(_("No forecast: a single community is covered or it is not."))
    if drawn(line) is None:
        return Outlook(_("No forecast: there is no figure today."))
    monthly = [(day, value) for day, value, _restated in points(moments, line)]
    limit, is_cap = line.bar[1], line.is_cap
    found = forecast(
        monthly,
        limit=limit,
        today=today,
        deadline=target.deadline,
        is_cap=is_cap,
        highest=1 if is_share(line) else None,
    )
    if found is None:
        said = {"n": len(monthly), "fewest": FEWEST}
        return Outlook(
            _("No forecast yet: %(n)s monthly editions have a figure, it takes %(fewest)s.") % said
        )
    method = _(
        "Method: the straight line with the least squares through the last %(n)s monthly editions"
        " (%(from)s to %(to)s), carried on; per 30 days %(slope)s. It knows nothing of what is planned."
    ) % {
        "n": found.points,
        "from": monthly[-found.points][0].isoformat(),
        "to": monthly[-1][0].isoformat(),
        "slope": difference(line, found.per_day * 30),
    }
    if found.value is not None:
        return Outlook(_at_deadline(line, found), method, (target.deadline, found.value))
    return Outlook(_some_day(line, found, limit), method)


def _at_deadline(line, found):
    said = {"n": found.points, "day": line.target.deadline.isoformat(), "value": told(line, found.value)}
    if found.meets is None:
        return (
            _("By the linear trend of the last %(n)s editions, about %(value)s on %(day)s; not judged here.")
            % said
        )
    if found.meets:
        return _("By the linear trend of the last %(n)s editions, about %(value)s on %(day)s: met.") % said
    said["lack"] = difference(line, found.lacks).lstrip("+")
    return (
        _(
            "By the linear trend of the last %(n)s editions, about %(value)s on %(day)s,"
            " %(lack)s off the demand: not met."
        )
        % said
    )


def _some_day(line, found, limit):
    said = {"n": found.points}
    if limit is None:
        return _("Not judged here: it adds to the number of the whole territory.")
    if line.reading.is_met or (line.is_one_unit and not line.is_unmet):
        return _("Met today; without a deadline ahead there is nothing to forecast.")
    if found.met_on is None:
        return _("By the linear trend of the last %(n)s editions it will not be met at this pace.") % said
    said |= {"year": found.met_on.year, "month": found.met_on.month}
    return (
        _(
            "By the linear trend of the last %(n)s editions it will be met"
            " about %(year)s-%(month)s at this pace."
        )
        % said
    )
