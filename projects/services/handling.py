"""Inside an office: pass an item on, ask for a proposal, propose, send a proposal back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from communities.offices.models import Post, User
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Handling, Status, Verdict
from projects.services.moving import locked

TO_SOMEBODY = (Handling.Kind.TRANSFER, Handling.Kind.DELEGATE)


def colleagues(project, by):
    """Who else works in the acting office today."""
    there = Post.objects.current().filter(office=project.acting_office.heir, role__in=Post.FILING)
    return User.objects.filter(is_active=True, pk__in=there.values("user")).exclude(pk=by.pk)


@transaction.atomic
def assign(project, to, kind, *, by, note="", step=None, round=None, within=None):
    """转办 or 委派: the item lies with a colleague from now on; the office answers for it as before."""
    project = _here(project, step, round, within)
    _require(rules.may_assign, by, project)
    problems = {}
    if kind not in TO_SOMEBODY:
        problems["kind"] = [_("Choose whether to pass it on or to ask for a proposal.")]
    if to is None or not colleagues(project, by).filter(pk=to.pk).exists():
        problems["to"] = [_("Choose a colleague who works in the same office.")]
    elif kind == Handling.Kind.TRANSFER and not rules.can_take_over(to, project):
        problems["to"] = [_("This colleague may not decide on it; choose another, or ask for a proposal.")]
    if len(note.strip()) > 200:
        problems["note"] = [_("At most %(limit)s characters.") % {"limit": 200}]
    if problems:
        raise ValidationError(problems)
    return _write(project, kind, by, to=to, note=note)


@transaction.atomic
def propose(project, verdict, *, by, opinion, step=None, round=None, within=None):
    """拟办: put a verdict with its words before whoever signs."""
    project = _here(project, step, round, within)
    _require(rules.may_propose, by, project)
    problems = {}
    if verdict not in Verdict.values:
        problems["verdict"] = [_("Choose agree, return or disagree.")]
    if not opinion.strip():
        problems["opinion"] = [_("Write the opinion.")]
    elif len(opinion.strip()) > 500:
        problems["opinion"] = [_("The opinion is longer than 500 characters.")]
    if problems:
        raise ValidationError(problems)
    return _write(project, Handling.Kind.PROPOSE, by, verdict=verdict, opinion=opinion.strip())


@transaction.atomic
def send_back(project, *, by, note, step=None, round=None, within=None):
    """退经办人: the proposal is to be made anew, by who made it."""
    project = _here(project, step, round, within)
    _require(rules.can_decide, by, project)
    proposal = project.proposal
    if proposal is None:
        raise NotNow(_("There is no proposal to send back."))
    if not note.strip():
        raise ValidationError({"note": _("Say what is to be changed.")})
    if len(note.strip()) > 200:
        raise ValidationError({"note": _("At most %(limit)s characters.") % {"limit": 200}})
    return _write(project, Handling.Kind.SEND_BACK, by, to=proposal.by, note=note)


def _here(project, step, round, within):
    project = locked(project, within)
    moved = (step is not None and step != project.step) or (round is not None and round != project.round)
    if project.status != Status.IN_REVIEW or moved:
        raise NotNow(_("The project has gone on meanwhile."))
    return project


def _require(rule, by, project):
    by.ask_posts_anew()
    if not rule(by, project):
        raise PermissionDenied


def _write(project, kind, by, *, to=None, note="", verdict="", opinion=""):
    return Handling.objects.create(
        project=project,
        round=project.round,
        step=project.step,
        kind=kind,
        office=project.acting_office,
        by=by,
        by_name=str(by),
        to=to,
        to_name=str(to) if to else "",
        note=note.strip(),
        verdict=verdict,
        opinion=opinion,
    )
