"""What documents report of other places, with the same figures of the place one reads."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from linkage.attainment.codes import WAITS_FOR, Rule
from linkage.attainment.documents.figures import NOTHING, amount, benchmark_value, decimals, percent
from linkage.attainment.models import Benchmark
from linkage.foundation import measures


@dataclass(frozen=True)
class Reported:
    """One figure reported elsewhere. ``here``: the same of the place; ``waits_for``: a register, or none."""

    benchmark: Benchmark
    value: str
    here: str
    waits_for: str = ""

    @property
    def of(self):
        document = self.benchmark.document
        return f"{document.territory} {document.year} · {self.benchmark.clause}"

    @property
    def note(self):
        measure = measures.get(self.benchmark.metric)
        return f"{measure.name}。{self.benchmark.note}" if measure else self.benchmark.note

    @property
    def beside(self):
        """What stands in the column of the place."""
        return _("not connected") if self.waits_for else self.here


def keys(benchmarks):
    """The measures that have to be read for ``beside_here``."""
    return {key for row in benchmarks for key in (row.metric, row.per) if key and measures.get(key)}


def at_targets(benchmarks, lines):
    """Give each line what is reported of the very same figure, or names its target."""
    for line in lines:
        target = line.target
        line.benchmarks = [
            row
            for row in benchmarks
            if (row.metric, row.per) == (target.metric, target.per) or target.code in row.beside
        ]


def beside_here(benchmarks, totals):
    """A ``Reported`` each; ``totals``: ``{measure: sum}`` of the place."""
    found = []
    for row in benchmarks:
        waits_for = str(WAITS_FOR[row.metric][1]) if row.metric in WAITS_FOR else ""
        here = NOTHING if waits_for else _here(row, totals)
        found.append(Reported(row, benchmark_value(row), here, waits_for))
    return found


def _here(row, totals):
    """Judged unit by unit, a figure is read at the target; summed up it would say something else."""
    above = totals.get(row.metric)
    if above is None or row.rule == Rule.EACH:
        return NOTHING
    if not row.per:
        return amount(row.metric, above)
    below = totals.get(row.per)
    if not below:
        return NOTHING
    if row.rule == Rule.PER10K:
        return decimals(Fraction(above * 10_000, below))
    return percent(Fraction(above, below))
