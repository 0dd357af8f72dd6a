"""Several codes of one list on one row: kept as an array, ticked as boxes, shown as labels."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget


class CodesField(ArrayField):
    """Some of the codes of a list, in the order of the list; ``get_<name>_labels`` says them in words.

    A list may grow or change its labels without a migration: the database knows an array of texts.
    """

    def __init__(self, verbose_name=None, codes=(), *, base_field=None, blank=True, default=list, **kwargs):
        self.codes = dict(getattr(codes, "choices", codes))
        base_field = base_field or models.CharField(max_length=40)
        super().__init__(base_field, verbose_name=verbose_name, blank=blank, default=default, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, kwargs

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)

        def labels(row):
            return self.labels_of(getattr(row, self.attname))

        labels.short_description = self.verbose_name  # the head of a column of a list
        if f"get_{name}_labels" not in cls.__dict__:
            setattr(cls, f"get_{name}_labels", labels)

    def labels_of(self, values):
        """老年人、残障人员; a code that left the list is said as it stands."""
        return "、".join(str(self.codes.get(value, value)) for value in values or ())

    def labels_in(self, contents):
        """The same for what Django prints of the array where it may only be looked at."""
        return self.labels_of(code.strip() for code in str(contents).split(",") if code.strip())

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if strange := [code for code in value if code not in self.codes]:
            raise ValidationError(_("Not in the list: %s") % "、".join(map(str, strange))[:100])
        if len(set(value)) < len(value):
            raise ValidationError(_("Something is named twice."))

    def formfield(self, **kwargs):
        if not getattr(kwargs.get("widget"), "allow_multiple_selected", False):
            kwargs.pop("widget", None)  # the theme of the desk would draw every array as a field of text
        return models.Field.formfield(
            self,
            **{
                "form_class": forms.MultipleChoiceField,
                "choices": list(self.codes.items()),
                "widget": UnfoldAdminCheckboxSelectMultipleWidget,
                "show_hidden_initial": False,
                **kwargs,
            },
        )
