"""Fields as every form of a register draws them."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSingleDateWidget

from linkage.foundation.choices import CodesField
from linkage.foundation.dates import FORMATS
from linkage.foundation.ledger import keeping_posts, places_of


class Choice(AutocompleteSelect):
    """A row chosen by typing. What is no number is a wrong choice; the form is drawn again without it."""

    def optgroups(self, name, value, attr=None):
        numbers = [one for one in value if str(one).isascii() and str(one).isdigit() and len(str(one)) < 19]
        return super().optgroups(name, numbers, attr)


def _masked(mask):
    return lambda contents: mask(str(contents)) or "—"


class Shape:
    """Fields as every form of a register draws them; choices of other rows stay within one's scope."""

    empty_value_display = "—"
    formfield_overrides = {
        models.DateField: {
            "form_class": forms.DateField,
            "widget": UnfoldAdminSingleDateWidget,
            "input_formats": FORMATS,
        },
    }

    @cached_property
    def readonly_preprocess_fields(self):
        """What those read who may only look (a hook of Unfold): codes as words, sealed values masked."""
        fields = self.model._meta.local_fields
        return {
            **{field.name: field.labels_in for field in fields if isinstance(field, CodesField)},
            **{name: _masked(mask) for name, mask in getattr(self.model, "sealed", {}).items()},
        }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """No button beside a choice takes the chosen row out: that is done on its page, with a reason."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A code that must be chosen begins unchosen: nobody saves the first of a list by oversight."""
        if "choices" not in kwargs and not db_field.has_default():
            nothing = [("", _("Select value"))]
            kwargs["choices"] = db_field.get_choices(include_blank=True, blank_choice=nothing)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = kwargs.get("queryset") or db_field.related_model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
            root, _dot, rest = self.model.region_path.partition("__")
            if db_field.name == root:  # where the row itself will lie: only where one may write
                posts = keeping_posts(request.user, self.model.duties)
                rows = rows.filter(places_of(posts, rest)) if posts else rows.none()
            held = getattr(getattr(request, "held_entry", None), db_field.attname, None)
            if held is not None and type(request.held_entry) is self.model:
                rows = rows | type(rows)(model=rows.model).filter(pk=held)  # what stands there may stay
            kwargs["queryset"] = rows
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Choice(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
