"""A reading in words: value, threshold, gap, state, and how all this was counted."""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment import rules
from linkage.attainment.codes import WAITS_FOR, Kind, Rule, Scope, UnitKind
from linkage.attainment.documents import figures
from linkage.attainment.documents.figures import (
    NOTHING,
    amount,
    benchmark_value,
    done_or_not,
    exact_percent,
    name_of,
    percent,
)
from linkage.attainment.documents.formulas import formula_of
from linkage.attainment.rules import UNMET, Status
from linkage.attainment.services import reading as readings
from linkage.foundation import measures

# What a status looks like: icon, and the class of its colour.
LOOKS = {
    Status.MET: ("circle-check", "is-met"),
    Status.MET_LATE: ("clock-check", "is-met"),
    Status.NOT_YET: ("clock-hour-4", "is-near"),
    Status.OVERDUE: ("alert-circle", "is-late"),
    Status.SLIPPED: ("trending-down", "is-near"),
    Status.OPEN_ENDED: ("progress", "is-open"),
    Status.NO_DATA: ("help-circle", "is-none"),
    Status.NOT_APPLICABLE: ("circle-minus", "is-none"),
    Status.NOT_CONNECTED: ("plug-connected-x", "is-none"),
    Status.PART: ("sum", "is-none"),
}
UNREAD = (Status.NO_DATA, Status.NOT_APPLICABLE, Status.NOT_CONNECTED, Status.PART)

SHORT_OF = {
    UnitKind.COMMUNITY: lazy("%(n)s communities short"),
    UnitKind.STREET: lazy("%(n)s streets or townships short"),
    UnitKind.COUNTY: lazy("%(n)s counties short"),
    UnitKind.CITY: lazy("%(n)s cities short"),
    UnitKind.PROVINCE: lazy("%(n)s provinces short"),
    UnitKind.CITY_OR_COUNTY: lazy("%(n)s cities or counties short"),
    UnitKind.AUTHORITY: lazy("%(n)s authorities short"),
    UnitKind.PILOT_AREA: lazy("%(n)s pilot areas short"),
    UnitKind.PLACE: lazy("%(n)s places short"),
    UnitKind.ORGANISATION: lazy("%(n)s organisations short"),
    UnitKind.FACILITY: lazy("%(n)s facilities short"),
    UnitKind.PROJECT: lazy("%(n)s projects short"),
    UnitKind.PILOT_COMMUNITY: lazy("%(n)s pilot communities short"),
    UnitKind.FUND: lazy("%(n)s sources of money short"),
}


