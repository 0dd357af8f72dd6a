"""The page of one project: read it, decide on it, compare its rounds, print its form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.offices.models import Post
from linkage.foundation import uploads
from linkage.foundation.errors import NotNow
from linkage.foundation.filters import strict_query
from linkage.foundation.idempotency import once_per_form
from linkage.foundation.money import wan
from linkage.foundation.workdays import calendar_of
from projects import rules
from projects.documents import application_form, record
from projects.documents.evidence import evidence
from projects.documents.sheet import sheet_of
from projects.forms.review import DecisionForm, markable_of
from projects.models import (
    Attachment,
    Correction,
    Decision,
    Phrase,
    Project,
    ProjectEvent,
    Prompt,
    Slot,
    Status,
    Verdict,
    changes,
    deadline,
    side_by_side,
    story,
)
from projects.models.listing import placed
from projects.procedure import APPLICANT
from projects.services import chain, phrases
from projects.views.correction import may_correct
from projects.views.inside import panel

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
@require_safe
def detail(request, pk):
    strict_query(request, ("large",))
    return _page(request, _found(request, pk))


@login_required
@require_POST
@once_per_form
def decide(request, pk):
    project, mine = Project(pk=pk), Project.objects.visible_to(request.user)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            decision = chain.decide(project, by=request.user, within=mine, **form.word)
        except Project.DoesNotExist:
            raise Http404 from None
        except NotNow as reason:
            messages.warning(request, str(reason))
            return redirect(project)
        except ValidationError as problems:
            form.refuse(problems)
        else:
            phrases.used(decision.opinion, by=request.user)
            messages.success(request, _what_follows(decision))
            return redirect(project)
    project = _found(request, pk)
    if not rules.can_decide(request.user, project):
        raise PermissionDenied
    return _page(request, project, form)


@login_required
@require_safe
def compare(request, pk):
    """与上次申报对比: two rounds side by side, without being asked the last two; ``whole``: every field."""
    asked = strict_query(request, {"old": int, "new": int, "whole": str, "large": str})
    project = _found(request, pk)
    rounds = {submission.round: submission for submission in project.submissions.all()}
    numbers = sorted(rounds)
    new = asked.get("new", numbers[-1] if numbers else 0)
    earlier = [number for number in numbers if number < new]
    old = asked.get("old", earlier[-1] if earlier else 0)
    if old not in rounds or new not in rounds:
        messages.warning(request, _("There is no earlier round to compare with."))
        return redirect(project)
    first, last = sorted((old, new))
    fields = side_by_side(rounds[first].snapshot, rounds[last].snapshot)
    changed = [field for field in fields if field.differs]
    returns = [word for word in project.decisions.all() if word.return_to and first <= word.round < last]
    return render(
        request,
        "projects/compare.html",
        {
            "project": project,
            "old": rounds[first],
            "new": rounds[last],
            "rounds": numbers,
            "count": len(changed),
            "whole": "whole" in asked,
            "changes": fields if "whole" in asked else changed,
            "returns": returns,
            "notes": {mark["field"]: mark["note"] for word in returns for mark in word.marks},
        },
    )


@login_required
@require_safe
def form(request, pk):
    """The application form as a file to print, sign and stamp."""
    strict_query(request, ())
    project = _found(request, pk)
    sheet = sheet_of(project, current=rules.can_edit(request.user, project))
    name = _("Application form - %(project)s.docx") % {"project": project.number or project.title}
    return FileResponse(
        application_form.build(sheet, project), as_attachment=True, filename=name, content_type=DOCX
    )


def _found(request, pk):
    """The project with all that its page tells, if this person may see it."""
    files = Attachment.objects.filter(removed_at__isnull=True)
    projects = (
        Project.objects.visible_to(request.user)
        .select_related(
            *("programme", "region", "track", "acting_office__region"),
            *("hearing", "party_deliberation", "assembly", "notice"),
        )
        .prefetch_related(
            "programme__steps",
            *("programme__form_rows", "programme__phases", "announcements"),
            Prefetch("decisions", queryset=Decision.objects.select_related("office")),
            "events",
            "submissions",
            "carried",
            Prefetch("corrections", queryset=Correction.objects.select_related("decision")),
            "prompts",
            Prefetch("attachments", queryset=files),
        )
    )
    project = get_object_or_404(projects, pk=pk)
    placed([project], home=request.user.home_region)
    submissions = sorted(project.submissions.all(), key=lambda submission: submission.round)
    project.latest_submission = submissions[-1] if submissions else None
    return project


def refused(request, pk, forms):
    """The page with one form of the office's inside as it came back: ``{name: form}``."""
    project = _found(request, pk)
    ((name, form),) = forms.items()
    if not panel(request.user, project).get(name):
        raise PermissionDenied
    return _page(request, project, inside={name: form})


