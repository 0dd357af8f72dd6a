"""What the page of a project shows of the inside of an office: who has it in hand, forms, copies."""

from projects import rules
from projects.forms.handling import AssignForm, CopyForm, ProposeForm, SectionForm, SendBackForm
from projects.models import Copy
from projects.services import handling


def panel(user, project, refused=None):
    """What the page shows of it to who works in an office of the route: forms, and what has passed.

    ``refused`` is ``{name: form}`` of what was sent and came back with its errors, in place of the fresh one.
    """
    within = project.acting_office_id in user.working_offices
    office = rules.office_on_route(user, project)
    found = {}
    if within:
        found |= _inside(user, project)
    if office is not None:
        route = other_offices(project, office)
        found["copy_form"] = CopyForm(route=route, auto_id="copy_%s") if route else None
        found["copies"] = project.copies.select_related("office")
        found["unread"] = Copy.objects.unseen_by(user).filter(project=project)
    return found | (refused or {})


def _inside(user, project):
    screen = {"step": project.step, "round": project.round}
    people = handling.colleagues(project, user)
    may_propose, proposal = rules.may_propose(user, project), project.proposal
    two_level = project.current_route_step.two_level
    by_one = two_level and proposal is None and rules.can_decide(user, project)
    found = {
        "handlings": project.handlings_now,
        "two_level": two_level,
        "by_one": by_one,
        "proposal": proposal,
    }
    if may_propose and not by_one:
        found["propose_form"] = _propose_form(project, screen)
    if rules.may_assign(user, project):
        found["assign_form"] = AssignForm(initial=screen, people=people, auto_id="assign_%s")
    if project.current_route_step.joint_sections:
        sections = rules.sections_to_ask(user, project)
        found["said_by_sections"] = project.said_by_sections
        found["sections_missing"] = project.sections_missing
        if sections:
            found["section_form"] = SectionForm(initial=screen, sections=sections, auto_id="section_%s")
    if proposal and rules.can_decide(user, project):
        found["send_back_form"] = SendBackForm(initial=screen, auto_id="back_%s")
    return found


def _propose_form(project, screen):
    """The wording of consent, or what was proposed before it was sent back."""
    before = [one for one in project.handlings_now if one.verdict]
    start = {"opinion": project.current_route_step.opinion_template}
    if before:
        start = {"verdict": before[-1].verdict, "opinion": before[-1].opinion}
    return ProposeForm(initial={**screen, **start}, auto_id="propose_%s")


def other_offices(project, office):
    return [stop.office for stop in project.route_steps if stop.office_id and stop.office_id != office.pk]
