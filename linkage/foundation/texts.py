"""The limits of long texts. Django holds them in forms only; ``clean`` of a model asks here as well."""

from django.db.models import TextField
from django.utils.translation import gettext as _


def too_long(record):
    """Errors, by field, for every text of a record beyond its limit."""
    return {
        field.name: _("At most %(limit)s characters; there are %(count)s.")
        % {"limit": field.max_length, "count": len(text)}
        for field in record._meta.local_fields
        if isinstance(field, TextField) and field.max_length
        for text in [getattr(record, field.attname)]
        if isinstance(text, str) and len(text) > field.max_length
    }
