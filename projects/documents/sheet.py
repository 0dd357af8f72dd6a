"""The application form as it stands on paper: the same rows on the page and in the printed file."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from linkage.foundation.money import capital, wan
from projects.models import Project, Verdict, changes, snapshot
from projects.models.listing import VERDICT_STATES
from projects.procedure import APPLICANT

SLASH = "／"
HEAD = ("city", "county", "street", "community")
# Passages of a row by the field that leads them (projects.procedure.FORM_FIELDS).
TOGETHER = {"service_methods": ("service_plan",), "start_date": ("end_date",)}
FOLLOWERS = {name for names in TOGETHER.values() for name in names}
# Endings that the printed head carries already, and names that end alike but must stay whole.
ENDINGS = ("街道", "社区", "市", "州", "县", "区", "乡", "镇")
WHOLE = ("自治州", "自治县", "民族乡", "新区", "矿区")


@dataclass(frozen=True)
class Passage:
    """One text of a row. ``change`` says what this round altered, ``mark`` what is to be mended."""

    field: str
    heading: str
    text: str
    change: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Opinion:
    """What stands in the box of one office.

    ``state`` is agreed, returned, refused, skipped, now (its turn) or empty.
    """

    state: str
    text: str = ""
    handler: str = ""
    leader: str = ""
    signed_on: date | None = None
    office: str = ""
    because: str = ""
    granted: Decimal | None = None
    doc_no: str = ""
    verdict: str = ""
    carried: int = 0
    corrected: str = ""

    @property
    def words(self):
        """The text of the box; a return or a refusal says so in front."""
        return self.text if self.state == "agreed" else f"{self.verdict}：{self.text}"

    @property
    def granted_in_capitals(self):
        return capital(self.granted)

    @property
    def remarks(self):
        """What a reader must know besides: from which round it stands, what was corrected since."""
        found = [_("opinion of round %(round)s stands") % {"round": self.carried}] if self.carried else []
        if self.corrected:
            found.append(_("corrected: %(fields)s") % {"fields": self.corrected})
        return found


@dataclass(frozen=True)
class Row:
    """``kind`` is text, money, subsidy or opinion."""

    number: int
    label: str
    kind: str
    passages: list = field(default_factory=list)
    opinion: Opinion | None = None


@dataclass(frozen=True)
class Line:
    """One line of money: what for, how worked out or whether secured, how much."""

    name: str
    note: str
    amount: Decimal


@dataclass(frozen=True)
class Sheet:
    """The whole form with everything worked out that the paper says."""

    title: str
    applicant: str
    head: list
    rows: list
    need: list
    sources: list
    total_need: Decimal
    total_sources: Decimal
    asked: Decimal
    number: str
    values: dict
    money_note: Passage
    subsidy_note: Passage

    @property
    def is_balanced(self):
        return self.total_need == self.total_sources

    @property
    def asked_in_capitals(self):
        return capital(self.asked)

    @property
    def asked_in_wan(self):
        return wan(self.asked)

    @property
    def share(self):
        """The part of the need that is asked of the owner of the programme, in percent with one digit."""
        if not self.total_need:
            return ""
        return f"{(self.asked * 100 / self.total_need).quantize(Decimal('0.1'))}%"


def sheet_of(project: Project, *, current=False) -> Sheet:
    """The form as handed in last, with the opinions of this round.

    ``current`` shows what is being written now instead: for the applicant while it is being revised.
    """
    submissions = list(project.submissions.all())
    submissions.sort(key=lambda submission: submission.round)
    latest = submissions[-1] if submissions else None
    if latest is None or (current and project.is_editable):
        values, before = snapshot(project), latest
        this_round = project.round
    else:
        values, before = _corrected(project, latest), submissions[-2] if len(submissions) > 1 else None
        this_round = latest.round
    notes = _Notes(project, values, before, this_round)
    rows = list(project.programme.form_rows.all())
    first = next((row for row in rows if "head" in row.fields), None)
    asked = Decimal(values["requested_subsidy"] or 0)
    return Sheet(
        title=project.programme.form_title,
        applicant=first.label if first else "",
        head=_head(values["head"], first.prompt if first else ""),
        rows=[_row(row, project, values, notes) for row in rows if row is not first],
        need=[Line(line["purpose"], line["basis"], Decimal(line["amount"])) for line in values["budget"]],
        sources=_sources(project, values, asked),
        total_need=Decimal(values["total_need"]),
        total_sources=Decimal(values["total_sources"]),
        asked=asked,
        number=project.number or "",
        values=values,
        money_note=notes.passage("budget", "", "", also=("sources",)),
        subsidy_note=notes.passage("requested_subsidy", "", ""),
    )


def _corrected(project, latest):
    """The form as handed in, with its name as it was put right since."""
    correction = project.corrections_of().get("title")
    if correction is None or correction.at < latest.at:
        return latest.snapshot
    return {**latest.snapshot, "title": correction.after}


class _Notes:
    """What changed in this round and why, and what an office wants mended now."""

    def __init__(self, project, values, before, this_round):
        self.round = this_round
        self.corrections = {} if project.is_editable else project.corrections_of()
        self.changed = {item.field for item in changes(before.snapshot, values)} if before else set()
        returns = [word for word in project.decisions.all() if word.verdict == Verdict.RETURN]
        to_applicant = [word for word in returns if word.return_to == APPLICANT]
        asked = [word for word in to_applicant if before and before.round <= word.round < this_round]
        self.reasons = {mark["field"]: mark["note"] for word in asked for mark in word.marks}
        self.reason = asked[-1].opinion if asked and not self.reasons else ""
        open_return = project.open_return
        self.marks = {mark["field"]: mark["note"] for mark in open_return.marks} if open_return else {}

    def passage(self, name, heading, text, also=()):
        names = (name, *also)
        changed = [item for item in names if item in self.changed]
        change = ""
        if name in self.corrections:
            change = _("corrected; it read: %(before)s") % {"before": self.corrections[name].before}
        elif changed:
            change = _("changed in round %(round)s") % {"round": self.round}
            reason = next((self.reasons[item] for item in changed if self.reasons.get(item)), self.reason)
            if reason:
                change = _("%(change)s: %(reason)s") % {"change": change, "reason": reason}
        mark = "；".join(self.marks[item] or _("to be revised") for item in names if item in self.marks)
        return Passage(name, heading, text, change, mark)


def _row(row, project, values, notes):
    if row.step:
        return Row(row.number, row.label, "opinion", opinion=_opinion(project, row.step))
    if "budget" in row.fields:
        return Row(row.number, row.label, "money")
    if "requested_subsidy" in row.fields:
        return Row(row.number, row.label, "subsidy")
    leading = [name for name in row.fields if name not in FOLLOWERS]
    passages = [
        notes.passage(
            name,
            _heading(name) if len(leading) > 1 else "",
            _text(name, values),
            also=TOGETHER.get(name, ()),
        )
        for name in leading
    ]
    return Row(row.number, row.label, "text", passages)


def _heading(name):
    return {
        "needs_analysis": _("Needs analysis"),
        "service_targets": _("People served"),
        "service_methods": _("Way of service"),
        "start_date": _("Period of the project"),
    }.get(name, "")


def _text(name, values):
    match name:
        case "service_methods":
            methods = "、".join(values["service_methods"])
            return "\n".join(part for part in (methods, values["service_plan"]) if part)
        case "start_date":
            first, last = values["start_date"], values["end_date"]
            if not first or not last:
                return ""
            start, end = date.fromisoformat(first), date.fromisoformat(last)
            months = (end.year - start.year) * 12 + end.month - start.month + (end.day > start.day)
            return _("%(start)s to %(end)s, %(months)s months") % {
                "start": first,
                "end": last,
                "months": max(months, 1),
            }
    return values[name] or ""


def _sources(project, values, asked):
    lines = []
    if asked:
        note = (
            _("granted: %(amount)s") % {"amount": f"{project.granted_amount:,.2f}"}
            if project.granted_amount is not None
            else _("awaiting approval")
        )
        lines.append(Line(project.programme.subsidy_label, note, asked))
    return lines + [
        Line(
            line["kind"], _("secured") if line["confirmed"] else _("not yet secured"), Decimal(line["amount"])
        )
        for line in values["sources"]
    ]


def _head(names, prompt):
    """(name, what is printed after the blank) by level; a level that does not exist shows a stroke."""
    printed = prompt.split()
    if not 1 < len(printed) <= len(HEAD):
        return [(names.get(key) or SLASH, "") for key in HEAD]
    levels = HEAD[-len(printed) :]  # a form of a district begins with the district
    return [(_short(names.get(key), after), after) for key, after in zip(levels, printed, strict=True)]


def _short(name, after):
    """嘉峪关 before 市(州): the ending is printed already."""
    if not name:
        return SLASH
    if name.endswith(WHOLE):
        return name
    ending = next((end for end in ENDINGS if name.endswith(end) and end in after), "")
    short = name.removesuffix(ending)
    return short if len(short) > 1 else name


def _opinion(project, key):
    stop = next((stop for stop in project.route_steps if stop.key == key), None)
    if stop is None:
        ends_lower = bool(project.submitted_at)
        return Opinion("skipped", because=_("decided at a lower level")) if ends_lower else Opinion("empty")
    if stop.is_skipped:
        return Opinion("skipped", because=_("no such level here, skipped automatically"))
    said = project.decisions_this_round.get(key)
    if said is None:
        return Opinion("now" if key == project.step else "empty", office=stop.office.name)
    return Opinion(
        VERDICT_STATES[said.verdict],
        text=said.opinion,
        handler=said.now("handler"),
        leader=said.now("leader"),
        signed_on=said.now("signed_on"),
        office=said.office_name,
        granted=said.now("granted_amount"),
        doc_no=said.now("doc_no"),
        verdict=said.get_verdict_display(),
        carried=said.round if said.round < project.round else 0,
        corrected="、".join(str(field) for field in said.corrected_fields),
    )
