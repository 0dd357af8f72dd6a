"""The fields a need may lie in: those of the survey first, then those of projects."""

from django.utils.translation import gettext_lazy as _

from communities.codes import FocusField, NeedField

FIELDS = [
    (_("Fields of need"), NeedField.choices),
    (_("Fields of projects"), [pair for pair in FocusField.choices if pair[0] not in NeedField.values]),
]
