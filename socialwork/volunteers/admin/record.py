"""The desk of service records: written by one, verified by another, reversed with a reason."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from linkage.foundation.errors import NotNow
from linkage.foundation.registers import PAGE, ReasonForm, Register
from socialwork.volunteers import services
from socialwork.volunteers.admin.parts import COLOURS
from socialwork.volunteers.admin.verbs import ByVerb
from socialwork.volunteers.codes import RecordState
from socialwork.volunteers.forms import ServiceRecordForm
from socialwork.volunteers.models import ServiceRecord


class StateFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return RecordState.choices

    def queryset(self, request, queryset):
        return queryset.in_state(self.value()) if self.value() in RecordState.values else queryset


class PeriodFilter(admin.SimpleListFilter):
    title = _("period")
    parameter_name = "period"

    def lookups(self, request, model_admin):
        return [
            ("month", _("this month")),
            ("last_month", _("last month")),
            ("year", _("this year")),
            ("last_year", _("last year")),
        ]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        month, year = today.replace(day=1), today.replace(month=1, day=1)
        day = timedelta(days=1)
        spans = {
            "month": (month, today),
            "last_month": ((month - day).replace(day=1), month - day),
            "year": (year, today),
            "last_year": ((year - day).replace(month=1, day=1), year - day),
        }
        return queryset.between(*spans[self.value()]) if self.value() in spans else queryset


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ByVerb, Register):
    form = ServiceRecordForm
    list_display = [
        "volunteer",
        "when",
        "hours_shown",
        "what",
        "where",
        "standing",
        "recorded_by",
        "verified_by",
    ]
    list_filter = [StateFilter, PeriodFilter]
    list_select_related = ["volunteer", "recorded_by", "verified_by"]
    search_fields = ["volunteer__name__holds", "volunteer__number__exact"]
    search_help_text = _("Name of the volunteer or a part of it, or the whole volunteer number")
    autocomplete_fields = ["volunteer", "region", "activity", "corrects"]
    ordering = ["-started_at", "-pk"]
    actions = ["verify_chosen", "reverse_chosen"]
    actions_detail = ["verify_here", "reverse_here"]
    readonly_fields = [
        "state_shown",
        "recorded_by",
        "recorded_at",
        "verified_by",
        "verified_at",
        "reversal_shown",
    ]
    help_source = (
        "出处：河北2021 三(五)、威海2015 三(四)1；志愿服务条例第十九条，民政部令第67号"
        "（谁组织、谁记录、谁证明），民函〔2012〕340号（以小时为单位，不含往返时间）。"
        "录入后由第二人核实方计入时长；已核实的记录不得修改，错误的冲销后重录"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("volunteer", "volunteer_number"),
                    ("region", "activity"),
                    ("content", "venue"),
                    "started_at",
                    "ended_at",
                    ("hours", "evaluation"),
                    "corrects",
                ]
            },
        ),
    ]
    STANDING = (
        _("Standing"),
        {
            "fields": [
                ("state_shown", "reversal_shown"),
                ("recorded_by", "recorded_at"),
                ("verified_by", "verified_at"),
            ]
        },
    )

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.fieldsets
        title, about = self.fieldsets[0]
        return [(title, {**about, "fields": ["volunteer", *about["fields"][1:]]}), self.STANDING]

    def get_readonly_fields(self, request, obj=None):
        """Whose service it was is said once; another volunteer's service is another record."""
        return [*self.readonly_fields, *(["volunteer"] if obj else [])]

    def has_change_permission(self, request, obj=None):
        """What is verified is fixed."""
        return super().has_change_permission(request, obj) and (obj is None or obj.verified_at is None)

    has_delete_permission = has_change_permission

    def has_verify_permission(self, request, object_id=None):
        """Whether the button stands on the page of this record."""
        row = self._kept_row(request, object_id)
        return row is not None and row.state == RecordState.UNVERIFIED

    def has_reverse_permission(self, request, object_id=None):
        row = self._kept_row(request, object_id)
        return row is not None and row.state == RecordState.VERIFIED

    def _kept_row(self, request, object_id):
        """The record of this page, where one may write it; looked for once."""
        if object_id is None or not self.has_add_permission(request):
            return None
        if not hasattr(request, "held_entry"):
            self.get_object(request, unquote(str(object_id)))
        row = request.held_entry
        return row if row and row.removed_at is None and row.is_kept_by(request.user) else None

    def save_model(self, request, obj, form, change):
        verb = services.amend if change else services.record
        verb(obj, by=request.user)

    # What is shown

    @admin.display(description=_("time of service"), ordering="started_at")
    def when(self, row):
        return row.span

    @admin.display(description=_("hours of service"), ordering="hours")
    def hours_shown(self, row):
        return row.hours_shown

    @admin.display(description=_("what was done"))
    def what(self, row):
        return row.content

    @display(description=_("standing"), label=COLOURS)
    def standing(self, row):
        return row.state, row.state.label

    @admin.display(description=_("standing"))
    def state_shown(self, row):
        return row.state.label

    @admin.display(description=_("reversed because"))
    def reversal_shown(self, row):
        reversal = getattr(row, "reversal", None)
        if reversal is None:
            return "—"
        return f"{timezone.localtime(reversal.at):%Y-%m-%d %H:%M} {reversal.by}：{reversal.reason}"

    # Verifying and reversing

    def get_actions(self, request):
        found = super().get_actions(request)
        if not self.has_add_permission(request) or request.GET.get("removed") == "1":
            for name in ("verify_chosen", "reverse_chosen"):
                found.pop(name, None)
        return found

    @admin.action(description=_("Verify the chosen records"))
    def verify_chosen(self, request, queryset):
        """Each for itself: one that cannot be verified does not hold up the others."""
        done = 0
        for row in queryset.select_related("volunteer")[:PAGE]:
            done += self._verified(request, row)
        if done:
            text = ngettext("%(count)d record verified.", "%(count)d records verified.", done)
            messages.success(request, text % {"count": done})

    def _verified(self, request, row):
        try:
            services.verify(row, by=request.user)
        except ValidationError as error:
            messages.error(request, f"{row}：{'、'.join(error.messages)}")
        except NotNow as error:
            messages.warning(request, f"{row}：{error}")
        except PermissionDenied:
            messages.error(request, f"{row}：{_('This record is not kept by you.')}")
        else:
            return True
        return False

    @admin.action(description=_("Reverse the chosen records, with a reason"))
    def reverse_chosen(self, request, queryset):
        return self._reverse(request, list(queryset.select_related("volunteer")[:PAGE]), as_action=True)

    def _reverse(self, request, rows, *, as_action):
        asked = request.method == "POST" and (not as_action or "reason" in request.POST)
        form = ReasonForm(request.POST if asked else None)
        problems = []
        if form.is_bound and form.is_valid():
            for row in rows:
                try:
                    services.reverse(row, by=request.user, reason=form.cleaned_data["reason"])
                except (NotNow, ValidationError) as error:
                    told = "、".join(error.messages) if isinstance(error, ValidationError) else str(error)
                    problems.append(f"{row}：{told}")
            if not problems:
                text = ngettext("%(count)d record reversed.", "%(count)d records reversed.", len(rows))
                messages.success(request, text % {"count": len(rows)})
                return HttpResponseRedirect(self._list())
        response = self._page(
            request,
            "reverse",
            _("Reverse service records"),
            rows=rows,
            form=form,
            problems=problems,
            as_action=as_action,
            back=self._list(),
        )
        response.status_code = 422 if form.is_bound else 200
        return response

    def _step(self, request, object_id):
        row = self._row_or_404(request, object_id)
        if not (self.has_add_permission(request) and row.removed_at is None and row.is_kept_by(request.user)):
            raise PermissionDenied
        return row

    @action(description=_("Reverse the record"), url_path="reverse", permissions=["reverse"], icon="undo")
    def reverse_here(self, request, object_id):
        return self._reverse(request, [self._step(request, object_id)], as_action=False)

    @action(description=_("Verify"), url_path="verify", permissions=["verify"], icon="task_alt")
    def verify_here(self, request, object_id):
        row = self._step(request, object_id)
        here = reverse("admin:volunteers_servicerecord_change", args=[row.pk])
        if request.method == "POST":
            if self._verified(request, row):
                messages.success(request, _("Verified: %s") % row)
            return HttpResponseRedirect(here)
        return self._page(
            request,
            "verb",
            _("Verify"),
            row=row,
            form=forms.Form(),
            groups=[],
            label=_("Verify"),
            about=_("You vouch for this service. From then on it counts and can no longer be changed."),
            now=row.get_state_display(),
            back=here,
        )
