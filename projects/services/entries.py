"""What was typed into a form, looked at before it is kept: all that is wrong with it, at once."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from projects.models import Project


def too_long(project):
    """Text fields over the length of their box; the database itself does not mind."""
    problems = {}
    for field in Project._meta.concrete_fields:
        limit = isinstance(field, models.TextField) and field.max_length
        if limit and len(getattr(project, field.name)) > limit:
            problems[field.name] = [_("At most %(limit)s characters.") % {"limit": limit}]
    return problems


def lines_of(model, project, given):
    rows, errors = [], []
    for position, values in enumerate(given or [], start=1):
        row = model(project=project, position=position, **values)
        try:
            row.clean_fields(exclude=["project"])
        except ValidationError as error:
            errors.extend(
                _("Line %(position)s: %(problem)s") % {"position": position, "problem": problem}
                for problem in error.messages
            )
        rows.append(row)
    return rows, errors


def wrong_track(project, chosen):
    """The track decides which offices are asked, so it stays once the route is fixed."""
    if project.track.programme_id != project.programme_id:
        return {"track": [_("This funding track belongs to another programme.")]}
    if project.submitted_at and project.track_id != chosen:
        return {"track": [_("The offices on the way were fixed with the funding track at first submission.")]}
    return {}
