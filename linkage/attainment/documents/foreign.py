"""对照其他文件 in words: neutral, without any status, and with what stands in the place's own documents."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment.documents.figures import NOTHING
from linkage.attainment.documents.wording import Line
from linkage.attainment.rules import Status
from linkage.attainment.services.comparison import is_judged

MARK = lazy("For reference only, not a basis of assessment")


@dataclass(frozen=True)
class Row:
    """One target of the other document. ``result`` says in words how the place stands to it."""

    line: Line
    value: str
    limit: str
    result: str
    remark: str
    own: list  # lines of the place's own documents over the same figures


def rows(compared, own, own_lines, today):
    """``own``: plain figures of a community; ``own_lines``: lines of the documents that govern the place."""
    return [_row(one, own, own_lines, today) for one in compared]


def _row(one, own, own_lines, today):
    target = one.target
    same = [line for line in own_lines if _same_figures(line.target, target)]
    if one.reading is None:
        remark = _("does not apply: it looks at what the other programme itself has chosen or approved")
        return Row(Line(_Nothing(target)), NOTHING, NOTHING, NOTHING, remark, same)
    line = Line(one.reading, own, today)
    return Row(line, line.value, line.limit, _result(one.reading, line), _remark(one, line), same)


@dataclass(frozen=True)
class _Nothing:
    """A target that was not read at all."""

    target: object


def _same_figures(one, other):
    kinds = {one.kind, other.kind}
    return (one.metric, one.per, one.unit) == (other.metric, other.per, other.unit) and (
        len(kinds) == 1 or "all" in kinds
    )


def _result(reading, line):
    if reading.status == Status.PART:
        return _("a figure, without comparison")
    if not is_judged(reading):
        return NOTHING
    if reading.is_met:
        return _("reaches it")
    return (
        _("does not reach it: %(gap)s") % {"gap": line.gap} if line.gap != NOTHING else _("does not reach it")
    )


def _remark(one, line):
    reading = one.reading
    if reading.status == Status.NOT_CONNECTED:
        return _("data not connected: waits for the %(register)s") % {
            "register": "、".join(line.registers_awaited)
        }
    if reading.status == Status.NO_DATA:
        return _("not enough data")
    if reading.status == Status.NOT_APPLICABLE:
        return _("there is no such unit here")
    if reading.status == Status.PART:
        return _("demanded of another territory as a whole")
    if one.widened:
        return _("asked of pilot places there; read here over all %(units)s") % {"units": line.units}
    return ""


def heads():
    return [
        _("Target of the other document (clause)"),
        _("Value here"),
        _("Demand there"),
        _("In comparison"),
        _("How it is read"),
        _("The same in our own documents"),
    ]


def sheet_rows(found):
    return [
        (
            f"{row.line.target.quote}（{row.line.target.clause}）",
            row.value,
            row.limit,
            row.result,
            row.remark,
            "；".join(
                f"{line.target.document.territory} {line.target.clause} {line.limit}" for line in row.own
            ),
        )
        for row in found
    ]
