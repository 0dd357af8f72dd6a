"""专家评分: what the deciding office sets up and sees, and the sheets of one expert."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.offices.models import User
from linkage.foundation.filters import strict_query
from linkage.foundation.masking import mask_numbers
from projects import rules
from projects.forms.filing import ReasonForm
from projects.forms.scoring import USUAL, CriteriaForm, ExpertForm, ScoreForm
from projects.models import FIELDS, Expert, Project, ScoreSheet
from projects.models.board import open_batch, waiting_at
from projects.models.listing import place_of, placed
from projects.models.scoring import SPREAD_NOTED, places, results
from projects.services import scoring as verbs
from projects.views.selection import programme_of, require_selector

SHOWN = ("community_profile", "needs_analysis", "service_targets", "service_plan", "expected_outcome")


@login_required
@require_safe
def scoring(request, code):
    """The criteria, the experts and what they have given so far."""
    strict_query(request, ("large",))
    return _page(request, programme_of(request, code))


@login_required
@require_POST
def criteria(request, code):
    programme = programme_of(request, code)
    require_selector(request, programme)
    form = CriteriaForm(request.POST, of_programme=programme.criteria.exists())
    if form.is_valid():
        try:
            verbs.set_criteria(programme, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            for name, errors in problems.message_dict.items():
                form.add_error(name, errors)
        else:
            messages.success(request, _("The criteria are kept."))
            return redirect("projects:scoring", code)
    return _page(request, programme, criteria_form=form, status=422)


@login_required
@require_POST
def expert(request, code):
    """Name an expert, or give one the projects that have arrived since."""
    programme = programme_of(request, code)
    require_selector(request, programme)
    form = ExpertForm(request.POST)
    if form.is_valid():
        found = User.objects.visible_to(request.user).filter(
            username=form.cleaned_data["username"].strip(), is_active=True
        )
        user = found.first()
        if user is None:
            form.add_error("username", _("There is no such account within your place."))
        elif (selection := _batch_for_experts(programme, request.user)) is None:
            form.add_error(None, _("Set the criteria first."))
        else:
            every = form.cleaned_data["every"] != "some"
            named = verbs.name_expert(selection, user, by=request.user, every=every)
            if not every:
                return redirect("projects:scoring_assign", code, named.pk)
            messages.success(request, _("%(name)s may score now.") % {"name": user})
            return redirect("projects:scoring", code)
    return _page(request, programme, expert_form=form, status=422)


def _batch_for_experts(programme, user):
    """The batch on the board; where the programme sets the criteria, the first expert opens it."""
    found = open_batch(programme)
    return verbs.begin(programme, by=user) if found is None and programme.criteria.exists() else found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request, code, pk):
    """Which of the waiting projects one expert scores."""
    strict_query(request, ("large",))
    programme = programme_of(request, code)
    require_selector(request, programme)
    experts = Expert.objects.filter(selection__programme=programme, selection__state="draft")
    expert = get_object_or_404(experts.select_related("user", "selection__programme__region"), pk=pk)
    if request.method == "POST":
        chosen = request.POST.getlist("project")
        if not all(word.isdecimal() and len(word) < 19 for word in chosen):
            raise BadRequest
        verbs.assign(expert, {int(word) for word in chosen}, by=request.user)
        messages.success(request, _("%(name)s scores the projects you ticked.") % {"name": expert})
        return redirect("projects:scoring", code)
    sheets = {sheet.project_id: sheet for sheet in expert.sheets.all()}
    waiting = waiting_at(programme).select_related("region").order_by("region__path", "pk")
    rows = [(project, sheets.get(project.pk)) for project in placed(waiting)]
    context = {"programme": programme, "expert": expert, "rows": rows}
    return render(request, "projects/scoring_assign.html", context)


def _page(request, programme, *, status=200, **more):
    selection = open_batch(programme)
    own = programme.criteria.all()
    may = rules.selects(request.user, programme) and (selection is None or selection.is_draft)
    lines = [f"{row.name} {row.points}" for row in selection.criteria.all()] if selection else []
    start = {
        "lines": "\n".join(lines) or USUAL,
        "drops_extremes": bool(selection and selection.drops_extremes),
    }
    experts = list(selection.experts.select_related("user").prefetch_related("sheets")) if selection else []
    for one in experts:
        sheets = list(one.sheets.all())
        one.done = sum(sheet.state == ScoreSheet.State.HANDED_IN for sheet in sheets)
        one.recused = [sheet for sheet in sheets if sheet.state == ScoreSheet.State.RECUSED]
        one.given = len(sheets) - len(one.recused)
    context = {
        "programme": programme,
        "selection": selection,
        "may_select": may,
        "criteria": selection.criteria.all() if selection else own,
        "of_programme": bool(own),
        "experts": experts,
        "rows": _results(selection, experts) if selection else [],
        "noted": SPREAD_NOTED,
        "criteria_form": CriteriaForm(initial=start, of_programme=bool(own)),
        "expert_form": ExpertForm(),
        **more,
    }
    return render(request, "projects/scoring.html", context, status=status)


def _results(selection, experts):
    """Every scored project, the best first, with the total of each expert beside it."""
    found = results(selection)
    projects = placed(Project.objects.filter(pk__in=found).select_related("region"))
    ranks = places([result.average for result in found.values()])
    for project in projects:
        project.result = found[project.pk]
        given = dict(project.result.totals)
        project.totals = [(one, given.get(one.pk)) for one in experts]
        project.average = float(project.result.average)
        project.rank = ranks[project.result.average]
    return sorted(projects, key=lambda project: (project.rank, project.pk))


# The expert


@login_required
@require_safe
def sheets(request):
    """What this person is asked to score; nobody else's sheets."""
    strict_query(request, ("large",))
    rows = ScoreSheet.objects.to_be_scored_by(request.user)
    rows = list(
        rows.select_related("expert__selection__programme", "project__region").order_by("state", "pk")
    )
    placed([row.project for row in rows])
    return render(request, "projects/sheets.html", {"sheets": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, pk):
    """One project as it was handed in, without numbers of people, and its sheet."""
    strict_query(request, ("large",))
    found = _sheet(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ScoreForm(found, data)
    if form.is_bound and form.is_valid():
        try:
            verbs.hand_in(found, form.points, by=request.user, remark=form.cleaned_data["remark"])
        except ValidationError as problems:
            for name, errors in problems.message_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            messages.success(request, _("The scores are handed in."))
            return redirect("projects:sheets")
    return _sheet_page(request, found, form, status=422 if form.is_bound else 200)


@login_required
@require_POST
def recuse(request, pk):
    found = _sheet(request, pk)
    form = ReasonForm(request.POST, prefix="recuse")
    if not form.is_valid():
        return _sheet_page(request, found, ScoreForm(found), recusal=form, status=422)
    verbs.recuse(found, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("You have recused yourself from this project."))
    return redirect("projects:sheets")


def _sheet(request, pk):
    rows = ScoreSheet.objects.to_be_scored_by(request.user)
    return get_object_or_404(
        rows.select_related("expert__selection__programme", "project__region", "project__track"), pk=pk
    )


def _sheet_page(request, found, form, *, recusal=None, status=200):
    project = found.project
    submission = project.latest_submission
    if submission is None:
        raise Http404
    said = submission.snapshot
    passages = [(FIELDS[name], mask_numbers(said.get(name) or "")) for name in SHOWN]
    context = {
        "sheet": found,
        "project": project,
        "place": place_of(project.lineage),
        "title": mask_numbers(said.get("title") or project.title),
        "passages": [(label, text) for label, text in passages if text],
        "methods": "、".join(said.get("service_methods") or []),
        "budget": [
            (mask_numbers(line.purpose), mask_numbers(line.basis), line.amount)
            for line in project.budget.all()
        ],
        "form": form,
        "recusal": recusal or ReasonForm(prefix="recuse"),
    }
    return render(request, "projects/sheet.html", context, status=status)
