"""What hangs on a social worker and on a post, as lines on their forms."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Lines
from socialwork.codes import RegistrationStatus
from socialwork.forms import ApartFormSet, HomeFormSet, SpanForm
from socialwork.models import (
    Assignment,
    Award,
    Certificate,
    CertificateRegistration,
    ContinuingEducation,
    Conversion,
    Education,
    ElectedOffice,
    ExamEntry,
    PostHolding,
)

COLOURS = {
    RegistrationStatus.VALID: "success",
    RegistrationStatus.DUE: "warning",
    RegistrationStatus.EXPIRED: "danger",
}


class EducationLines(Lines):
    model = Education
    fields = ["level", "degree", "school", "major", "related_major", "full_time", "graduated_on"]
    verbose_name = verbose_name_plural = _("education")


class CertificateLines(Lines):
    model = Certificate
    fields = ["level", "number", "passed_on", "issued_on", "withdrawn_on"]
    verbose_name_plural = _("certificates")
    WIDTHS = {"level": "9rem", "number": "11rem"}  # a management number has 16 digits and more

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.WIDTHS:
            field.widget.attrs["style"] = f"min-width: {self.WIDTHS[db_field.name]}"
        return field


class RegistrationLines(Lines):
    """The periods of registration, each of a certificate of this person that was saved before."""

    model = CertificateRegistration
    fields = ["certificate", "starts_on", "until", "standing", "number", "authority"]
    readonly_fields = ["until", "standing"]
    verbose_name_plural = _("registrations of the certificate")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "certificate":
            kwargs["queryset"] = Certificate.objects.filter(worker=getattr(request, "held_entry", None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("registered until"))
    def until(self, registration):
        return registration.ends if registration.starts_on else _("three years later")

    @admin.display(description=_("standing"))
    def standing(self, registration):
        return registration.status().label if registration.starts_on else "—"


class ContinuingEducationLines(Lines):
    model = ContinuingEducation
    fields = ["held_on", "hours", "topic", "organiser"]
    ordering = ["-held_on", "pk"]
    verbose_name_plural = _("continuing education")


class AssignmentLines(Lines):
    model = Assignment
    form = SpanForm
    formset = HomeFormSet
    fields = ["region", "kind", "is_home", "valid_from", "valid_to"]
    autocomplete_fields = ["region"]
    ordering = ["-valid_from", "pk"]
    verbose_name_plural = _("assignments")


class HoldingLines(Lines):
    """The posts of a social worker; who sits in a post is said with the post."""

    model = PostHolding
    fields = ["post", "staffing_source", "valid_from", "valid_to"]
    ordering = ["-valid_from", "pk"]
    verbose_name_plural = _("posts held")

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("post__region", "post__organization", "post__facility", "post__station")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


class IncumbentLines(Lines):
    model = PostHolding
    form = SpanForm
    formset = ApartFormSet
    fields = ["worker", "staffing_source", "valid_from", "valid_to"]
    autocomplete_fields = ["worker"]
    ordering = ["-valid_from", "pk"]
    verbose_name = verbose_name_plural = _("who holds it")


class OfficeLines(Lines):
    model = ElectedOffice
    fields = ["region", "body", "position", "valid_from", "valid_to"]
    autocomplete_fields = ["region"]
    verbose_name = verbose_name_plural = _("elected offices")


class ExamLines(Lines):
    model = ExamEntry
    fields = ["year", "level", "subjects", "result", "incentive"]
    ordering = ["-year", "pk"]
    verbose_name_plural = _("examinations")


class AwardLines(Lines):
    model = Award
    fields = ["title", "level", "giver", "given_on"]
    verbose_name = verbose_name_plural = _("awards")


class ConversionLines(Lines):
    model = Conversion
    fields = ["staff", "former_position", "way", "converted_on"]
    autocomplete_fields = ["staff"]
    verbose_name = verbose_name_plural = _("conversion from staff")
