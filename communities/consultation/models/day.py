"""Days on which something is said to have happened."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _


def not_in_the_future(day):
    """The error for such a day; empty when it can be."""
    if isinstance(day, date) and day > timezone.localdate():
        return {"held_on": _("This day is still to come.")}
    return {}
