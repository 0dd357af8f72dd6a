"""What waits for a person: to be decided, to be proposed, to be read."""

from django.db.models import Exists, OuterRef, Q, Subquery

from communities.offices.models import Post
from projects.models.copy import Copy
from projects.models.handling import Handling
from projects.models.opinion import Opinion
from projects.models.record import Decision, Submission
from projects.models.route import RouteStep
from projects.procedure import JointNeed


def waiting_for(projects, user):
    """Those whose current step belongs to an office this person decides for, and in which they had no hand.

    A step in two levels waits for a leader, once a colleague has proposed, or where there is none.
    """
    if not user.is_authenticated or not user.deciding_offices:
        return projects.none()
    waiting = Q()  # only in review is there an acting office
    for holder, offices, led in user.decides_as:
        people = {user.pk, holder}
        to_sign = Q(acting_office__in=sorted(led)) & _proposed_by_another_than(people)
        if holder == user.pk:
            to_sign |= _leads_alone(user)
        waiting |= Q(acting_office__in=sorted(offices)) & (~_in_two_levels() | to_sign) & ~_had_a_hand(people)
    return projects.filter(waiting)


def in_hand_of(projects, user):
    """What was passed on or sent back to this person, or is to be proposed by whoever takes it up.

    Only while they work in the acting office: what was given to somebody who is gone is the office's again.
    """
    if not user.is_authenticated or not user.working_offices:
        return projects.none()
    offices = sorted(user.working_offices)
    mine = projects.filter(acting_office__in=offices).alias(last=_standing("pk"), to=_standing("to"))
    given = Handling.objects.filter(to=user).order_by().values("pk")
    here = Post.objects.current().filter(office__in=offices, role__in=Post.FILING, user__is_active=True)
    gone = Q(to__isnull=False) & ~Q(to__in=here.order_by().values("user"))
    untouched = (Q(last__isnull=True) | gone) & _in_two_levels()
    untouched &= ~_leads_alone(user)  # who does both decides at once
    asked = _asked_of_sections({post.section for post in user.current_posts if post.files} - {""})
    return mine.filter(Q(last__in=given) | untouched | asked).exclude(_had_a_hand({user.pk}))


def _leads_alone(user):
    """In two levels, in an office that this person leads and where nobody else could propose; not where the
    step is always for two people."""
    alone = Q(pk__in=[])
    for post in user.current_posts:
        if post.leads and post.user_id == user.pk:
            offices = sorted(user.with_predecessors({post.office_id}))
            alone |= Q(acting_office__in=offices) & ~_others_could_propose(post.office_id, user)
    here = RouteStep.objects.filter(project=OuterRef("pk"), key=OuterRef("step"))
    return alone & Exists(here.filter(two_level=True, two_people=False))


def _others_could_propose(office, user):
    """Somebody else works in this office who had no hand in it; ``Project.could_propose``, of rows."""
    decided = Decision.objects.filter(project=OuterRef(OuterRef("pk")))
    elsewhere = decided.exclude(step=OuterRef(OuterRef("step")))
    filed = Submission.objects.filter(project=OuterRef(OuterRef("pk")), submitted_by=OuterRef("user"))
    working = Post.objects.current().filter(office=office, role__in=Post.FILING, user__is_active=True)
    return Exists(
        working.exclude(user=user)
        .exclude(user=OuterRef("created_by"))
        .exclude(Exists(filed))
        .exclude(Exists(elsewhere.filter(by=OuterRef("user"))))
        .exclude(Exists(elsewhere.filter(on_behalf_of=OuterRef("user"))))
    )


def copied_to(projects, user):
    """Those of which one of this person's offices was told and this person has not read it."""
    if not user.is_authenticated or not user.answerable_offices:
        return projects.none()
    return projects.filter(pk__in=Copy.objects.unseen_by(user).order_by().values("project"))


def _asked_of_sections(sections):
    """会签 for which the word of one of these sections is still needed."""
    asked = Q(pk__in=[])
    said = Opinion.objects.filter(project=OuterRef("pk"), round=OuterRef("round"), step=OuterRef("step"))
    stops = RouteStep.objects.filter(project=OuterRef("pk"), key=OuterRef("step"))
    for section in sorted(sections):
        here = stops.filter(joint_sections__contains=[section])
        asked |= (
            Exists(here)
            & ~Exists(said.filter(section=section))
            & ~(Exists(here.filter(joint_need=JointNeed.ANY)) & Exists(said))
        )
    return asked


def _had_a_hand(people):
    """Filed by one of these people, or decided at another step, in person or through a deputy."""
    elsewhere = Decision.objects.filter(project=OuterRef("pk")).exclude(step=OuterRef("step"))
    return (
        Q(created_by__in=people)
        | Exists(elsewhere.filter(by__in=people))
        | Exists(elsewhere.filter(on_behalf_of__in=people))
        | Exists(Submission.objects.filter(project=OuterRef("pk"), submitted_by__in=people))
    )


def _in_two_levels():
    """The current step is proposed by one and signed by another."""
    return Exists(RouteStep.objects.filter(project=OuterRef("pk"), key=OuterRef("step"), two_level=True))


def _standing(field):
    """A field of the latest handling of the current step and round."""
    here = Handling.objects.filter(project=OuterRef("pk"), round=OuterRef("round"), step=OuterRef("step"))
    return Subquery(here.order_by("-pk").values(field)[:1])


def _proposed_by_another_than(people):
    """The latest handling is a proposal, and not of one of these people."""
    theirs = Handling.objects.filter(project=OuterRef("pk"), kind=Handling.Kind.PROPOSE)
    return Exists(theirs.filter(pk=_standing_of_outer()).exclude(by__in=people))


def _standing_of_outer():
    """The same for a subquery of a subquery."""
    here = Handling.objects.filter(
        project=OuterRef("project"), round=OuterRef("round"), step=OuterRef("step")
    )
    return Subquery(here.order_by("-pk").values("pk")[:1])
