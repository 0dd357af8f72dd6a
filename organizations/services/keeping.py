"""What every verb here begins with: the row locked and still standing, kept by who asks, a reason given."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation.errors import NotNow


def locked(entry, *, by):
    """The row as it stands now, held until the end of the transaction."""
    row = type(entry).everything.select_for_update(of=("self",)).get(pk=entry.pk)
    if not row.is_kept_by(by):
        raise PermissionDenied
    if row.removed_at is not None:
        raise NotNow(_("This entry has been removed from the register."))
    return row


def wrong_day(day, *earlier):
    """What is wrong with the day of a step: still to come, or before what came before it."""
    if day is None:
        return _("Give the day.")
    if day > timezone.localdate():
        return _("This day has not come yet.")
    last = max((one for one in earlier if one is not None), default=None)
    if last is not None and day < last:
        return _("This lies before %s, the day of the step before.") % last
    return ""


def wrong_reason(reason):
    if len((reason or "").strip()) < 2:
        return _("Give the reason in a few words.")
    return ""


def refuse(**problems):
    """Say all that is wrong at once; nothing where nothing is."""
    found = {name: text for name, text in problems.items() if text}
    if found:
        raise ValidationError(found)
