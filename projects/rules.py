"""Who may do what with a project. Sentences over small predicates; verbs call them, never has_perm."""

import rules
from django.db.models import Q

from communities.offices.models import Office
from communities.offices.rules import sits_in_community, sits_in_street_above


@rules.predicate
def governs_programme(user, programme):
    """Sits, deciding or administering, in the open office of the programme's own territory."""
    return any(
        post.office.region_id == programme.region_id and (post.decides or post.administers)
        for post in user.current_posts
    )


@rules.predicate
def selects(user, programme):
    """Decides for the office of the programme's own territory, to which the last step belongs."""
    deciding = Office.objects.filter(pk__in=sorted(user.deciding_offices))
    return deciding.filter(region=programme.region_id).exists()


@rules.predicate
def names_pilots(user, area):
    """Sits, deciding or administering, in the office of the pilot area itself."""
    return any(
        post.office.region_id == area.region_id and (post.decides or post.administers)
        for post in user.current_posts
    )


@rules.predicate
def may_start(user):
    """Files for a community, or types in a street for one without a computer."""
    return any(
        post.files and post.office.region.level >= post.office.region.Level.STREET
        for post in user.current_posts
    )


@rules.predicate
def sits_in_community_of(user, project):
    return sits_in_community(user, project.region)


@rules.predicate
def sits_in_any_community(user):
    """Files for a community of one's own, not for one below."""
    return any(post.files and post.office.region.is_community for post in user.current_posts)


@rules.predicate
def types_for_community(user, project):
    """A street clerk who types for a community without a computer (代录)."""
    return project.typed_for_community and sits_in_street_above(user, project.region)


@rules.predicate
def is_applicant(user, project):
    """Opened, typed or handed in this project in any round."""
    return project.created_by_id == user.pk or project.submissions.filter(submitted_by=user).exists()


@rules.predicate
def sits_in_acting_office(user, project):
    return project.acting_office_id is not None and user.decides_for(project.acting_office)


@rules.predicate
def sits_above_acting_office(user, project):
    """Works or administers in an office above the one that has it."""
    here = project.acting_office.heir.region
    return any(
        (post.files or post.administers) and post.office.region.contains(here) and post.office.region != here
        for post in user.current_posts
    )


@rules.predicate
def oversees(user):
    """Decides, administers or looks on above the communities: sees how long things take there."""
    return bool(overseeing_posts(user))


def overseeing_posts(user):
    return [
        post
        for post in user.current_posts
        if post.role != post.Role.CLERK and not post.office.region.is_community
    ]


def have_had_a_hand_in_it(people, project):
    """Whether one of them filed it, or decided another step of it in any round, in person or through a
    deputy: all asked at once. ``people`` are ids."""
    if project.created_by_id in people:
        return True
    known = project.__dict__.setdefault("known_hands", {})  # asked once of a row as it was read
    asked = (frozenset(people), project.step)
    if asked not in known:
        known[asked] = _ask_for_hands(people, project)
    return known[asked]


def _ask_for_hands(people, project):
    filed = project.submissions.filter(submitted_by__in=people).order_by().values("pk")
    others = project.decisions.exclude(step=project.step).order_by().values("pk")
    decided = others.filter(Q(by__in=people) | Q(on_behalf_of__in=people))
    return filed.union(decided, all=True).exists()


def post_to_decide(user, project):
    """The post by which this person may decide the current step, one's own before a colleague's one stands
    in for; None if there is none. Nobody decides two steps of one project, neither as who signs nor as
    whom a deputy signs for."""
    if project.acting_office_id is None:
        return None
    stop = project.current_route_step
    for post in user.posts_deciding_for(project.acting_office):
        people = {user.pk, post.user_id}
        if stop.two_level and not _may_sign(user, post, project):
            continue
        if not have_had_a_hand_in_it(people, project):
            return post
    return None


def _may_sign(user, post, project):
    """两级办理: a leader signs what somebody else has proposed; one who is alone in the office does both."""
    if not post.leads:
        return False
    if others_have_proposed({user.pk, post.user_id}, project):
        return True
    return post.user_id == user.pk and does_both(user, project)