@dataclass
class Line:
    """One target of one place, ready to be told. ``own``: the plain figures of a place that is one unit."""

    reading: readings.Reading
    own: dict | None = None
    today: object = None
    benchmarks: list = field(default_factory=list)
    trend: object = None  # a Spark
    alone: tuple | None = None  # units that reach by themselves what is demanded of all, and of how many
    of_which: str = ""  # what belongs beside the figure though it is not judged

    @property
    def target(self):
        return self.reading.target

    # What it is judged by

    @property
    def is_part(self):
        """A number of the whole territory, read for a part of it: it adds to the whole, and is not judged."""
        return self.status == Status.PART

    @cached_property
    def is_one_unit(self):
        """The place itself is the unit that is tested."""
        return (
            self.own is not None
            and self.target.unit == UnitKind.COMMUNITY
            and rules.lists_units(self.target)
            and self.reading.units == 1
        )

    @property
    def is_cap(self):
        """Has the value told to stay low? Of units tested one by one it is the share that passes."""
        return self.target.is_cap and (self.target.rule == Rule.CAP or self.is_one_unit)

    @property
    def status(self):
        return self.reading.status

    @property
    def icon(self):
        return LOOKS[self.status][0]

    @property
    def colour(self):
        return LOOKS[self.status][1]

    @property
    def word(self):
        return str(Status(self.status).label)

    @property
    def is_unmet(self):
        return self.status in UNMET

    @property
    def is_read(self):
        return self.status not in UNREAD

    @property
    def applies(self):
        return self.status != Status.NOT_APPLICABLE

    @property
    def lists_failing(self):
        return self.is_unmet and rules.names_failing(self.target) and not self.is_one_unit

    @property
    def days(self):
        """How the deadline stands: so many days over or left; of what is met, nothing."""
        today = self.today or timezone.localdate()
        deadline = self.target.due(today)
        if deadline is None or self.status not in (Status.NOT_YET, Status.OVERDUE):
            return ""
        left = (deadline - today).days
        words = _("%(n)s days overdue") if left < 0 else _("%(n)s days left")
        return words % {"n": f"{abs(left):,}"}

    # Figures

    @cached_property
    def value(self):
        judged, target = self.reading.judgement, self.target
        if self.status == Status.NOT_CONNECTED or (judged.value is None and not self.is_one_unit):
            return NOTHING
        if self.is_one_unit:
            return self._own_value()
        if target.rule in (Rule.TOTAL, Rule.QUOTA):
            return amount(target.metric, judged.value)
        if target.rule == Rule.TREND:
            return self._compared[0]
        if target.rule in (Rule.AVG, Rule.PER10K):
            return figures.decimals(judged.value)
        return percent(judged.value, up=target.rule == Rule.CAP)

    @cached_property
    def limit(self):
        """The threshold as words: ≥90%, 每个 ≥5 个, 高于上年 32.1%."""
        target, threshold = self.target, self.reading.threshold
        if target.rule == Rule.TREND:
            before = self._compared[1] if self.reading.limit is not None else ""
            return _("above the year before %(before)s") % {"before": before}
        if target.rule in rules.PER_UNIT:
            return self._limit_of_each()
        if target.rule in (Rule.TOTAL, Rule.QUOTA):
            whole = amount(target.metric, threshold.value)
            whole = whole if target.rule == Rule.QUOTA else f"≥{whole}"
            return _("the whole %(limit)s") % {"limit": whole} if self.is_part else whole
        if target.rule == Rule.AVG:
            return _("on average ≥%(limit)s") % {"limit": amount(target.metric, threshold.value)}
        if target.rule == Rule.PER10K:
            return _("per 10,000 people ≥%(limit)s") % {"limit": amount(target.metric, threshold.value)}
        if target.rule == Rule.CAP:
            return f"≤{exact_percent(threshold.value)}"
        if self.is_one_unit:
            return done_or_not(target, True)
        said = _("all") if threshold.value == 1 else f"≥{exact_percent(threshold.value)}"
        if threshold.term and said != target.term:
            return _("%(term)s (read as %(limit)s)") % {"term": target.term, "limit": said}
        return said

    @property
    def column_name(self):
        """A few words for the head of a column: the kind of community, and what is measured."""
        kind = {Kind.URBAN: _("Urban:"), Kind.RURAL: _("Rural:")}.get(Kind(self.target.kind), "")
        return f"{kind}{name_of(self.target.metric)}"

    @property
    def unit_limit(self):
        """What is asked of one unit."""
        target, threshold = self.target, self.reading.threshold
        if target.rule == Rule.RANGE:
            return f"{threshold.value}—{amount(target.metric, threshold.high)}"
        if target.rule in (Rule.EACH, Rule.FREQ):
            return self._said_of_each()
        return done_or_not(target, True)

    @cached_property
    def short_limit(self):
        """The same for the head of a narrow column."""
        if self.target.rule in (Rule.COVER, Rule.MILESTONE) and self.reading.threshold.value is not None:
            return f"≥{exact_percent(self.reading.threshold.value)}"
        return self.limit

    @cached_property
    def gap(self):
        target, gap = self.target, self.reading.gap
        if not self.is_unmet:
            return NOTHING
        if self.is_one_unit:
            return self._own_gap()
        if target.rule == Rule.TREND:
            return _("not above the year before")
        if target.rule == Rule.CAP:
            return figures.too_much(target, gap)
        if target.rule == Rule.QUOTA and self.reading.value > self.reading.limit:
            return _("%(n)s too much") % {"n": amount(target.metric, self.reading.value - self.reading.limit)}
        if not gap:
            return NOTHING
        if rules.lists_units(target):
            return SHORT_OF[UnitKind(target.unit)] % {"n": f"{gap:,}"}
        return _("%(n)s short") % {"n": amount(target.metric, gap, up=True)}

    @cached_property
    def nearness(self):
        """How far off, in words of the heat grid: met, near (within a tenth), far (three tenths), farther."""
        if not self.is_read:
            return "none"
        if self.reading.is_met:
            return "met"
        value, limit = self.bar
        if value is None or not limit:
            return "farther"
        share = limit / value if self.is_cap and value else Fraction(value) / limit
        return "near" if share >= Fraction(9, 10) else "far" if share >= Fraction(7, 10) else "farther"

    @cached_property
    def bar(self):
        """What a bar draws and the line it is held against, both exact; None where there is none."""
        if self.is_one_unit:
            target, figure = self.target, self.own.get(self.target.metric)
            if target.rule == Rule.EACH:
                base = self.own.get(target.per) if target.per else None
                if target.per:
                    figure = Fraction(figure, base) if base and figure is not None else None
                return figure, self.reading.threshold.value
            return self.reading.value, Fraction(1)
        return self.reading.value, None if self.is_part else self.reading.limit

    # How it is counted

    @property
    def formula(self):
        return formula_of(self.target, self.units)

    @property
    def units(self):
        """What is observed, with its kind and scope: 试点地区内的城市社区."""
        target = self.target
        unit = str(UnitKind(target.unit).label)
        if target.unit == UnitKind.COMMUNITY:
            unit = {
                Kind.URBAN: _("urban communities"),
                Kind.RURAL: _("rural communities"),
                Kind.ALL: _("urban and rural communities"),
            }[Kind(target.kind)]
            if target.scope == Scope.PILOT_COMMUNITIES:
                return _("pilot communities among the %(units)s") % {"units": unit}
        if target.scope == Scope.PILOT_AREAS and target.unit != UnitKind.PILOT_AREA:
            return _("%(units)s in pilot areas") % {"units": unit}
        return unit

    @property
    def counted(self):
        """The two figures that were divided, as they were counted."""
        target, (above, below, *rest) = self.target, self.reading.figures
        if self.status == Status.NOT_CONNECTED:
            return ""
        if target.rule == Rule.TREND:
            now = self._pair(above, below)
            return _("this year %(now)s; the year before %(before)s") % {
                "now": now,
                "before": self._pair(*rest),
            }
        if target.rule in (Rule.TOTAL, Rule.QUOTA):
            return amount(target.metric, above)
        if target.rule in rules.PER_UNIT or (rules.lists_units(target)):
            return _("%(passed)s of %(all)s pass") % {"passed": f"{above:,}", "all": f"{below:,}"}
        if target.rule == Rule.PER10K:
            above //= 10_000
        return self._pair(above, below)

    @property
    def measures(self):
        """The measures it is made of: name, one sentence, where it comes from."""
        return [measure for key in (self.target.metric, self.target.per) if (measure := measures.get(key))]

    @property
    def waits_for(self):
        """What is missing where a register does not exist yet: name of the figure, name of the register."""
        keys = readings.missing_measures(self.target)
        return [WAITS_FOR[key] for key in keys if key in WAITS_FOR]

    @property
    def registers_awaited(self):
        """The registers alone, each once."""
        return list(dict.fromkeys(str(register) for _name, register in self.waits_for))

    @property
    def completeness(self):
        share = self.reading.completeness
        return None if share is None else percent(share)

    @property
    def alone_told(self):
        """What stands beside a share of all together: how many units reach it by themselves."""
        if not self.alone or not self.alone[1]:
            return ""
        reaching, known = self.alone
        said = {"n": f"{reaching:,}", "all": f"{known:,}", "share": percent(Fraction(reaching, known))}
        return _("%(n)s of %(all)s reach it by themselves (%(share)s)") % said

    @property
    def completeness_told(self):
        """The same, or that all of it is counted from registers, in which nothing can be unreported."""
        if not readings.asks_for_reports(self.target):
            return _("counted from the registers")
        return _("reported %(share)s") % {"share": self.completeness} if self.completeness else ""

    @property
    def reported_elsewhere(self):
        """``[(benchmark, value)]`` of the same figure, to stand beside the reading."""
        return [(row, benchmark_value(row)) for row in self.benchmarks]

    # Inside

    @cached_property
    def _compared(self):
        """Value and limit of a trend, with as many places as tell them apart."""
        value, limit = self.reading.value, self.reading.limit
        if self.target.per:
            if value is None or limit is None:
                return percent(value), percent(limit)
            return figures.apart(value, limit)
        return amount(self.target.metric, value), amount(self.target.metric, limit)

    def _pair(self, above, below):
        top = amount(self.target.metric, above)
        if self.target.rule == Rule.AVG:
            return f"{top} ÷ {below:,}"
        return f"{top} ÷ {amount(self.target.per, below)}" if self.target.per else top

    def _limit_of_each(self):
        share, said = self.target.share_exact, self.unit_limit
        if self.is_one_unit:
            return said
        if share < 1:
            return _("%(share)s of them %(limit)s") % {"share": exact_percent(share), "limit": said}
        each = _("each source %(limit)s") if self.target.unit == UnitKind.FUND else _("each %(limit)s")
        return each % {"limit": said}

    def _said_of_each(self):
        target, limit = self.target, self.reading.threshold.value
        if target.per:
            return f"{'≤' if target.is_cap else '≥'}{exact_percent(limit)}"
        if target.is_cap:
            return f"≤{amount(target.metric, limit)}"
        if figures.is_money(target.metric) and limit <= 1:
            return _("more than nothing")
        if target.rule == Rule.FREQ:
            return _("≥%(n)s times") % {"n": f"{int(limit):,}"}
        return f"≥{amount(target.metric, limit, up=True)}"

    def _own_value(self):
        target, figure = self.target, self.own.get(self.target.metric)
        if figure is None or not self.reading.figures[3]:
            return _("not reported")
        if target.rule in (Rule.COVER, Rule.MILESTONE):
            return done_or_not(target, figure)
        if target.per:
            base = self.own.get(target.per)
            return percent(Fraction(figure, base), up=target.is_cap) if base else NOTHING
        return amount(target.metric, figure)

    def _own_gap(self):
        target, figure = self.target, self.own.get(self.target.metric) or 0
        if target.rule in (Rule.COVER, Rule.MILESTONE):
            return _("still missing")
        limit = self.reading.threshold.value
        lacking = limit * (self.own.get(target.per) or 0) - figure if target.per else limit - figure
        if target.is_cap:
            return figures.too_much(target, -lacking)
        return _("%(n)s short") % {"n": amount(target.metric, lacking, up=True)} if lacking > 0 else NOTHING
