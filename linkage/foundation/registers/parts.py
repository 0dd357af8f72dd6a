"""Rows that are kept on the form of the row they belong to."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from unfold.admin import StackedInline, TabularInline
from unfold.forms import PaginationFormSetMixin

from linkage.foundation import keeping
from linkage.foundation.ledger import keeping_posts, reading_posts
from linkage.foundation.registers.shape import Shape

# Unfold's label of the box of a line on a telephone, where Django's own Chinese says that it is deleted.
gettext_noop("Remove")


class PartFormSet(PaginationFormSetMixin, BaseInlineFormSet):
    """Lines of a row, a page of them where there are many (``per_page`` of the part).

    One struck out is removed like any entry, never deleted.
    """

    @property
    def by(self):
        return self.request.user

    def get_page_num(self):
        key = self.get_pagination_key()
        asked = self.request.GET.get(key) or self.request.POST.get(key) or ""
        return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1

    def delete_existing(self, obj, commit=True):
        if commit:
            keeping.take_out_part(obj, by=self.by)

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and (found := keeping.obstacles(form.instance, by=self.by)):
                raise ValidationError([_("Still in use: %s") % obstacle for obstacle in found])
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms and not form.errors:
                self._judge(form)

    def _judge(self, form):
        """A form leaves the row it hangs on out of the constraints ("once per organisation"); not so here."""
        try:
            form.instance.validate_constraints(exclude=form._get_validation_exclusions() - {self.fk.name})
        except ValidationError as error:
            form._update_errors(error)


class Part(Shape):
    """Rows shown as lines on the form of the row they belong to; written by who may write that one."""

    formset = PartFormSet
    extra = 0
    show_change_link = False
    tab = True

    def get_queryset(self, request):
        """What another place keeps of the row is told there."""
        return super().get_queryset(request).filter(removed_at__isnull=True).visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return bool(reading_posts(request.user, self.model.duties))

    def has_change_permission(self, request, obj=None):
        if not keeping_posts(request.user, self.model.duties):
            return False
        return obj is None or (obj.removed_at is None and obj.is_kept_by(request.user))

    has_add_permission = has_delete_permission = has_change_permission


class Lines(Part, TabularInline):
    """Lines that say all they are in their columns; one with a page of its own ends with the way there."""

    hide_title = True

    def get_fields(self, request, obj=None):
        return [*super().get_fields(request, obj), *self._way(request)]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self._way(request)]

    def _way(self, request):
        return ["way"] if self.show_change_link and self.has_registered_model else []

    @admin.display(description=_("its page"))
    def way(self, row):
        if not row.pk:
            return "—"
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        return format_html('<a class="font-medium text-primary-600" href="{}">{}</a>', address, _("Open"))


class Sheets(Part, StackedInline):
    pass
