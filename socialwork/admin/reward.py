"""The desk of allowances: what a county has fixed, and what was paid."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Register
from socialwork.models import AllowancePayment, AllowanceStandard

SOURCE = "出处：重庆2018 三(三)：对获得社会工作职业资格的社区工作者给予职业津贴，具体办法由各区县制定"


@admin.register(AllowanceStandard)
class AllowanceStandardAdmin(Register):
    list_display = ["where", "level", "monthly", "valid_from", "valid_to", "basis"]
    list_filter = ["level"]
    autocomplete_fields = ["region"]
    ordering = ["region__path", "pk"]
    fields = [("region", "level"), ("monthly", "basis"), ("valid_from", "valid_to")]
    help_source = SOURCE


@admin.register(AllowancePayment)
class AllowancePaymentAdmin(Register):
    list_display = ["worker", "where", "level", "first_day", "last_day", "amount", "paid_on"]
    list_filter = ["level"]
    list_select_related = ["worker"]
    search_fields = ["worker__name__holds"]
    search_help_text = _("Name of the social worker or a part of it")
    autocomplete_fields = ["worker"]
    ordering = ["worker__region__path", "pk"]
    fields = [("worker", "level"), ("first_day", "last_day"), ("amount", "paid_on"), "note"]
    help_source = SOURCE
