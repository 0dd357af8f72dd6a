"""催办: the applicant, or an office above, asks the office that has a project to go on; once a day."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import notices
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import ProjectEvent, Prompt, Status
from projects.services.moving import locked, record, require

LONGEST = 200


@transaction.atomic
def urge(project, *, by, text="", within=None):
    """Remind the acting office. NotNow where nobody has it, or where somebody urged today already."""
    project = locked(project, within)
    if project.status != Status.IN_REVIEW:
        raise NotNow(_("This project is not under review."))
    require(rules.can_urge, by, project)
    if len(text.strip()) > LONGEST:
        raise ValidationError({"text": _("At most %(limit)s characters.") % {"limit": LONGEST}})
    try:
        with transaction.atomic():
            prompt = Prompt.objects.create(
                project=project,
                round=project.round,
                step=project.step,
                office=project.acting_office,
                kind=Prompt.Kind.URGED,
                on=timezone.localdate(),
                text=text.strip(),
                by=by,
                by_name=str(by),
                by_office=by.main_post.office.name,
            )
    except IntegrityError:
        raise NotNow(_("This project was urged today already; once a day is enough.")) from None
    record(
        project,
        ProjectEvent.Kind.URGED,
        by=by,
        step=project.step,
        office=by.main_post.office,
        text=prompt.text,
    )
    notices.tell("project.urged", prompt.pk, prompt=prompt.pk)
    return prompt
