"""The piles on a desk, each a list one may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Subquery
from django.utils.translation import gettext_lazy as _

from linkage.desk.reminders import MOST as REMINDED
from linkage.desk.reminders import REMINDERS
from linkage.foundation.models import Notice
from linkage.foundation.workdays import calendar_of
from projects.models import Project
from projects.models.prompt import urged

UNREAD = "unread"
SOMETIMES = ("assigned", "copies")  # shown on the workbench only with something in them
MOST = 999  # a higher pile is shown as 999+


@dataclass(frozen=True)
class Box:
    """One pile. ``rows(user)`` are its projects; ``empty`` says what would fill it."""

    key: str
    title: Any
    icon: str
    rows: Callable
    order: tuple
    empty: Any
    state: str = ""  # late or near: how the pile is shown when there is something in it


URGENT = ("left", "step_since", "pk")  # most urgent first, then whoever came first


def _waiting(user):
    return Project.objects.waiting_for(user)


BOXES = {
    box.key: box
    for box in (
        Box(
            "waiting",
            _("To do"),
            "inbox",
            lambda user: _waiting(user).counting_down(calendar=calendar_of(user)),
            URGENT,
            _("Applications that reach your office for a decision are listed here."),
        ),
        Box(
            "overdue",
            _("Overdue"),
            "alert-circle",
            lambda user: _waiting(user).overdue(calendar=calendar_of(user)),
            URGENT,
            _("Applications that lie with your office longer than it may have them are listed here."),
            state="late",
        ),
        Box(
            "soon",
            _("Due soon"),
            "clock",
            lambda user: _waiting(user).due_soon(calendar=calendar_of(user)),
            URGENT,
            _("Applications your office must decide on within two working days are listed here."),
            state="near",
        ),
        Box(
            "urged",
            _("Urged"),
            "bell",
            lambda user: urged(_waiting(user)).counting_down(calendar=calendar_of(user)),
            URGENT,
            _("Applications with your office that the applicant or an office above urges are listed here."),
            state="late",
        ),
        Box(
            "assigned",
            _("Given to me"),
            "user-check",
            lambda user: Project.objects.visible_to(user).in_hand_of(user),
            ("step_since", "pk"),
            _("What a colleague passes on to you, or what is to be proposed in your office, is listed here."),
        ),
        Box(
            "returned",
            _("Returned for revision"),
            "arrow-back-up",
            lambda user: Project.objects.visible_to(user).returned_to(user),
            ("step_since", "pk"),
            _("Applications that an office sends back to you are listed here with its reason."),
        ),
        Box(
            "mine",
            _("Started by us"),
            "send",
            lambda user: Project.objects.visible_to(user).started_by(user),
            ("-created_at", "-pk"),
            _("Applications that you or your community have begun are listed here."),
        ),
        Box(
            "done",
            _("Handled"),
            "circle-check",
            lambda user: Project.objects.visible_to(user).decided_by(user),
            ("-step_since", "-pk"),
            _("Applications that you have decided on are listed here."),
        ),
        Box(
            "copies",
            _("Copies"),
            "mail",
            lambda user: Project.objects.visible_to(user).copied_to(user),
            ("-step_since", "-pk"),
            _("What your office is told of, such as a return made above, until you have read it."),
        ),
    )
}


def _unread(user):
    return Notice.objects.visible_to(user).unread()


class Height(Subquery):
    """How many rows a pile has; counting stops behind ``most``."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS pile)"
    output_field = IntegerField()

    def __init__(self, rows, most=MOST):
        super().__init__(rows.order_by().values("pk")[: most + 1])


def put(user, keys):
    """These piles, "unread" messages and reminders will be counted, once in a request, beside what else the
    page asks."""
    counted = {"waiting": _waiting, UNREAD: _unread}  # what waits is counted without its time limits
    for key in keys:
        if user.asides.knows(key):
            continue
        if key in REMINDERS:
            user.asides.put(key, Height(REMINDERS[key].rows(user), REMINDED))
        else:
            user.asides.put(key, Height((counted.get(key) or BOXES[key].rows)(user)))


def heights(user, keys):
    """``{key: number}`` of these piles."""
    put(user, keys)
    return {key: user.asides.read(key) or 0 for key in keys}