def others_have_proposed(people, project):
    """两级办理: a proposal stands that is not by one of these people (ids)."""
    return project.proposal is not None and project.proposal.by_id not in people


def does_both(user, project):
    """Does nobody else work in the acting office today who could propose? Not where the step is always for
    two people."""
    return not project.current_route_step.two_people and not project.could_propose - {user.pk}


def can_take_over(user, project):
    """Could decide it once it is passed on: a deciding post in the acting office, no hand in it."""
    deciding = any(post.user_id == user.pk for post in user.posts_deciding_for(project.acting_office))
    return deciding and not have_had_a_hand_in_it({user.pk}, project)


@rules.predicate
def works_on_it(user, project):
    """Works in the acting office and had no hand in another step."""
    return project.acting_office_id in user.working_offices and not have_had_a_hand_in_it({user.pk}, project)


@rules.predicate
def is_asked_to_propose(user, project):
    """A colleague asks this very person, or the step is in two levels and nobody else has it in hand."""
    last = project.handlings_now[-1] if project.handlings_now else None
    two_level = project.current_route_step.two_level
    if last is None:
        return two_level
    if last.to is None:
        return False  # a proposal stands
    if works_still(last.to, project):
        return last.to_id == user.pk and (two_level or last.kind != last.Kind.TRANSFER)
    return two_level


def works_still(user, project):
    """Whether somebody to whom it was given still works in the acting office."""
    return project.acting_office_id in user.working_offices


def sections_to_ask(user, project):
    """会签: the sections for which this person, who had no hand in it, may still say a word."""
    if not works_on_it(user, project):
        return set()
    return {post.section for post in user.current_posts if post.files} & set(project.sections_missing)


def office_on_route(user, project):
    """The office of the route in which this person works; None where there is none."""
    for stop in project.route_steps:
        if stop.office_id in user.working_offices:
            return stop.office
    return None


@rules.predicate
def has_a_post_to_decide(user, project):
    return post_to_decide(user, project) is not None


@rules.predicate
def works_in_office_of(user, decision):
    """Holds a working post in the office that decided, or in the one that took it over."""
    working = {post.office_id for post in user.current_posts if post.files}
    return decision.office_id in user.answerable_offices and decision.office.heir.pk in working


@rules.predicate
def keeps_phrases_of(user, office):
    """Decides or administers in this very office."""
    return any(
        post.office_id == office.pk and (post.decides or post.administers) for post in user.current_posts
    )


@rules.predicate
def keeps_phrase(user, phrase):
    if phrase.office_id is None:
        return phrase.user_id == user.pk
    return keeps_phrases_of(user, phrase.office)


@rules.predicate
def administers_territory_of(user, project):
    """Administers in the open office of the programme's own territory."""
    territory = project.programme.region_id
    return any(post.administers and post.office.region_id == territory for post in user.current_posts)


@rules.predicate
def administers_office_of(user, decision):
    """Administers in the office that decided, or in the one that took it over."""
    office = decision.office.heir.pk
    return any(post.administers and post.office_id == office for post in user.current_posts)


@rules.predicate
def filed_or_decided(user, project):
    """Opened, typed, handed in or decided anything of it, in any round."""
    decided = project.decisions.filter(Q(by=user) | Q(on_behalf_of=user))
    return is_applicant(user, project) or decided.exists()


@rules.predicate
def can_correct_decision(user, decision):
    """Whoever keeps the accounts of the territory or of the office that decided, and had no part in it."""
    keeps = administers_territory_of(user, decision.project) or administers_office_of(user, decision)
    return keeps and not filed_or_decided(user, decision.project)


@rules.predicate
def is_editable(user, project):
    return project.is_editable


@rules.predicate
def is_ready_to_submit(user, project):
    return not project.typed_for_community or project.confirmed_at is not None


files_it = sits_in_community_of | types_for_community

can_edit = files_it & is_editable
can_submit = files_it & is_editable
can_confirm = files_it & is_editable
can_withdraw = files_it
may_propose = is_asked_to_propose & works_on_it
may_assign = has_a_post_to_decide | may_propose
can_decide = has_a_post_to_decide
can_urge = files_it | sits_above_acting_office
can_correct_project = administers_territory_of & ~filed_or_decided
can_add_scan = works_in_office_of
