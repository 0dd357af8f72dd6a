"""What people are told of a project, and who: asked when it is delivered, so it is true of that moment."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Region
from communities.offices.models import Office, Post, people_in
from linkage.foundation.notices import Telling, teller
from projects.models import Decision, PilotArea, Project, Prompt, SelectionItem, Status, Verdict
from projects.models.listing import step_label
from projects.models.owed import owed_of
from projects.services.selection_answers import why_passed_over


def _held(pk):
    """The project as it is, held until what is told of it stands: whoever settles it comes after."""
    return (
        Project.objects.select_for_update(of=("self",))
        .select_related("region", "acting_office__region", "programme")
        .get(pk=pk)
    )


def _deciders(project):
    return people_in(project.acting_office, Post.DECIDING)


def _applicants(project):
    """Those who may file it: in the community, or in the street that types for it."""
    places = [project.region]
    if project.typed_for_community:
        places += [place for place in project.region.ancestors if place.level == Region.Level.STREET]
    found = {}
    for place in places:
        for office in Office.objects.serving(place):
            found |= people_in(office, Post.FILING)
    return found


def _leaders(office):
    """The leaders of an office; where it has none, those of the nearest office above that has."""
    office = office.heir
    places = [office.region, *reversed(office.region.ancestors)]
    for place in places:
        serving = Office.objects.serving(place).first()
        if serving and (found := people_in(serving, [Post.Role.LEADER])):
            return found
    return {}


def _about(project, to, title, *, passes=True, **more):
    """``passes``: true only as long as the project lies where it lies now."""
    return Telling(
        to, title, matter=f"project:{project.pk}" if passes else "", url=project.get_absolute_url(), **more
    )


def _step(project):
    stop = project.current_route_step
    street = next((place for place in project.lineage if place.level == Region.Level.STREET), None)
    return step_label(stop.level, stop.verb, street.name if street else "")


def _where(project):
    return _("%(place)s · %(step)s · %(days)s working days") % {
        "place": project.region.full_name,
        "step": _step(project),
        "days": project.current_route_step.days,
    }


def _still(prompt_pk):
    """The reminder and its project, if it still lies where it did."""
    prompt = Prompt.objects.get(pk=prompt_pk)
    project = _held(prompt.project_id)
    if (project.round, project.step, project.status) != (prompt.round, prompt.step, Status.IN_REVIEW):
        return None, None
    return prompt, project


@teller("project.arrived")
def arrived(facts):
    project = _held(facts["project"])
    if (project.round, project.step, project.status) != (facts["round"], facts["step"], Status.IN_REVIEW):
        return None
    title = _("To be decided: %(project)s") % {"project": project.title}
    return _about(project, _deciders(project), title, text=_where(project), to_act=True)


@teller("project.soon")
def due_soon(facts):
    prompt, project = _still(facts["prompt"])
    if prompt is None:
        return None
    left = facts["left"]
    title = (
        ngettext("%(n)s working day left: %(project)s", "%(n)s working days left: %(project)s", left)
        if left
        else _("Due today: %(project)s")
    ) % {"n": left, "project": project.title}
    return _about(project, _deciders(project), title, text=_where(project), to_act=True, tone="near")


@teller("project.overdue")
def overdue(facts):
    prompt, project = _still(facts["prompt"])
    if prompt is None:
        return None
    title = _("Overdue: %(project)s") % {"project": project.title}
    return _about(project, _deciders(project), title, text=_where(project), to_act=True, tone="late")


@teller("project.escalated")
def escalated(facts):
    prompt, project = _still(facts["prompt"])
    if prompt is None:
        return None
    late, office = -facts["left"], project.acting_office.heir
    title = ngettext(
        "%(office)s is %(n)s working day late: %(project)s",
        "%(office)s is %(n)s working days late: %(project)s",
        late,
    ) % {"office": office.name, "n": late, "project": project.title}
    leaders = _leaders(office)
    own = set(leaders.values()) == {f"office:{office.pk}"}  # those above see to it, and decide nothing here
    return _about(project, leaders, title, text=_where(project), to_act=own, tone="late")


@teller("project.urged")
def urged(facts):
    prompt, project = _still(facts["prompt"])
    if prompt is None:
        return None
    title = _("%(who)s urges: %(project)s") % {"who": prompt.by_office, "project": project.title}
    text = prompt.text or _where(project)
    return _about(project, _deciders(project), title, text=text, to_act=True, tone="late")


@teller("project.decided")
def decided(facts):
    """To the applicant: what an office said. A return is theirs to act on, while it lies with them."""
    decision = Decision.objects.get(pk=facts["decision"])
    project = _held(decision.project_id)
    words, tone = _said(project, decision)
    with_them = project.status == Status.RETURNED and project.round == decision.round + 1
    theirs = decision.verdict == Verdict.RETURN and with_them
    if decision.verdict == Verdict.RETURN and project.status == Status.RETURNED and not with_them:
        return None  # a return of long ago
    return _about(
        project,
        _applicants(project),
        words % {"office": decision.office_name, "project": project.title},
        text=decision.opinion,
        tone=tone,
        to_act=theirs,
        passes=theirs,
    )


@teller("project.passed_over")
def passed_over(facts):
    """To the applicant: the answer to a project that an approved batch leaves out, while it waits on."""
    item = _item(facts)
    project = _held(item.project_id)
    if project.status != Status.IN_REVIEW:
        return None
    title = _("Not chosen in batch %(number)d: %(project)s") % {
        "number": item.selection.number,
        "project": project.title,
    }
    text = _("%(why)s. The project stays with %(office)s for the next batch.") % {
        "why": why_passed_over(item),
        "office": project.acting_office.heir.name,
    }
    return _about(project, _applicants(project), title, text=text, passes=False)


@teller("project.struck")
def struck(facts):
    item = _item(facts)
    if item.choice == SelectionItem.Choice.CHOSEN:
        return None  # put back on the list meanwhile
    project = _held(item.project_id)
    title = _("Taken off the list shown to the public: %(project)s") % {"project": project.title}
    text = item.struck_because
    return _about(project, _applicants(project), title, text=text, tone="near", passes=False)


@teller("project.list_taken_down")
def list_taken_down(facts):
    project = _held(_item(facts).project_id)
    title = _("The public notice with this project was taken down: %(project)s") % {"project": project.title}
    text = _("Reason: %(reason)s. A corrected list is shown to the public anew.") % {
        "reason": facts["reason"]
    }
    return _about(project, _applicants(project), title, text=text, tone="near", passes=False)


def _item(facts):
    return SelectionItem.objects.select_related("selection").get(pk=facts["item"])


@teller("report.owed")
def report_owed(facts):
    """To the office of a pilot area: its report is due soon, or late; true while it is owed."""
    area = PilotArea.objects.select_related("region", "programme").get(pk=facts["area"])
    office = Office.objects.serving(area.region).first()
    starts_on = date.fromisoformat(facts["starts_on"])
    owed = [one for one in owed_of([area]) if one.kind == "report" and one.period.starts_on == starts_on]
    if office is None or not owed:
        return None
    (one,), late = owed, facts["late"]
    words = (
        _("Report of progress overdue: %(period)s") if late else _("Report of progress due soon: %(period)s")
    )
    return Telling(
        people_in(office, (*Post.DECIDING, Post.Role.ADMINISTRATOR)),
        words % {"period": one.period},
        matter=one.matter,
        url=one.url,
        text=_("%(programme)s · %(place)s · due %(day)s")
        % {
            "programme": area.programme.title,
            "place": area.region.name,
            "day": date_format(one.due, "Y-m-d"),
        },
        to_act=True,
        tone="late" if late else "near",
    )


def _said(project, decision):
    """A verdict in words, and how it is coloured."""
    if decision.verdict == Verdict.RETURN:
        return _("%(office)s returned for revision: %(project)s"), "near"
    if decision.verdict == Verdict.REJECT:
        return _("%(office)s did not approve: %(project)s"), "late"
    last = [stop.key for stop in project.route_steps if stop.office_id][-1]
    if decision.step == last and project.approved_on is not None:
        return _("Approved: %(project)s"), ""
    return _("%(office)s agreed: %(project)s"), ""
