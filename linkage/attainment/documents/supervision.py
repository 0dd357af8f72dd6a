"""督办 in words: what each unit had, has and needs, and where it stands."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linkage.attainment.codes import Rule
from linkage.attainment.documents import cheapest
from linkage.attainment.documents.figures import amount, unit_figure
from linkage.attainment.services.supervision import ItemState

LOOKS = {
    ItemState.DONE: ("circle-check", "is-met"),
    ItemState.OPEN: ("clock-hour-4", "is-near"),
    ItemState.SLIPPED: ("arrow-back-up", "is-near"),
    ItemState.OVERDUE: ("alert-circle", "is-late"),
    ItemState.GONE: ("circle-minus", "is-none"),
}


@dataclass(frozen=True)
class Row:
    """One unit of a supervision as the page and the workbook tell it."""

    item: object
    place: str
    name: str
    then: str
    now: str
    needed: str
    office: str
    state: ItemState
    done_on: object
    notes: list

    @property
    def icon(self):
        return LOOKS[self.state][0]

    @property
    def colour(self):
        return LOOKS[self.state][1]

    @property
    def word(self):
        return str(self.state.label)


def rows(supervision, tracked, trails):
    """``trails``: ``{region pk: names of the places above, down from the supervised one}``."""
    target = supervision.target
    return [
        Row(
            one.item,
            trails[one.item.region_id],
            one.item.name,
            _figure(target, one.item),
            _figure(target, one) if one.state != ItemState.GONE else cheapest.NOTHING,
            cheapest.needed(target, one.item.needed),
            one.item.office.name if one.item.office else "",
            one.state,
            one.item.done_on,
            list(one.item.notes.all()),
        )
        for one in tracked
    ]


def _figure(target, unit):
    """What a unit has; of a trend, this year alone, for that is what is to be reached."""
    if target.rule == Rule.TREND and unit.figure is not None:
        return amount(target.metric, unit.figure)
    return unit_figure(target, unit)


def heads():
    return [
        _("Place"),
        _("Unit"),
        _("Then"),
        _("Now"),
        _("Needed"),
        _("Responsible office"),
        _("State"),
        _("First seen done"),
        _("Progress told"),
    ]


def sheet_rows(found):
    return [
        (
            row.place,
            row.name,
            row.then,
            row.now,
            row.needed,
            row.office,
            row.word,
            row.done_on or "",
            "\n".join(f"{note.at:%Y-%m-%d} {note.office_name} {note.text}" for note in row.notes),
        )
        for row in found
    ]


def list_heads():
    return [
        *(_("Target (clause)"), _("Document"), _("Place"), _("Issued by the office")),
        *(_("Handed down on"), _("To be done by"), _("Progress"), _("State")),
    ]


def list_rows(found):
    """``found``: ``[(supervision, its progress)]``, for the workbook of the list."""
    return [
        (
            f"{row.target.quote}（{row.target.clause}）",
            row.target.document.territory,
            row.region.name,
            row.office.name,
            row.issued_on.isoformat(),
            row.due_on.isoformat(),
            said(progress),
            state_word(row, progress),
        )
        for row, progress in found
    ]


def state_word(row, progress):
    """How a supervision stands, in the word of its page."""
    if row.is_overdue and progress.open:
        return _("overdue")
    if row.is_open and not progress.open:
        return _("all done")
    return row.get_state_display()


def about(supervision, progress):
    target = supervision.target
    document = target.document
    told = [
        (_("Document"), f"《{document.title}》{document.doc_no}"),
        (_("Clause"), f"{target.clause} “{target.quote}”"),
        (pgettext("heads a list", "Region"), supervision.region.name),
        (_("Demand"), supervision.demand),
        (_("Gap then"), supervision.gap),
        (_("Issued by the office"), supervision.office.name),
        (_("Handed down on"), str(supervision.issued_on)),
        (_("To be done by"), str(supervision.due_on)),
        (_("State"), supervision.get_state_display()),
        (_("Progress"), said(progress)),
    ]
    if supervision.note:
        told.append((_("What is asked"), supervision.note))
    if supervision.reason:
        told.append((_("Reason"), supervision.reason))
    return told


def said(progress):
    words = _("%(done)s of %(all)s done") % {"done": f"{progress.done:,}", "all": f"{progress.all:,}"}
    if progress.gone:
        words += _("; %(n)s closed, merged or no longer looked at, not counted") % {"n": f"{progress.gone:,}"}
    return words
