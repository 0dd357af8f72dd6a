"""People, each once: corrected and merged here; entered where they are something."""

from django.contrib import admin
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.people.forms import PersonForm
from communities.people.models import IdentityType, Person
from linkage.foundation.registers import Register

PAIRS = 100  # of possible doubles that are shown


class Numbered(admin.SimpleListFilter):
    """With or without a number: who has none may be in the register twice."""

    title = _("identity number")
    parameter_name = "numbered"

    def lookups(self, request, model_admin):
        return [("1", _("number known")), ("0", _("number not known"))]

    def queryset(self, request, queryset):
        if self.value() == "1":
            return queryset.exclude(id_hash="")
        return queryset.filter(id_hash="") if self.value() == "0" else queryset


@admin.register(Person)
class PersonAdmin(Register):
    form = PersonForm
    list_display = ["name", "where", "number_shown", "paper", "sex", "born_shown"]
    list_filter = ["sex", Numbered]
    search_fields = ["name__startswith"]
    search_help_text = _("Name, from its beginning")
    readonly_fields = ["region", "paper", "number_shown", "roles_here"]
    fields = ["name", ("sex", "birth_date"), ("paper", "number_shown"), "region", "roles_here"]
    help_source = (
        "一人一档：同一证件号码在各台账中都是同一个人，计数时只计一次。人员在所在台账（社区工作人员、社会工作者、志愿者等）中登记，"
        "本页用于更正和合并重复的人员"
    )

    def has_add_permission(self, request):
        """People are entered as what they are: staff, social worker, volunteer."""
        return False

    def has_change_permission(self, request, obj=None):
        keeps = super().has_add_permission(request)
        return keeps and (obj is None or (obj.removed_at is None and obj.is_kept_by(request.user)))

    has_delete_permission = has_change_permission

    def has_merge_permission(self, request, obj=None):
        return super().has_add_permission(request)

    def has_reveal_permission(self, request, obj=None):
        return super().has_add_permission(request)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.looked_at_by = request
        return found

    def get_readonly_fields(self, request, obj=None):
        """What a resident identity number says is not typed beside it."""
        read = obj is not None and obj.number_tells
        return [*self.readonly_fields, *(["sex", "birth_date"] if read else [])]

    @admin.display(description=_("identity number"))
    def number_shown(self, person):
        return person.masked("id_number") or "—"

    @admin.display(description=_("born on"))
    def born_shown(self, person):
        return person.masked("birth_date") or "—"

    @admin.display(description=_("kind of paper"))
    def paper(self, person):
        return person.get_id_type_display() if person.id_hash else "—"

    @admin.display(description=_("stands in these registers"))
    def roles_here(self, person):
        """What the person is in the places of whoever looks; what others keep stays theirs."""
        request, lines = person.looked_at_by, []
        for model in Person.roles():
            roles = model.objects.visible_to(request.user).filter(person=person)
            place = model.region_path.rpartition("__")[0]
            for role in roles.select_related(place)[:20]:
                lines.append((_address(role), model._meta.verbose_name, role.place or "—", role))
        if not lines:
            return "—"
        return format_html(
            '<ul class="list-disc pl-4">{}</ul>',
            format_html_join(
                "", '<li><a class="font-medium text-primary-600" href="{}">{}</a>：{}，{}</li>', lines
            ),
        )

    # Doubles

    def doubles(self, request):
        """Two rows that may be one human, with the reasons in words.

        Two resident identity numbers are two humans, so at least one of a pair has none.
        """
        people = Person.objects.kept_by(request.user).order_by()
        reasons = {}
        for keys, reason in [
            *_alike(
                people.exclude(birth_date=None), ["name", "birth_date"], gettext("same name and birth date")
            ),
            *_alike(people, ["name", "region"], gettext("same name in the same place, a number is missing")),
        ]:
            reasons.setdefault(keys, []).append(reason)
        found = list(reasons)[:PAIRS]
        rows = people.select_related("region").in_bulk({key for pair in found for key in pair})
        return [
            (rows[one], rows[other], [*reasons[one, other], self._apart(rows[one], rows[other])])
            for one, other in found
        ]

    def _apart(self, *pair):
        """What tells the two apart: place and number, masked."""
        none = gettext("no number")
        return " ↔ ".join(f"{person.region} {person.masked('id_number') or none}" for person in pair)


def _alike(people, by, reason):
    """``((one, other), reason)``: in a group that agrees in ``by``, who has no number beside another."""
    without = ~Q(id_type=IdentityType.RESIDENT) | Q(id_hash="")
    groups = (
        people.values(*by)
        .annotate(
            rows=Count("pk"),
            lacking=ArrayAgg("pk", filter=without, order_by="pk", default=[]),
            having=ArrayAgg("pk", filter=~without, order_by="pk", default=[]),
        )
        .filter(rows__gt=1)
        .exclude(lacking=[])[:PAIRS]
    )
    for group in groups:
        kept, *others = [*group["having"], *group["lacking"]][:5]
        for other in others:
            if other in group["lacking"]:
                yield (kept, other), reason


def _address(role):
    meta = role._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[role.pk])
    except NoReverseMatch:
        return ""
