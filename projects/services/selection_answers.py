"""What those hear of a selection whose project it was not, or not any more: 未入选, 候补, 移出, 撤下."""

from django.utils.translation import gettext as _

from communities.offices.models import Office
from linkage.foundation import notices
from projects.models import ProjectEvent, SelectionItem
from projects.models.board import waiting_at


def answer_the_others(selection, *, by):
    """An answer of its own for each project that waits on and was not chosen in a batch that is approved.

    It stands in the record of the project and goes to who may file it; the project stays where it lies, for
    the next batch.
    """
    waiting = waiting_at(selection.programme).values("pk")
    passed = selection.items.exclude(choice=SelectionItem.Choice.CHOSEN).filter(project__in=waiting)
    passed = list(passed.select_related("project").order_by("pk"))
    office = Office.objects.serving(selection.programme.region).first()
    title = _("batch %(number)d") % {"number": selection.number}
    ProjectEvent.objects.bulk_create(
        ProjectEvent(
            project=item.project,
            round=item.project.round,
            kind=ProjectEvent.Kind.PASSED_OVER,
            step=item.project.step,
            title=title,
            office_name=office.name if office else selection.programme.region.name,
            by=by,
            by_name=str(by),
            text=why_passed_over(item),
        )
        for item in passed
    )
    notices.tell_all("project.passed_over", [(item.pk, {"item": item.pk}) for item in passed])


def why_passed_over(item):
    """名额所限, with the rank where it waits; or that it was struck off the list shown to the public."""
    if item.struck_because:
        return _("taken off the list after the public notice: %(reason)s") % {"reason": item.struck_because}
    if item.rank:
        return _("the places are limited; no. %(rank)d on the waiting list") % {"rank": item.rank}
    return _("the places are limited")


def tell_of_strike(item):
    """The applicant hears at once that the project is off the list."""
    notices.tell("project.struck", f"{item.pk}:{item.selection.notice_id}", item=item.pk)


def tell_of_take_down(selection, notice, reason):
    """Those on the list hear that the notice was taken down, and why."""
    chosen = selection.chosen.values_list("pk", flat=True)
    facts = {"notice": notice.pk, "reason": reason}
    notices.tell_all(
        "project.list_taken_down", [(f"{pk}:{notice.pk}", {"item": pk, **facts}) for pk in chosen]
    )
