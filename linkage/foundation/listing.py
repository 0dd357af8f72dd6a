"""What the address of a list asks for: its filters, as a strict form, and the place in the list."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from .filters import strict_query
from .paging import page

EVERYWHERE = ("cursor", "large")  # what the address of any list may carry
SIZE = 20


class Query(forms.Form):
    """The filters of one list. A parameter that is no field, or a value that is none of its choices,
    is a 400: nobody is shown an unfiltered list as if it were filtered."""

    use_required_attribute = False

    def __init__(self, request, **choices):
        given = strict_query(request, (*self.base_fields, *EVERYWHERE))
        super().__init__({**self.initial_of(), **given}, auto_id="filter_%s")
        for name, offered in choices.items():
            self.fields[name].choices = offered
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs.setdefault("placeholder", field.label)
        if not self.is_valid():
            wrong = "、".join(str(self.fields[name].label) for name in self.errors)
            raise BadRequest(_("There is no such choice: %(filters)s") % {"filters": wrong})
        self.cursor = given.get("cursor")
        self.kept = {name: value for name, value in given.items() if name not in EVERYWHERE}

    @classmethod
    def initial_of(cls):
        return {name: field.initial for name, field in cls.base_fields.items() if field.initial}

    @property
    def cleared(self):
        """The same list without what a person chose; empty where nothing was chosen."""
        chosen = {field.name for field in self.visible_fields()} & set(self.kept)
        return self.address(**dict.fromkeys(chosen)) if chosen else ""

    def page(self, rows, order, size=SIZE):
        """One page of the rows, with the addresses of its neighbours as ``next_url`` and ``prev_url``."""
        found = page(rows, order, cursor=self.cursor, size=size)
        return found, {"next_url": self._link(found.next), "prev_url": self._link(found.previous)}

    def _link(self, cursor):
        return cursor and "?" + urlencode({**self.kept, "cursor": cursor})

    def address(self, **changed):
        """The same list with some filters changed, from its first page."""
        kept = {**self.kept, **changed}
        return "?" + urlencode({name: value for name, value in kept.items() if value not in (None, "")})
