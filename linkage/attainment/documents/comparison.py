"""The places below, side by side: bars of one target against its threshold, and a grid of all."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from linkage.attainment.codes import Rule
from linkage.attainment.documents.wording import Line

WIDE = Fraction(21, 20)  # the longest bar or the threshold, whichever is longer, leaves a little room


@dataclass(frozen=True)
class Bar:
    """One place of the ranking; ``width`` in percent of the drawing."""

    region: object
    line: Line
    width: str
    rank: int


@dataclass(frozen=True)
class Ranking:
    bars: list
    unread: list  # (word of the state, places): nothing to draw
    threshold: str  # where the line stands, in percent; empty where there is none
    limit: str


@dataclass(frozen=True)
class Grid:
    heads: list  # lines of the place above: one column each
    rows: list  # (place, lines)


def ranking(lines, *, by_place=False):
    """``lines``: ``[(place, line of the chosen target)]`` in the order of places; the highest value first."""
    drawn = [(region, line) for region, line in lines if line.bar[0] is not None and _is_drawn(line)]
    unread = {}
    for region, line in lines:
        if line.bar[0] is None or not _is_drawn(line):
            unread.setdefault(line.word, []).append(region)
    limits = {line.bar[1] for _region, line in drawn if line.bar[1] is not None}
    limit = limits.pop() if len(limits) == 1 else None  # a trend has another one in every place
    longest = max([line.bar[0] for _region, line in drawn] + ([limit] if limit else []), default=0)
    whole = Fraction(longest) * WIDE if longest else Fraction(1)
    falling = sorted(drawn, key=lambda pair: -pair[1].bar[0])
    above = [line.bar[0] for _region, line in falling]
    ranks = {region.pk: above.index(line.bar[0]) + 1 for region, line in falling}  # alike at equal values
    bars = [
        Bar(region, line, _share(line.bar[0], whole), ranks[region.pk])
        for region, line in (drawn if by_place else falling)
    ]
    return Ranking(
        bars, list(unread.items()), _share(limit, whole) if limit else "", bars[0].line.limit if bars else ""
    )


def _is_drawn(line):
    return line.is_read or line.is_part


def grid(heads, below):
    """The columns that say something in at least one place.

    ``below``: ``[(place, lines)]``, the lines in the order of ``heads``.
    """
    said = [
        number
        for number, head in enumerate(heads)
        if not head.is_part
        and head.target.rule != Rule.TREND
        and any(lines[number].is_read for _region, lines in below)
    ]
    return Grid(
        [heads[number] for number in said],
        [(region, [lines[number] for number in said]) for region, lines in below],
    )


def _share(value, whole):
    return f"{floor(Fraction(value) / whole * 10_000) / 100:.2f}"
