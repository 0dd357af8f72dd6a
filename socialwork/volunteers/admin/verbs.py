"""Rows that a verb saves: what it refuses at the last moment is told, and nothing is half done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect

from linkage.foundation.errors import NotNow


class ByVerb:
    def changeform_view(self, request, *args, **kwargs):
        """The form was right when it was read; the verb, holding its locks, has the last word."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, "、".join(error.messages))
        except NotNow as error:
            messages.warning(request, str(error))
        return HttpResponseRedirect(request.get_full_path())
