"""会签: each section says its word; what is missing keeps the leader from agreeing."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Opinion, Status
from projects.services.moving import locked


@transaction.atomic
def give(project, section, *, by, agrees, text, step=None, round=None, within=None):
    """Give the word of one's section, once in a round."""
    project = locked(project, within)
    moved = (step is not None and step != project.step) or (round is not None and round != project.round)
    if project.status != Status.IN_REVIEW or moved:
        raise NotNow(_("The project has gone on meanwhile."))
    by.ask_posts_anew()
    if section not in rules.sections_to_ask(by, project):
        raise PermissionDenied
    if not text.strip():
        raise ValidationError({"text": _("Write the opinion.")})
    if len(text.strip()) > 500:
        raise ValidationError({"text": _("The opinion is longer than 500 characters.")})
    return Opinion.objects.create(
        project=project,
        round=project.round,
        step=project.step,
        section=section,
        agrees=agrees,
        text=text.strip(),
        office=project.acting_office,
        by=by,
        by_name=str(by),
    )


def require_complete(project):
    """Refuse to agree while a section that is asked has not said its word."""
    missing = project.sections_missing
    if missing:
        raise NotNow(
            _("Not all sections have given their opinion yet: %(sections)s.")
            % {"sections": "、".join(missing)}
        )
