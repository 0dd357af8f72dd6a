"""抄送: tell the offices of a route without asking them for anything."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from projects import rules
from projects.models import Copy, CopySeen
from projects.services.moving import locked


def tell_of_return(project, decision):
    """Every office that had signed below the returning one learns of it."""
    here = next(stop.number for stop in project.route_steps if stop.key == decision.step)
    for stop in project.route_steps:
        if stop.office_id and stop.number < here:
            word = (decision.by, decision.signature, decision.office_name)
            _write(project, stop.office, *word, note=decision.opinion, decision=decision)


@transaction.atomic
def send(project, offices, *, by, note="", within=None):
    """Send a copy to offices of the route by hand. ``offices`` are those chosen on the page."""
    project = locked(project, within)
    by.ask_posts_anew()
    sender = rules.office_on_route(by, project)
    if sender is None:
        raise PermissionDenied
    route = {stop.office_id: stop.office for stop in project.route_steps if stop.office_id}
    chosen = [office for pk, office in route.items() if pk in {one.pk for one in offices}]
    problems = {}
    if not chosen or len(chosen) != len(offices) or sender in chosen:
        problems["offices"] = [_("Choose other offices on the way of this project.")]
    if len(note.strip()) > 500:
        problems["note"] = [_("At most %(limit)s characters.") % {"limit": 500}]
    if problems:
        raise ValidationError(problems)
    return [_write(project, office, by, str(by), sender.heir.name, note=note.strip()) for office in chosen]


def seen(copy, *, by):
    """已阅; twice is once."""
    CopySeen.objects.get_or_create(copy=copy, user=by)


def _write(project, office, by, signature, office_name, **more):
    return Copy.objects.create(
        project=project, office=office, by=by, by_name=signature, office_name=office_name, **more
    )
