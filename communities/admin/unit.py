"""Units that have their seat in a community."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.forms import TelephoneForm
from communities.models import ResidentUnit
from linkage.foundation.registers import Register, pairs


@admin.register(ResidentUnit)
class ResidentUnitAdmin(Register):
    form = TelephoneForm
    list_display = ["name", "where", "kind", "get_resources_labels", "contact", "phone_shown"]
    list_filter = ["kind", "resources"]
    search_fields = ["name__holds"]
    search_help_text = _("Name or a part of it")
    autocomplete_fields = ["region"]
    fieldsets = [
        (None, {"fields": ["region", ("name", "kind"), ("valid_from", "valid_to")]}),
        (_("What it can give"), {"fields": ["resources", "offer"]}),
        (_("Contact"), {"fields": [("contact", "phone")]}),
    ]
    readonly_fields = ["phone_shown"]
    help_source = (
        "出处：重庆2018 二(一)3、三(二)：驻区机关企事业单位、驻地单位支持；"
        "河北2021 三(一)：业主委员会、驻区单位"
    )

    def get_fieldsets(self, request, obj=None):
        """Who may only look sees the telephone masked."""
        shape = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return shape
        return [*shape[:-1], (_("Contact"), {"fields": [("contact", "phone_shown")]})]

    @admin.display(description=_("telephone"))
    def phone_shown(self, unit):
        return unit.masked("phone") or "—"

    def doubles(self, request):
        rows = ResidentUnit.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows, ["region__parent", "name"], gettext("same name under the same street")),
                (
                    rows.exclude(phone_hash=""),
                    ["region", "phone_hash"],
                    gettext("same telephone in the same community"),
                ),
            ],
        )
