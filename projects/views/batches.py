"""批量审核: choose many, see how many and how much, say one opinion, read one line for each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linkage.foundation import idempotency
from linkage.foundation.filters import strict_query
from projects.forms.batch import BatchForm
from projects.models import Batch, BatchItem, Phrase, Project, Verdict
from projects.models.listing import described, placed, told
from projects.services import batch as batches
from projects.services import phrases

SHOWN = 30  # of a confirmation, and of the batches begun
CHOSEN = ("region", "track", "acting_office")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """What was ticked in the inbox, or all of it, to be confirmed: how many, how much."""
    if request.method != "POST":
        return redirect(_inbox())
    waiting = Project.objects.visible_to(request.user).waiting_for(request.user)
    if request.POST.get("all"):
        words = request.POST.get("q", "").strip()[:100]
        rows = waiting.search(words) if words else waiting
    else:
        rows = waiting.filter(pk__in=_numbers(request.POST.getlist("project")))
    found = list(rows.select_related(*CHOSEN).order_by("step_since", "pk")[: batches.MOST + 1])
    if len(found) > batches.MOST:
        found = found[: batches.MOST]
        messages.info(
            request, _("The first %(most)s are chosen; the others come next.") % {"most": batches.MOST}
        )
    if not found:
        messages.warning(request, _("Choose at least one project."))
        return redirect(_inbox())
    return _confirm(request, found, BatchForm(initial={"verdict": Verdict.APPROVE}))


def _confirm(request, found, form, status=200):
    """The page that asks once more; those that need a look of their own are told apart."""
    batches.with_routes(found)
    alone = {project.pk: reason for project in found if (reason := batches.why_not_many(project))}
    together = [project for project in found if project.pk not in alone]
    if not form.is_bound and together:
        form.initial["opinion"] = form.initial["wording"] = _wording(together)
    shown = told(
        placed(
            described(Project.objects.filter(pk__in=[one.pk for one in together[:SHOWN]])).order_by(
                "step_since", "pk"
            )
        )
    )
    context = {
        "form": form,
        "together": together,
        "shown": shown,
        "alone": [(project, alone[project.pk]) for project in found if project.pk in alone],
        "amount": sum((project.requested_subsidy or 0) for project in together),
        "items": " ".join(f"{one.pk}:{one.step}:{one.round}" for one in together),
        "at_once": batches.AT_ONCE,
        "phrases": Phrase.objects.offered_to(request.user),
    }
    return render(request, "projects/batch_confirm.html", context, status=status)


def _wording(found):
    """The wording of consent of their step, where it is the same for all and names no money."""
    words = {project.current_route_step.opinion_template for project in found[:SHOWN]}
    word = words.pop() if len(words) == 1 else ""
    return "" if batches.chain.BLANK in word else word


@login_required
@require_POST
def start(request):
    """The chosen items as they stood on the screen, with one verdict and one opinion."""
    form = BatchForm(request.POST)
    if not form.is_valid():
        return _again(request, form)

    def do():
        try:
            batch = batches.start(form.chosen, by=request.user, **form.word)
        except Project.DoesNotExist:
            raise Http404 from None
        phrases.used(batch.opinion, by=request.user)
        return batch

    try:
        return idempotency.once_for_page(request, lambda: _address(do()))
    except ValidationError as problems:
        form.refuse(problems)
        return _again(request, form)


def _again(request, form):
    """The same items with what is wrong; those that went on meanwhile are left out."""
    chosen = [pk for pk, __, __ in form.chosen]
    if not chosen:
        messages.warning(request, _("Choose at least one project."))
        return redirect(_inbox())
    rows = Project.objects.visible_to(request.user).waiting_for(request.user).filter(pk__in=chosen)
    return _confirm(
        request, list(rows.select_related(*CHOSEN).order_by("step_since", "pk")), form, status=422
    )


@login_required
@require_safe
def batch_list(request):
    strict_query(request, ("large",))
    rows = Batch.objects.of(request.user).counted().select_related("job")[:SHOWN]
    return render(request, "projects/batches.html", {"rows": rows})


@login_required
@require_safe
def result(request, pk):
    """One line for each item; while the job runs, how far it is."""
    asked = strict_query(request, {"large": str, "show": BatchItem.State.values})
    batch = get_object_or_404(Batch.objects.of(request.user).counted().select_related("job"), pk=pk)
    items = batch.items.select_related("project__region", "decision").order_by("-state", "project")
    if asked.get("show"):
        items = items.filter(state=asked["show"])
    items = list(items)
    places = {project.pk: project.place for project in placed([item.project for item in items])}
    context = {
        "batch": batch,
        "items": [(item, places[item.project_id]) for item in items],
        "show": asked.get("show", ""),
        "under_way": batch.job is not None and batch.job.is_open,
    }
    return render(request, "projects/batch_result.html", context)


def _numbers(texts):
    if len(texts) > batches.MOST or not all(text.isdecimal() and len(text) < 19 for text in texts):
        raise BadRequest
    return [int(text) for text in texts]


def _inbox():
    return f"{reverse('desk:tasks')}?box=waiting"


def _address(batch):
    return reverse("projects:batch_result", args=[batch.pk])
