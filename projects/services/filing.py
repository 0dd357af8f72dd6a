"""What a community does with its application: open, fill, confirm, submit, withdraw, take up again."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Region
from communities.offices.rules import sits_in_community, sits_in_street_above
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import (
    EDITABLE,
    BudgetLine,
    Project,
    ProjectEvent,
    SourceLine,
    Status,
    Submission,
    gaps,
    snapshot,
    why_gone,
)
from projects.services import entries, rounds, routing
from projects.services.moving import arrive, locked, record, require, touch
from projects.services.numbering import next_number


class ChangedElsewhere(NotNow):
    """Somebody saved this form in another window after it was opened in this one."""


FORM_FIELDS = (
    "title",
    "track",
    "community_profile",
    "needs_analysis",
    "service_targets",
    "service_methods",
    "service_plan",
    "focus_fields",
    "start_date",
    "end_date",
    "requested_subsidy",
    "expected_outcome",
    "collected_from",
    "collected_to",
    "suggestions",
)


@transaction.atomic
def start(programme, region, *, by, title, track=None):
    """Open a draft for a community, its overview taken from the latest profile on record."""
    if region.level != Region.Level.COMMUNITY:
        raise ValidationError({"region": _("Only a community can apply.")})
    from_street = not sits_in_community(by, region)
    if from_street and not sits_in_street_above(by, region):
        raise PermissionDenied
    today = timezone.localdate()
    if not programme.active:
        raise NotNow(_("This programme has not been opened yet."))
    if not programme.is_open_for("planning", today):
        raise NotNow(programme.why_not_open_for("planning", today))
    track = track or programme.tracks.filter(counts_against_quota=True).first() or programme.tracks.first()
    reason = why_gone(region, today) or programme.why_not_eligible(region, today)
    if reason:
        raise ValidationError({"region": reason})
    if not title.strip():
        raise ValidationError({"title": _("Fill in the project name")})
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    twin = Project.objects.filter(
        programme=programme, region=region, title=title.strip(), status=Status.DRAFT, created_by=by
    ).first()
    if twin is not None:
        url = reverse("projects:edit", args=[twin.pk])
        raise NotNow(_("You have already opened a draft of this name; here it is."), url=url)
    profile = region.profiles.latest(today).first()
    project = Project(
        programme=programme,
        region=region,
        track=track,
        title=title.strip(),
        community_profile=profile.describe()[:500] if profile else "",
        profile_as_of=profile.as_of if profile else None,
        status=Status.DRAFT,
        step=programme.steps.first().key,
        created_by=by,
        typed_for_community=from_street,
    )
    project.full_clean(exclude=["needs"])
    project.save()
    record(project, ProjectEvent.Kind.CREATED, by=by, office=by.main_post.office)
    return project


@transaction.atomic
def save_draft(project, *, by, fields=None, budget=None, sources=None, needs=None, version=None):
    """Keep what has been filled in so far, however incomplete. Answers the project as saved.

    ``budget`` is a list of {"purpose", "basis", "amount"}, ``sources`` of {"kind", "confirmed",
    "amount"}, amounts in yuan; each replaces all lines, as ``needs`` replaces all needs chosen.
    ``version`` guards against two open windows.
    """
    project = editable(project, by)
    _require_version(project, version)
    before, chosen = confirmed_words(project), project.track_id
    for name, value in (fields or {}).items():
        if name not in FORM_FIELDS:
            raise ValidationError({name: _("This cannot be changed here.")})
        setattr(project, name, value)
    problems = entries.too_long(project)
    try:
        project.full_clean(exclude=["needs", "hearing", "assembly", "notice"], validate_constraints=False)
    except ValidationError as error:
        problems.update(error.message_dict)
    if "track" in (fields or {}):
        problems.update(entries.wrong_track(project, chosen))
    if needs is not None and any(need.region_id != project.region_id for need in needs):
        problems["needs"] = [_("This belongs to another community.")]
    lines = {
        "budget": entries.lines_of(BudgetLine, project, budget),
        "sources": entries.lines_of(SourceLine, project, sources),
    }
    for name, (__, errors) in lines.items():
        if errors:
            problems[name] = errors
    if project.start_date and project.end_date and project.end_date < project.start_date:
        problems.setdefault("end_date", []).append(_("The project ends before it starts"))
    if problems:
        raise ValidationError(problems)
    for (rows, __), model, given in (
        (lines["budget"], BudgetLine, budget),
        (lines["sources"], SourceLine, sources),
    ):
        if given is not None:
            model.objects.filter(project=project).delete()
            model.objects.bulk_create(rows)
    if needs is not None:
        project.needs.set(needs)
    void_confirmation(project, by, before)
    touch(project)
    return project


def current_version(project):
    """The version an other window has left behind."""
    return Project.objects.values_list("version", flat=True).get(pk=project.pk)


def _require_version(project, version):
    if version is not None and version != project.version:
        raise ChangedElsewhere(_("This form was changed in another window. Reload it before you go on."))


def confirmed_words(project):
    """What the community has confirmed of a form the street typed; None where nothing was."""
    return snapshot(project) if project.confirmed_at else None


def void_confirmation(project, by, before):
    """What the street types after the community confirmed must be confirmed anew."""
    if before is None or sits_in_community(by, project.region):
        return
    project.__dict__.pop("filled_slots", None)
    if snapshot(project) != before:
        project.confirmed_by, project.confirmed_at = "", None


@transaction.atomic
def link(project, *, by, **records):
    """Hang a hearing, an assembly or a notice of the same community on the application."""
    project = editable(project, by)
    before = confirmed_words(project)
    for name, item in records.items():
        if item.region_id != project.region_id:
            raise ValidationError({name: _("This belongs to another community.")})
        setattr(project, name, item)
    void_confirmation(project, by, before)
    touch(project, form=False)
    return project


@transaction.atomic
def choose_needs(project, needs, *, by):
    """Say which gathered needs the project answers. All must be of the same community."""
    project = editable(project, by)
    if any(need.region_id != project.region_id for need in needs):
        raise ValidationError({"needs": _("This belongs to another community.")})
    before = confirmed_words(project)
    project.needs.set(needs)
    void_confirmation(project, by, before)
    touch(project, form=False)
    return project


@transaction.atomic
def confirm(project, *, by, name=""):
    """The community stands by what the street typed for it (代录).

    A person of the community confirms with the account; where it has none, the street clerk enters
    who confirmed on the stamped paper, and the scan must lie in its slot.
    """
    project = editable(project, by)
    if not project.typed_for_community:
        raise NotNow(_("The community filled this in itself; there is nothing to confirm."))
    if sits_in_community(by, project.region):
        name = str(by)
    elif not name.strip():
        raise ValidationError({"confirmed_by": _("Enter who confirmed for the community.")})
    elif "stamped_form" not in project.filled_slots:
        raise ValidationError({"slot-stamped_form": _("Upload the form that the community stamped first.")})
    project.confirmed_by = name.strip()
    project.confirmed_at = timezone.now()
    touch(project, form=False)
    record(project, ProjectEvent.Kind.CONFIRMED, by=by, text=project.confirmed_by)
    return project


@transaction.atomic
def submit(project, *, by, version=None):
    """Hand the application in: every gap is named at once, or the chain begins (GS-5.2b)."""
    project = locked(project)
    if project.status not in EDITABLE:
        raise NotNow(_("This application has been submitted already."))
    require(rules.can_submit, by, project)
    _require_version(project, version)
    today = timezone.localdate()
    if project.status == Status.DRAFT and not project.programme.is_open_for("filing", today):
        raise NotNow(project.programme.why_not_open_for("filing", today))
    missing = gaps(project, today)
    if missing:
        problems = {}
        for gap in missing:
            problems.setdefault(gap.anchor, []).append(gap.text)
        raise ValidationError(problems)
    if project.submitted_at is None:
        routing.fix(project)
        project.number = next_number(project)
        project.submitted_at = timezone.now()
    made = Submission.objects.create(
        project=project, round=project.round, snapshot=snapshot(project), submitted_by=by
    )
    rounds.carry_unchanged(project, made.snapshot)
    record(project, ProjectEvent.Kind.SUBMITTED, by=by, step="submission", office=by.main_post.office)
    arrive(project, after=0)
    return project


@transaction.atomic
def withdraw(project, *, by, reason=""):
    """Take the application back while no office has acted on it in this round."""
    project = locked(project)
    if project.status != Status.IN_REVIEW:
        raise NotNow(_("This project is not under review."))
    require(rules.can_withdraw, by, project)
    if project.was_acted_on:
        raise NotNow(_("An office has already acted on it; it can no longer be withdrawn."))
    project.status, project.step, project.acting_office = Status.WITHDRAWN, None, None
    touch(project, moved=True)
    record(project, ProjectEvent.Kind.WITHDRAWN, by=by, text=reason.strip())
    return project


@transaction.atomic
def reopen(project, *, by):
    """Take a withdrawn application up again for editing, in a new round."""
    project = locked(project)
    if project.status != Status.WITHDRAWN:
        raise NotNow(_("Only a withdrawn application can be taken up again."))
    require(rules.files_it, by, project)
    project.status, project.step = Status.RETURNED, "submission"
    project.round += 1
    touch(project, moved=True)
    record(project, ProjectEvent.Kind.REOPENED, by=by)
    return project


def editable(project, by):
    """The project, locked, if this person may write in it now."""
    project = locked(project)
    if not project.is_editable:
        raise NotNow(_("A submitted application can no longer be changed."))
    require(rules.can_edit, by, project)
    return project
