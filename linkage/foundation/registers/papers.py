"""Files on the form of the row they belong to: brought through the gate, read by whoever reads the row."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminFileFieldWidget

from linkage.foundation import uploads
from linkage.foundation.papers import MOST
from linkage.foundation.registers.parts import Lines, PartFormSet

LINK = '<a class="font-medium text-primary-600" href="{}">{}</a>'


def link(paper):
    row = paper.entry
    address = reverse(
        f"admin:{row._meta.app_label}_{row._meta.model_name}_paper", args=[paper.entry_id, paper.pk]
    )
    return format_html(f"{LINK} <span>{{}}</span>", address, paper.name, filesizeformat(paper.size))


def links(row):
    return format_html_join("", "<div>{}</div>", ((link(paper),) for paper in row.papers.all())) or "—"


class Kept(forms.FileInput):
    """A file that is here already: its name, and the way to it."""

    def __init__(self, paper):
        super().__init__()
        self.paper = paper

    def render(self, name, value, attrs=None, renderer=None):
        return link(self.paper)


class PaperLine(forms.ModelForm):
    """A file is brought once; another one is another line."""

    file = forms.FileField(
        label=_("file"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": uploads.ACCEPT})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["file"].disabled = True
            self.fields["file"].required = False
            self.fields["file"].widget = Kept(self.instance)

    def clean_file(self):
        if self.instance.pk:
            return None
        checked = uploads.check(self.cleaned_data["file"])
        for column in ("name", "content_type", "size", "sha256"):
            setattr(self.instance, column, getattr(checked, column))
        return checked

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"sha256"}

    def save(self, commit=True):
        """What is stored here and not saved is found without a row and swept (``leftovers``)."""
        if not self.instance.pk:
            self.instance.stored = uploads.store(self.cleaned_data["file"])
        return super().save(commit)


class PaperFormSet(PartFormSet):
    def clean(self):
        super().clean()
        brought = [form.instance.sha256 for form in self.extra_forms if form.instance.sha256]
        if len(brought) > len(set(brought)):
            raise ValidationError(_("The same file was chosen twice."))


class PaperLines(Lines):
    form = PaperLine
    formset = PaperFormSet
    readonly_fields = ["paper", "added_at"]
    verbose_name = _("paper")
    verbose_name_plural = _("papers")
    max_num = MOST

    def get_fields(self, request, obj=None):
        return ["file" if self.has_add_permission(request, obj) else "paper", "added_at"]

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, **{"fields": [], "validate_max": True, **kwargs})

    @admin.display(description=_("file"))
    def paper(self, paper):
        return link(paper)


class WithPapers:
    """A desk whose rows carry files (``papers``); its ``inlines`` name their ``PaperLines``."""

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("papers")

    @admin.display(description=_("papers"))
    def paper_count(self, row):
        count = len(row.papers.all())
        return ngettext("%(count)d file", "%(count)d files", count) % {"count": count} if count else "—"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_paper"
        door = self.admin_site.admin_view(self.paper_view)
        return [path("<path:object_id>/paper/<int:paper_id>/", door, name=name), *super().get_urls()]

    def paper_view(self, request, object_id, paper_id):
        """Asked anew at every access: whoever no longer sees the row no longer sees its files."""
        row = self._row_or_404(request, object_id)
        paper = get_object_or_404(row.papers.all(), pk=paper_id)
        inline = "download" not in request.GET
        try:
            return uploads.serve(paper.stored, paper.name, paper.content_type, inline=inline)
        except FileNotFoundError as error:
            raise Http404 from error
