"""遴选: what is ticked on the board. The notice and the approval of a batch have modules of their own."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Criterion, Programme, Selection, SelectionItem
from projects.models.board import waiting_at
from projects.procedure import Doing

Choice = SelectionItem.Choice


class ChangedMeanwhile(NotNow):
    """A colleague changed the list after it was opened in this window."""


@transaction.atomic
def choose(programme, ticks, *, by, version=None):
    """Keep what stands on the board for these projects; the first tick opens the batch. Answers it.

    ``ticks`` maps the id of a project to (choice, yuan or None); projects not named stay as they are.
    ``version`` is that of the batch as the window shows it, 0 where there was none yet.
    """
    programme = locked_programme(programme)
    require_selector(by, programme)
    require_open(programme)
    selection = Selection.objects.open().select_for_update(of=["self"]).filter(programme=programme).first()
    if selection is not None and not selection.is_draft:
        raise NotNow(_("The list is being shown to the public and stays as it is until that is over."))
    if version is not None and version != (selection.version if selection else 0):
        raise ChangedMeanwhile(changed_by(selection))
    wanted = {pk: tick for pk, tick in ticks.items() if tick[0]}
    if selection is None:
        if not wanted:
            return None
        selection = _open(programme, by)
    _keep(selection, ticks, _amounts(programme, selection, wanted))
    touch(selection, by)
    return selection


def open_batch_of(programme, by):
    """The batch on the board, opened where there is none; the programme is held by the caller."""
    require_open(programme)
    found = Selection.objects.open().select_for_update(of=["self"]).filter(programme=programme).first()
    if found is not None and not found.is_draft:
        raise NotNow(_("The list is being shown to the public and stays as it is until that is over."))
    return found or _open(programme, by)


def _open(programme, by):
    """The next batch, with the criteria of the programme where it has some."""
    last = programme.selections.aggregate(last=Max("number"))["last"] or 0
    selection = Selection.objects.create(
        programme=programme, number=last + 1, opened_by=by, changed_by=by, version=0
    )
    Criterion.objects.bulk_create(
        Criterion(selection=selection, number=row.number, name=row.name, points=row.points)
        for row in programme.criteria.all()
    )
    journal.record("selection.opened", by=by, target=selection)
    return selection


def _amounts(programme, selection, wanted):
    """The money of each ticked project; all that is wrong is told at once, by ``amount-<id>``."""
    held = set(selection.items.values_list("project", flat=True))
    known = {project.pk: project for project in waiting_at(programme).filter(pk__in=wanted)}
    amounts, problems = {}, {}
    for pk, (choice, amount) in wanted.items():
        project = known.get(pk)
        if project is None:
            if pk not in held:
                raise PermissionDenied
            problems[f"amount-{pk}"] = [_("This project no longer waits here; take the tick away.")]
        elif choice == Choice.CHOSEN:
            amounts[pk] = project.requested_subsidy if amount is None else amount
            if not amounts[pk] or amounts[pk] <= 0:
                problems[f"amount-{pk}"] = [_("Enter the subsidy to be granted.")]
            elif project.requested_subsidy is not None and amounts[pk] > project.requested_subsidy:
                problems[f"amount-{pk}"] = [_("More is granted than was asked for.")]
        elif choice not in Choice.values:
            problems[f"amount-{pk}"] = [_("There is no such choice.")]
    if problems:
        raise ValidationError(problems)
    return amounts


def _keep(selection, ticks, amounts):
    items = {item.project_id: item for item in selection.items.filter(project__in=ticks)}
    rank = selection.waiting.aggregate(last=Max("rank"))["last"] or 0
    for pk, (choice, _amount) in ticks.items():
        item = items.get(pk)
        if item is None:
            if not choice:
                continue
            item = SelectionItem(selection=selection, project_id=pk)
        if choice == Choice.WAITING and item.choice != Choice.WAITING:
            rank += 1
            item.rank = rank
        elif choice != Choice.WAITING:
            item.rank = None
        item.choice = choice or Choice.NOT
        item.granted_amount = amounts.get(pk)
        item.save()
    _close_ranks(selection)


def _close_ranks(selection):
    """The ranks of the waiting list run from one, without a gap."""
    for rank, item in enumerate(selection.waiting.order_by("rank"), 1):
        if item.rank != rank:
            item.rank = rank
            item.save(update_fields=["rank"])


@transaction.atomic
def move(selection, project_pk, *, up, by):
    """Put a project of the waiting list one place up or down."""
    selection = draft(selection, by)
    order = list(selection.waiting.order_by("rank"))
    here = next((place for place, item in enumerate(order) if item.project_id == project_pk), None)
    if here is None:
        raise NotNow(_("This project is no longer on the waiting list."))
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        first, second = order[here], order[there]
        first.rank, second.rank = second.rank, first.rank
        first.save(update_fields=["rank"])
        second.save(update_fields=["rank"])
        touch(selection, by)
    return selection


# Locks and rights


def locked_programme(programme):
    """The programme held against a second batch being opened beside this one."""
    return (
        Programme.objects.select_for_update(of=["self"], no_key=True)
        .select_related("region")
        .get(pk=programme.pk)
    )


def locked(selection):
    rows = Selection.objects.select_for_update(of=["self"])
    return rows.select_related("programme__region", "notice").get(pk=selection.pk)


def draft(selection, by):
    selection = locked(selection)
    require_selector(by, selection.programme)
    if not selection.is_draft:
        raise NotNow(_("The list is being shown to the public and stays as it is until that is over."))
    return selection


def shown(selection, by):
    selection = locked(selection)
    require_selector(by, selection.programme)
    if selection.is_approved:
        raise NotNow(
            _("%(name)s approved this batch by %(doc_no)s at %(time)s.")
            % {
                "name": selection.approved_by,
                "doc_no": selection.doc_no,
                "time": date_format(timezone.localtime(selection.approved_at), "m-d H:i"),
            }
        )
    if not selection.is_in_notice:
        raise NotNow(_("This list is not shown to the public. Publish it first."))
    return selection


def require_selector(by, programme):
    by.ask_posts_anew()
    if not rules.selects(by, programme):
        raise PermissionDenied


def require_open(programme):
    if not programme.is_open_for(Doing.REVIEWING):
        raise NotNow(programme.why_not_open_for(Doing.REVIEWING))


def touch(selection, by):
    selection.version = F("version") + 1
    selection.changed_by, selection.changed_at = by, timezone.now()
    selection.save()
    selection.refresh_from_db(fields=["version"])


def changed_by(selection):
    if selection is None:
        return _("The list was changed in another window. Look at it again before you go on.")
    return _("%(name)s changed the list at %(time)s. Look at it again before you go on.") % {
        "name": selection.changed_by,
        "time": date_format(timezone.localtime(selection.changed_at), "m-d H:i"),
    }
