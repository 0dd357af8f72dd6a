"""The workbench: what waits for this person, and the way to everything else."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from communities.offices.rules import keeps_calendar
from linkage.attainment.services import supervision
from linkage.desk import reminders, work
from linkage.desk.boxes import BOXES, SOMETIMES, UNREAD, URGENT, heights
from linkage.foundation.filters import strict_query
from linkage.foundation.listing import Query
from linkage.foundation.workdays import AHEAD, calendar_of
from linkage.policy.models import PolicyDocument
from linkage.reports.services import waiting as returns
from projects import rules
from projects.models import Programme, Project, ScoreSheet
from projects.models.listing import described, placed, told
from projects.models.owed import owed_by
from projects.models.stranded import unstaffed_under

SHOWN = 8
DOCUMENTS = 5
COUNTED = 101  # of what is stranded or failed: beyond it the workbench says 100+


@login_required
@require_safe
def home(request):
    strict_query(request, ("large",))
    user = request.user
    decides, files = bool(user.deciding_offices), rules.may_start(user)
    reminded = reminders.for_user(user)
    counts = heights(user, [*BOXES, UNREAD, *reminded])
    first = "waiting" if decides or not files else "files"
    rows = BOXES["waiting"].rows(user) if first == "waiting" else Project.objects.to_file_by(user)
    shown = described(rows).order_by(*(URGENT if first == "waiting" else ("-status", "-saved_at")))
    programmes = list(
        Programme.objects.visible_to(user).active().select_related("document").prefetch_related("phases")
    )
    today = timezone.localdate()
    return render(
        request,
        "desk/home.html",
        {
            "today": today,
            "first": first,
            "boxes": [
                (box, counts[key])
                for key, box in BOXES.items()
                if counts[key] or not (box.state or key in SOMETIMES)
            ],
            "count": counts["waiting"],
            "rows": told(placed(shown[:SHOWN], home=user.home_region), today, calendar_of(user)),
            "programmes": [(programme, programme.phase_on(today)) for programme in programmes],
            "governed": [item for item in programmes if _sits_above(user, item)],
            "documents": PolicyDocument.objects.visible_to(user)[:DOCUMENTS],
            "may_start": files,
            "owed": owed_by(user, today),
            "years_wanted": calendar_of(user).unknown(today, today + AHEAD),
            "keeps_calendar": keeps_calendar(user),
            "stranded": unstaffed_under(user)[:COUNTED].count() if user.administers else 0,
            "failed_jobs": work.failed_under(user)[:COUNTED].count() if user.administers else 0,
            "to_score": ScoreSheet.objects.to_be_scored_by(user).filter(state="open").count(),
            "returns": returns.waiting_for(user) if user.current_posts else [],
            "reminders": [(reminders.REMINDERS[key], counts[key]) for key in reminded if counts[key]],
            "most_reminded": reminders.MOST,
            "supervised": supervision.waiting_for(user) if user.current_posts else [],
        },
    )


class TaskQuery(Query):
    """One pile, narrowed by a keyword."""

    box = forms.ChoiceField(
        label=_("List"),
        required=False,
        initial="waiting",
        choices=[(box.key, box.title) for box in BOXES.values()],
        widget=forms.HiddenInput,
    )
    q = forms.CharField(label=_("Keyword"), required=False, max_length=100)


@login_required
@require_safe
def tasks(request):
    query = TaskQuery(request)
    box = BOXES[query.cleaned_data["box"] or "waiting"]
    rows = box.rows(request.user)
    if query.cleaned_data["q"]:
        rows = rows.search(query.cleaned_data["q"])
    page, links = query.page(described(rows), list(box.order))
    today = timezone.localdate()
    return render(
        request,
        "desk/tasks.html",
        {
            "query": query,
            "box": box,
            "boxes": BOXES.values(),
            "picking": box.key == "waiting",
            "rows": told(placed(page, home=request.user.home_region), today, calendar_of(request.user)),
            "links": links,
        },
    )


def _sits_above(user, programme):
    return any(post.office.region_id == programme.region_id for post in user.current_posts)
