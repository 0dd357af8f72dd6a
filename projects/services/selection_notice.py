"""拟立项公示: a batch shown to the public, what people object to it, and taking it back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities.consultation import services as consultation
from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from projects.models import Selection, SelectionItem
from projects.models.board import counters, waiting_at
from projects.services import selection_answers
from projects.services.selection import (
    ChangedMeanwhile,
    Choice,
    changed_by,
    draft,
    require_open,
    require_selector,
    shown,
    touch,
)


@transaction.atomic
def publish(selection, *, by, starts_on, days, version=None, **words):
    """拟立项公示: show the chosen projects to everybody for some days. The list is fixed from here on.

    ``words`` are the facts of the notice (consultation.NOTICE_FACTS).
    """
    selection = draft(selection, by)
    require_open(selection.programme)
    if version is not None and version != selection.version:
        raise ChangedMeanwhile(changed_by(selection))
    _require_ready(selection)
    if starts_on < timezone.localdate():
        raise ValidationError({"starts_on": [_("The first day is today or later.")]})
    least = selection.programme.notice_days
    if days < least:
        raise ValidationError(
            {"days": [_("The programme asks for at least %(days)d days.") % {"days": least}]}
        )
    notice = consultation.draft_notice(selection.programme.region, by=by, **words)
    notice = consultation.publish_notice(notice, on=starts_on, days=days, by=by)
    selection.notice, selection.state = notice, Selection.State.NOTICE
    listed = set(selection.items.values_list("project", flat=True))
    rest = waiting_at(selection.programme).exclude(pk__in=listed).values_list("pk", flat=True)
    SelectionItem.objects.bulk_create(SelectionItem(selection=selection, project_id=pk) for pk in rest)
    for item in selection.items.select_related("project"):
        item.round = item.project.round
        item.save(update_fields=["round"])
    touch(selection, by)
    journal.record("selection.published", by=by, target=selection, facts={"notice": notice.pk})
    return selection


def _require_ready(selection):
    """Refuse a list that could not be approved, saying what is in the way."""
    if not selection.chosen.exists():
        raise NotNow(_("No project is ticked yet."))
    counted = counters(selection.programme, selection)
    if counted.exceeded:
        raise NotNow(
            "；".join(
                _("%(name)s: %(over)d more are ticked than there are places (%(limit)d).")
                % {"name": quota.name, "over": -counted.left[quota.key], "limit": quota.limit}
                for quota in counted.exceeded
            )
        )
    gone = selection.chosen.exclude(project__in=waiting_at(selection.programme).values("pk"))
    titles = list(gone.values_list("project__title", flat=True)[:5])
    if titles:
        raise NotNow(
            _("These no longer wait here, take their ticks away: %(titles)s.") % {"titles": "、".join(titles)}
        )


@transaction.atomic
def take_back(selection, *, reason, by):
    """Take the notice down before approval and go back to the board; a new notice counts its days anew."""
    selection = shown(selection, by)
    if selection.notice.objections.open().exists():
        raise NotNow(_("Settle the objections to this notice before you take it down."))
    consultation.take_down_notice(selection.notice, reason=reason, by=by)
    selection_answers.tell_of_take_down(selection, selection.notice, reason)
    journal.record(
        "selection.taken_back",
        by=by,
        target=selection,
        facts={"notice": selection.notice_id, "reason": reason},
    )
    selection.notice, selection.state = None, Selection.State.DRAFT
    selection.items.update(round=None)
    touch(selection, by)
    return selection


@transaction.atomic
def strike(selection, project_pk, *, reason, by):
    """Take one project off the list that is being shown, as an objection may ask; none is ever added."""
    selection = shown(selection, by)
    item = selection.chosen.select_for_update().filter(project=project_pk).first()
    if item is None:
        raise NotNow(_("This project is no longer on the list."))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Give the reason.")]})
    if selection.chosen.count() == 1:
        raise NotNow(_("This is the last project of the list. Take the notice down instead."))
    item.choice, item.granted_amount, item.struck_because = Choice.NOT, None, reason[:200]
    item.save()
    touch(selection, by)
    journal.record("selection.struck", by=by, target=item, facts={"reason": reason})
    selection_answers.tell_of_strike(item)
    return selection


def why_not_approvable(selection):
    """Empty once the public notice is over and every objection settled; otherwise what is waited for."""
    if not selection.notice.has_run_its_time():
        return _("The public notice runs until %(day)s; approval follows after it.") % {
            "day": date_format(selection.notice.ends_on, "Y-m-d")
        }
    still_open = selection.notice.objections.open().count()
    if still_open:
        return _("%(n)d objections are still to be settled.") % {"n": still_open}
    return ""


def enter_objection(selection, *, by, **facts):
    """Type an objection that somebody brought to the office or said on the telephone."""
    return consultation.object_to(_with_notice(selection, by).notice, by=by, **facts)


def settle_objection(selection, objection, *, answer, by, settled_on=None):
    """Answer an objection to the list after looking into it."""
    _with_notice(selection, by)
    return consultation.settle_objection(objection, answer=answer, on=settled_on, by=by)


def reveal_contact(selection, objection, *, reason, by):
    """Name and telephone of who objected, shown once to whoever says why; the journal keeps that."""
    _with_notice(selection, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what you need the telephone for.")})
    journal.record("reveal", by=by, target=objection, facts={"reason": reason.strip()[:200]})
    return objection.name, objection.phone


def _with_notice(selection, by):
    require_selector(by, selection.programme)
    if selection.notice is None:
        raise NotNow(_("This notice is not published."))
    return selection
