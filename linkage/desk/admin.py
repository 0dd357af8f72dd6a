"""What belongs to the whole platform and to no app: the working-day calendar, background jobs."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from communities.offices.rules import keeps_calendar
from linkage.desk import work
from linkage.foundation import workdays
from linkage.foundation.admin import ReadOnly, Screen
from linkage.foundation.models import CalendarDay, CalendarYear, Job
from linkage.foundation.registers.pages import Foretold, ForetoldForm


class CalendarScreen(Screen):
    """Read by everybody with a post; entered by a province, whose clock runs by it."""

    def has_view_permission(self, request, obj=None):
        return request.user.is_authenticated and bool(request.user.current_posts)

    def has_add_permission(self, request, obj=None):
        return keeps_calendar(request.user)

    def has_change_permission(self, request, obj=None):
        return keeps_calendar(request.user)

    def has_delete_permission(self, request, obj=None):
        return False


class DayInline(CalendarScreen, TabularInline):
    model = CalendarDay
    fields = ["day", "works", "name"]
    extra = 3

    def has_delete_permission(self, request, obj=None):
        return keeps_calendar(request.user)


@admin.register(CalendarYear)
class CalendarYearAdmin(CalendarScreen, ModelAdmin):
    """A year once entered stays; its days may be corrected, and the history keeps what stood there."""

    list_display = ["year", "source", "days_off", "days_made_up"]
    fields = ["year", "source"]
    inlines = [DayInline]

    def get_readonly_fields(self, request, obj=None):
        return ["year"] if obj else []

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("days")

    def changelist_view(self, request, extra_context=None):
        wanted = workdays.years_wanted()
        if wanted:
            told = gettext("Not entered yet: %(years)s. Time limits that reach into it count weekends only.")
            messages.warning(request, told % {"years": "、".join(map(str, wanted))})
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("weekdays off"))
    def days_off(self, year):
        return sum(not day.works for day in year.days.all())

    @admin.display(description=_("weekend days worked"))
    def days_made_up(self, year):
        return sum(day.works for day in year.days.all())


class OfKind(admin.SimpleListFilter):
    title = _("kind of work")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(key, kind.name) for key, kind in work.KINDS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(Foretold, ReadOnly, ModelAdmin):
    """The long work of everybody under an administrator: what became of it, and what to do if it failed."""

    actions_detail = ["again_here"]
    list_display = [
        "what",
        "kind_shown",
        "state_shown",
        "progress",
        "started_by",
        "created_at",
        "finished_at",
    ]
    list_filter = ["state", OfKind]
    search_fields = ["title", "owner__name"]
    ordering = ["-pk"]
    list_fullwidth = True
    fields = [
        *("what", "kind_shown", "state", "why", "what_next", "belongs_to", "progress", "started_by"),
        *("created_at", "started_at", "heartbeat_at", "finished_at", "attempts", "expires_at"),
    ]
    readonly_fields = fields

    def has_view_permission(self, request, obj=None):
        return request.user.is_authenticated and request.user.administers

    def has_again_permission(self, request, object_id=None):
        row = self.get_object(request, unquote(str(object_id))) if object_id else None
        return row is not None and work.may_begin_again(row)

    def get_queryset(self, request):
        return work.visible_to(request.user).select_related("owner")

    def get_object(self, request, object_id, from_field=None):
        job = super().get_object(request, object_id, from_field)
        if job is not None:
            job.page, job.title = work.page_of(job, request.user), work.title_of(job)
        return job

    def get_fields(self, request, obj=None):
        """Only what there is to say of this one."""
        if obj is None:
            return self.fields
        failed = obj.state == Job.State.FAILED
        said = {
            "why": failed,
            "what_next": failed,
            "belongs_to": bool(obj.page),
            "heartbeat_at": obj.state == Job.State.RUNNING,
            "expires_at": bool(obj.result_file),
        }
        return [name for name in self.fields if said.get(name, True)]

    @admin.display(description=_("what it is about"))
    def what(self, job):
        return work.title_of(job)

    @admin.display(description=_("kind of work"))
    def kind_shown(self, job):
        return work.kind_of(job).name

    @display(
        description=_("state"),
        ordering="state",
        label={"queued": "info", "running": "info", "done": "success", "failed": "danger"},
    )
    def state_shown(self, job):
        return job.state, job.get_state_display()

    @admin.display(description=_("progress"))
    def progress(self, job):
        if job.percent is not None:
            return f"{job.percent}%"
        return gettext("%s done") % f"{job.done:,}" if job.done else self.get_empty_value_display()

    @admin.display(description=_("started by"), ordering="owner__name")
    def started_by(self, job):
        return job.owner or gettext("the platform, by the clock")

    @admin.display(description=_("why it failed"))
    def why(self, job):
        cause = job.get_cause_display() or Job.Cause.PROGRAM.label
        return f"{cause} {job.error}" if job.cause == Job.Cause.TOLD else cause

    @admin.display(description=_("what to do"))
    def what_next(self, job):
        return work.advice(job)

    @admin.display(description=_("belongs to"))
    def belongs_to(self, job):
        return format_html('<a class="lk-link" href="{}">{}</a>', job.page, gettext("Open its page"))

    @action(description=_("Do it again"), url_path="again", permissions=["again"], icon="refresh")
    def again_here(self, request, object_id):
        return self._foretell(
            request,
            object_id,
            ForetoldForm,
            work.begin_again,
            permitted=self.has_again_permission,
            title=_("Do a failed job again"),
            told=lambda job: [
                gettext("“%(what)s” is queued once more and begins within a minute.")
                % {"what": work.title_of(job)},
                gettext("What was done already is not done twice; rights are asked for anew."),
            ],
        )


def _screens(request, app_label=None):
    """Asked for by every page of the data desk and shown on two: worked out only where it is shown.

    The side of the pages has its own list (``registers.sidebar``); this one asks every screen for four
    rights and two addresses, which was a tenth of the time of a page.
    """
    return SimpleLazyObject(partial(type(admin.site).get_app_list, admin.site, request, app_label))


admin.site.get_app_list = _screens