def _page(request, project, form=None, inside=None):
    """``form``: a decision that came back with its errors; ``inside``: the same of a form of the panel."""
    user = request.user
    post = rules.post_to_decide(user, project) if project.status == Status.IN_REVIEW else None
    closed = project.programme.why_not_open_for("reviewing") if post else ""
    deciding = post is not None and not closed
    writing = rules.can_edit(user, project)
    stop = project.current_route_step
    submissions = list(project.submissions.all())
    urged = [prompt for prompt in project.prompts.all() if prompt.kind == Prompt.Kind.URGED]
    context = {
        "project": project,
        "stages": story(project),
        "sheet": sheet_of(project, current=writing),
        "opinions": record.opinions(project),
        "earlier_opinions": record.earlier_opinions(project),
        "timeline": record.timeline(project),
        "evidence": evidence(project),
        "attachments": _by_step(project),
        "step_label": record.label_of(project, stop) if stop else "",
        "due": deadline(project.step_since, stop.days, calendar_of(request.user)) if stop else None,
        "can_decide": deciding,
        "stands_in_for": post.user if deciding and post.user_id != user.pk else None,
        "may_urge": project.status == Status.IN_REVIEW and rules.can_urge(user, project),
        "urged": len(urged),
        "urged_today": any(prompt.on == timezone.localdate() for prompt in urged),
        "can_edit": writing,
        "may_correct": may_correct(user, project),
        "files_it": rules.files_it(user, project),
        "changed": _changed(submissions),
        "returned": project.open_return,
        "passed_over": _passed_over(project),
        "scan": _to_be_scanned(user, project),
        "accept": uploads.ACCEPT,
        "hindered": "" if deciding else closed or _hindered(user, project),
        "previous_round": submissions[-2].round if len(submissions) > 1 else None,
    }
    context.update(panel(user, project, inside))
    if inside:
        (context["sent_back"],) = inside.values()
    if deciding:
        context.update(_decision(user, project, stop, form))
    return render(request, "projects/detail.html", context, status=422 if form or inside else 200)


def _decision(user, project, stop, form):
    """What the decision bar needs: the forms of the three verdicts, prefilled or as they came back."""
    last = chain.is_last(project)
    step = project.programme.step(stop.key)
    start = {
        "step": project.step,
        "round": project.round,
        "signed_on": timezone.localdate(),
        "granted_amount": project.requested_subsidy,
    }
    consent = stop.opinion_template.replace(chain.BLANK, wan(project.requested_subsidy))
    if last and not project.track.counts_against_quota:
        consent = ""  # the wording of this level speaks of the level above, which this track does not reach
    wordings = {
        Verdict.APPROVE: consent,
        Verdict.RETURN: step.return_template if step else "",
        Verdict.REJECT: "",
    }
    markable = markable_of(project)
    proposal = project.proposal
    if proposal is not None:
        start["handler"] = proposal.by_name
        wordings[proposal.verdict] = proposal.opinion
    forms = {
        verdict.value: DecisionForm(
            initial={**start, "verdict": verdict, "opinion": wordings[verdict]},
            auto_id=f"{verdict.value}_%s",
            markable=markable if verdict == Verdict.RETURN else (),
        )
        for verdict in Verdict
    }
    refused = ""
    if form:
        refused = form.data.get("verdict") if form.data.get("verdict") in Verdict.values else "approve"
        form.auto_id = f"{refused}_%s"
        forms[refused] = form
    return {
        "forms": forms,
        "stop": stop,
        "targets": _targets(project, forms["return"]),
        "grants": last and project.track.counts_against_quota,
        "refused": refused,
        "return_open": refused == Verdict.RETURN,
        "reject_open": refused == Verdict.REJECT,
        "wording": consent,
        "phrases": list(Phrase.objects.offered_to(user)),
    }


