"""What is set for the whole platform and belongs to no app: the working-day calendar."""

from django.contrib import admin, messages
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from communities.offices.rules import keeps_calendar
from linkage.foundation import workdays
from linkage.foundation.admin import Screen
from linkage.foundation.models import CalendarDay, CalendarYear


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
