"""The next round: last year's application as a new draft (复制上年), a programme prepared for a new year."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import (
    FormRow,
    Programme,
    ProgrammeCriterion,
    ProgrammePhase,
    ProgrammeStep,
    Project,
    ProjectEvent,
    Quota,
    Track,
)
from projects.services import filing, moving

TEXTS = ("needs_analysis", "service_targets", "service_methods", "service_plan", "focus_fields")
COPIED = (*TEXTS, "expected_outcome", "requested_subsidy")
LATEST_YEAR = 2100


@transaction.atomic
def copy_application(project, programme, *, by, title=""):
    """A new draft of the same community with the texts, methods and money of an earlier application.

    Evidence, needs, dates, files and decisions are not taken over: they belong to the earlier year. The
    overview of the community comes from its latest profile. Money that was secured then is not secured now.
    """
    if not rules.sits_in_community_of(by, project) and not rules.types_for_community(by, project):
        raise PermissionDenied
    if not programme.active:
        raise NotNow(_("This programme has not been opened yet."))
    track = programme.track(project.track.key)
    draft = filing.start(programme, project.region, by=by, title=title or project.title, track=track)
    draft = filing.save_draft(
        draft,
        by=by,
        fields={name: getattr(project, name) for name in COPIED},
        budget=[
            {"purpose": line.purpose, "basis": line.basis, "amount": line.amount}
            for line in project.budget.all()
        ],
        sources=[
            {"kind": line.kind, "confirmed": False, "amount": line.amount} for line in project.sources.all()
        ],
    )
    moving.record(
        draft,
        ProjectEvent.Kind.CREATED,
        by=by,
        text=_("Copied from %(number)s.") % {"number": project.number or project.title},
    )
    return draft


def open_programmes(project, user):
    """The programmes into which this application may be copied today, the latest first."""
    programmes = Programme.objects.visible_to(user).active().prefetch_related("phases")
    return [
        programme
        for programme in programmes.order_by("-pk")
        if programme.is_open_for("planning") and not programme.why_not_eligible(project.region)
    ]


@transaction.atomic
def copy_programme(programme, *, code, title, years, by):
    """The same programme for a later year, as a draft: phases moved, tracks, ceilings, steps and form alike.

    Nothing of what people decided is taken over: extended phases, raised ceilings, pilot places, projects.
    """
    _require(rules.governs_programme, by, programme)
    code, title, problems = code.strip(), title.strip(), {}
    if not title:
        problems["title"] = [_("Fill in the title.")]
    if Programme.objects.filter(code=code).exists():
        problems["code"] = [_("There is a programme with this code already.")]
    if years < 1 or any(phase.ends_on.year + years > LATEST_YEAR for phase in programme.phases.all()):
        problems["years"] = [_("Between 1 and 20 years.")]
    if problems:
        raise ValidationError(problems)
    copy = Programme.objects.create(
        document=programme.document,
        code=code,
        title=title,
        form_title=programme.form_title,
        region=programme.region,
        active=False,
        **{name: getattr(programme, name) for name in SETTINGS},
    )
    for phase in programme.phases.all():
        _copy(ProgrammePhase, phase, copy, **_moved(programme, phase, years), **NOT_EXTENDED)
    for quota in programme.quotas.all():
        _copy(Quota, quota, copy, limit=quota.first_limit)
    for model, rows in (
        (Track, programme.tracks),
        (ProgrammeStep, programme.steps),
        (FormRow, programme.form_rows),
        (ProgrammeCriterion, programme.criteria),
    ):
        for row in rows.all():
            _copy(model, row, copy)
    journal.record("programme.copied", by=by, target=copy, facts={"from": programme.code})
    return copy


LEFT = {"id", "document", "code", "title", "form_title", "region", "active", "shift_days"}
SETTINGS = [field.name for field in Programme._meta.concrete_fields if field.name not in LEFT]
NOT_EXTENDED = {"extended_to": None, "extension_doc_no": "", "extension_basis": ""}


def _copy(model, row, programme, **values):
    names = [field.name for field in model._meta.concrete_fields if field.name not in ("id", "programme")]
    model.objects.create(programme=programme, **{**{name: getattr(row, name) for name in names}, **values})


def _moved(programme, phase, years):
    """The days of the calendar, so many years later; the 29th of February becomes the 28th."""
    return {
        "starts_on": _later(programme.shifted(phase.starts_on), years),
        "ends_on": _later(programme.shifted(phase.ends_on), years),
    }


def _later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


@transaction.atomic
def prepare(programme, *, by, phases, limits):
    """Set the days and ceilings of a programme that is not open yet.

    ``phases`` maps the key of a phase to (first day, last day), ``limits`` the key of a quota to its limit.
    """
    programme = _draft(programme, by)
    problems = {}
    for phase in programme.phases.all():
        first, last = phases[phase.key]
        if last < first:
            problems[f"ends-{phase.key}"] = [_("This phase ends before it begins.")]
        phase.starts_on, phase.ends_on = programme.unshifted(first), programme.unshifted(last)
    for quota in programme.quotas.all():
        if limits[quota.key] < 1:
            problems[f"limit-{quota.key}"] = [_("At least one.")]
        quota.limit = quota.first_limit = limits[quota.key]
    if problems:
        raise ValidationError(problems)
    for row in (*programme.phases.all(), *programme.quotas.all()):
        row.save()
    journal.record("programme.prepared", by=by, target=programme)
    return programme


@transaction.atomic
def activate(programme, *, by):
    """Open a prepared programme: from now on it is found, and its phases say what may be done."""
    programme = _draft(programme, by)
    programme.active = True
    programme.save(update_fields=["active"])
    journal.record("programme.activated", by=by, target=programme)
    return programme


def _draft(programme, by):
    programme = (
        Programme.objects.select_for_update(of=["self"])
        .prefetch_related("phases", "quotas")
        .get(pk=programme.pk)
    )
    _require(rules.governs_programme, by, programme)
    if programme.active or Project.objects.filter(programme=programme).exists():
        raise NotNow(_("This programme is open already."))
    return programme


def _require(rule, by, target):
    by.ask_posts_anew()
    if not rule(by, target):
        raise PermissionDenied