def _targets(project, form):
    """To whom it may be returned: ``[(value, who, what happens then, chosen)]``, the applicant first."""
    chosen = form["return_to"].value() or APPLICANT
    found = [
        (
            APPLICANT,
            _("%(community)s, the applicant") % {"community": project.region.name},
            _("It mends the form and hands it in again."),
        )
    ]
    for stop in project.may_return_to:
        who = f"{stop.office.heir.name}（{record.label_of(project, stop)}）"
        found.append((stop.key, who, _("It decides anew; the form stays as it is.")))
    return [(*one, one[0] == chosen) for one in found]


def _by_step(project):
    """The files with the word of their step, in the order of the procedure."""
    words = {step.key: step.verb for step in project.programme.steps.all()}
    order = list(words)
    files = list(project.attachments.all())
    for file in files:
        file.step_word = words.get(file.step, "")
    return sorted(files, key=lambda file: (order.index(file.step) if file.step in words else 99, file.pk))


def _to_be_scanned(user, project):
    """The decision of this person's office that has no stamped scan beside it yet."""
    scanned = {file.step for file in project.attachments.all() if file.slot == Slot.STAMPED_OPINION}
    for word in reversed(project.decisions.all()):
        if word.step not in scanned and rules.can_add_scan(user, word):
            return word
    return None


def _hindered(user, project):
    """Why nobody can decide this one, or why somebody of the acting office may not."""
    if project.acting_office and project.acting_office.heir.is_closed:
        return _(
            "%(office)s has been closed and no office took over. The administrator above has to name the one"
            " that goes on."
        ) % {"office": project.acting_office.heir.name}
    if project.status != Status.IN_REVIEW or not rules.sits_in_acting_office(user, project):
        return ""
    if rules.is_applicant(user, project):
        return _("You filed this application, so a colleague has to decide on it.")
    posts = user.posts_deciding_for(project.acting_office)
    if project.current_route_step.two_level and not rules.have_had_a_hand_in_it({user.pk}, project):
        return _two_level_hint(user, project)
    if not rules.have_had_a_hand_in_it({user.pk}, project):
        return _(
            "%(holder)s, for whom you stand in, has had a part in this, so another colleague decides."
        ) % {"holder": posts[0].user}
    return _("You have decided another step of this project, so a colleague has to decide on this one.")


def _two_level_hint(user, project):
    if project.proposal is None and not project.could_propose - {user.pk}:
        return _(
            "This step is always for two: one proposes, the leader signs. Nobody else works in your office"
            " who could propose. %(who)s can open an account or give a colleague a post there."
        ) % {"who": _who_keeps_accounts(project.acting_office.heir)}
    if not _leads_today(project):
        return _(
            "A leader has to sign, and your office has none today. %(who)s can give somebody the post."
        ) % {"who": _who_keeps_accounts(project.acting_office.heir)}
    if project.proposal is None:
        return _("A colleague proposes first; then the leader signs.")
    if project.proposal.by_id == user.pk:
        return _("You have proposed; the leader signs.")
    return _("The proposal lies with the leader, who signs.")


def _leads_today(project):
    leaders = Post.objects.current().filter(office=project.acting_office.heir, role=Post.Role.LEADER)
    return leaders.filter(user__is_active=True).exists()


def _who_keeps_accounts(office):
    """The administrator to turn to, by office and name."""
    posts = Post.objects.nearest_administrators(office.region)
    if not posts:
        return _("The administrator of the office above")
    names = "、".join(str(post.user) for post in posts)
    return _("The administrator of %(office)s (%(names)s)") % {"office": posts[0].office.name, "names": names}


def _passed_over(project):
    """The answer of the last batch that left this project out, while it waits on for the next one."""
    answers = [event for event in project.events.all() if event.kind == ProjectEvent.Kind.PASSED_OVER]
    here = project.status, project.step, project.round
    if answers and here == (Status.IN_REVIEW, answers[-1].step, answers[-1].round):
        return answers[-1]
    return None


def _changed(submissions):
    if len(submissions) < 2:
        return 0
    return len(changes(submissions[-2].snapshot, submissions[-1].snapshot))


def _what_follows(decision):
    project = decision.project
    if decision.verdict == Verdict.RETURN:
        if project.acting_office:
            return _("Returned to %(office)s, which decides anew.") % {
                "office": project.acting_office.heir.name
            }
        return _("Returned to %(community)s for revision.") % {"community": project.region.name}
    if decision.verdict == Verdict.REJECT:
        return _("Your disagreement is recorded; the application has ended.")
    if project.acting_office:
        return _("Agreed. The project goes on to %(office)s.") % {"office": project.acting_office.heir.name}
    return _("Agreed. The project is approved.")
