"""Files of a project: taken through the gate, kept in a slot, put away again."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation import uploads
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import MAX_PER_PROJECT, MAX_PER_SLOT, SLOT_STEP, Attachment, Slot
from projects.services.filing import editable
from projects.services.moving import locked, touch


def add(project, slot, files, *, by):
    """Keep files in a slot of the application, all of them or none."""

    def place():
        here = editable(project, by)
        if slot not in SLOT_STEP:
            raise ValidationError({f"slot-{slot}": _("There is no such slot.")})
        return here, SLOT_STEP[slot]

    return _keep(place, slot, files, by)


def add_scan(project, step, files, *, by):
    """Keep the scan of an opinion that was stamped on paper, beside the decision it belongs to."""

    def place():
        here = locked(project)
        decision = here.decisions.filter(step=step).order_by("-round").first()
        if decision is None:
            raise NotNow(_("No opinion has been given at this step yet."))
        if not rules.can_add_scan(by, decision):
            raise PermissionDenied
        return here, step

    return _keep(place, Slot.STAMPED_OPINION, files, by)


def remove(attachment, *, by):
    """Put a file away; the row stays as a trace. A scan of an opinion stays where it is."""
    with transaction.atomic():
        project = editable(attachment.project, by)
        if attachment.slot == Slot.STAMPED_OPINION:
            raise PermissionDenied
        attachment = project.attachments.select_for_update().get(pk=attachment.pk)
        if attachment.removed_at is None:
            attachment.removed_at = timezone.now()
            attachment.save(update_fields=["removed_at"])
            project.__dict__.pop("filled_slots", None)
            touch(project, form=False)
    return attachment


def _keep(place, slot, files, by):
    """Look at every file first; then rows and files together, or neither."""
    key = f"slot-{slot}"
    if not files:
        raise ValidationError({key: _("Choose a file first.")})
    checked = uploads.check_all(key, files)
    stored = []
    try:
        with transaction.atomic():
            project, step = place()
            kept = project.attachments.kept()
            here = kept.filter(slot=slot, step=step)
            known = set(here.values_list("sha256", flat=True))
            fresh = list({item.sha256: item for item in checked if item.sha256 not in known}.values())
            _require_room(key, here.count(), kept.aggregate(sum=Sum("size"))["sum"] or 0, fresh)
            for item in fresh:
                stored.append(uploads.store(item))
                Attachment.objects.create(
                    project=project,
                    slot=slot,
                    step=step,
                    round=project.round,
                    name=item.name,
                    stored=stored[-1],
                    content_type=item.content_type,
                    size=item.size,
                    sha256=item.sha256,
                    uploaded_by=by,
                )
            project.__dict__.pop("filled_slots", None)
            if project.is_editable:
                touch(project, form=False)
    except BaseException:
        for name in stored:
            uploads.discard(name)
        raise
    return project


def _require_room(key, here, used, fresh):
    if here + len(fresh) > MAX_PER_SLOT:
        raise ValidationError(
            {
                key: _("At most %(limit)s files fit here, %(here)s are there already.")
                % {"limit": MAX_PER_SLOT, "here": here}
            }
        )
    if used + sum(item.size for item in fresh) > MAX_PER_PROJECT:
        raise ValidationError(
            {
                key: _("All files of a project together may have %(limit)s. Remove some first.")
                % {"limit": filesizeformat(MAX_PER_PROJECT)}
            }
        )
