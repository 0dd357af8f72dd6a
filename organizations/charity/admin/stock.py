"""The desk of goods in stock."""

from django.contrib import admin
from django.db.models import Func, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation.registers import Register, pairs
from organizations.admin.parts import ToRead
from organizations.admin.steps import Steps
from organizations.charity import services
from organizations.charity.forms import BookForm
from organizations.charity.models import StockItem, StockMovement

SIGNS = Value(r"[\s（）()·、，,.-]")
PLAIN = Func("name", SIGNS, Value(""), Value("g"), function="regexp_replace")


class MovementLines(ToRead):
    model = StockMovement
    fields = ["happened_on", "kind", "quantity", "donation", "purpose", "households", "handler"]
    ordering = ["-happened_on", "-pk"]
    per_page = 20


@admin.register(StockItem)
class StockItemAdmin(Steps, Register):
    list_display = ["name", "entity", "where", "quantity", "unit"]
    list_select_related = ["entity"]
    search_fields = ["name__contains", "entity__name__holds"]
    search_help_text = _("Goods, or name of the entity")
    autocomplete_fields = ["entity"]
    ordering = ["entity__region__path", "entity_id", "pk"]
    actions_detail = ["book"]
    help_source = "出处：河北2021 三(二)（爱心超市）"
    inlines = [MovementLines]

    def get_fields(self, request, obj=None):
        asked = ["entity", ("name", "unit"), "note"]
        return [*asked, "quantity"] if obj else asked

    def get_readonly_fields(self, request, obj=None):
        return ["entity", "quantity"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @action(description=_("Book in or out"), url_path="book", permissions=["keep"], icon="swap_horiz")
    def book(self, request, object_id):
        row = self._row_or_404(request, object_id)
        return self._step(
            request,
            object_id,
            BookForm,
            services.book,
            title=_("Book goods in or out"),
            label=_("Do it"),
            done=_("Entered."),
            now=_("%(left)s %(unit)s in stock") % {"left": row.quantity, "unit": row.unit},
        )

    def doubles(self, request):
        rows = StockItem.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows.annotate(plain=PLAIN),
                    ["entity", "unit", "plain"],
                    gettext("the same goods, written in two ways"),
                ),
            ],
        )
