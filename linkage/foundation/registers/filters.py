"""The filters beside a list: the place, the recycle bin, codes that are ticked."""

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linkage.foundation.choices import CodesField
from linkage.foundation.ledger import reading_posts
from linkage.foundation.scope import under


def region_model(model):
    """The model of places, found by following ``region_path``."""
    for step in model.region_path.split("__")[:-1]:
        model = model._meta.get_field(step).related_model
    return model


class Removed(admin.SimpleListFilter):
    """The rows that stand or, for administrators, those that were removed."""

    title = _("recycle bin")
    parameter_name = "removed"

    def lookups(self, request, model_admin):
        return [("1", _("Removed entries"))] if request.user.administers else []

    def queryset(self, request, queryset):
        return queryset.filter(removed_at__isnull=self.value() != "1")

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("Entries in force"),
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


class Place(admin.SimpleListFilter):
    """The tree of places, one level at a time, from the places of one's posts down."""

    title = _("place")
    parameter_name = "place"

    def __init__(self, request, params, model, model_admin):
        self.regions = region_model(model).objects
        self.mine = [post.office.region for post in reading_posts(request.user, model.duties)]
        super().__init__(request, params, model, model_admin)

    @cached_property
    def chosen(self):
        code = self.value()
        if not code:
            return None
        if len(code) > 24 or "\0" in code:
            raise BadRequest
        place = self.regions.filter(code=code).first()
        if place is None or not self._is_mine(place):
            raise BadRequest
        return place

    def _is_mine(self, place):
        return any(place.path.startswith(mine.path) for mine in self.mine)

    def lookups(self, request, model_admin):
        if self.chosen is None:
            return [(top.code, top.name) for top in {mine.pk: mine for mine in self.mine}.values()]
        below = self.chosen.children.filter(closed_on=None).order_by("path")
        return list(below.values_list("code", "name")[:200])

    def has_output(self):
        return bool(self.mine)

    def queryset(self, request, queryset):
        if self.chosen is None:
            return queryset
        return queryset.filter(under(queryset.region_path, self.chosen.path))

    def choices(self, changelist):
        def choice(code, label, selected=False):
            link = changelist.get_query_string({self.parameter_name: code}) if code else None
            link = link or changelist.get_query_string(remove=[self.parameter_name])
            return {"selected": selected, "query_string": link, "display": label}

        yield choice(None, _("All"), selected=self.chosen is None)
        if self.chosen is not None:
            for place in filter(self._is_mine, [*self.chosen.ancestors, self.chosen]):
                yield choice(place.code, place.name, selected=place == self.chosen)
        for code, name in self.lookup_choices:
            yield choice(code, name if self.chosen is None else f"　{name}")


class Questions(admin.SimpleListFilter):
    """What is asked of all rows of a register by name: ``QUESTIONS`` is ``{key: (label, question)}``.

    A question takes the rows and gives those of which it is true. A key there is none of is a 400: a list
    that silently showed everything would be taken for the answer.
    """

    title = _("to be found")
    parameter_name = "found"
    QUESTIONS = {}

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _question) in self.QUESTIONS.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in self.QUESTIONS:
            raise BadRequest
        return self.QUESTIONS[self.value()][1](queryset)


class Ticked(admin.FieldListFilter):
    """Rows that have a code among theirs: ``list_filter = ["roles"]`` over a ``CodesField``."""

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.parameter = f"has_{field_path}"
        self.chosen = (params.get(self.parameter) or [""])[-1]
        super().__init__(field, request, params, model, model_admin, field_path)

    def expected_parameters(self):
        return [self.parameter]

    def queryset(self, request, queryset):
        if not self.chosen:
            return queryset
        if self.chosen not in self.field.codes:
            raise BadRequest
        return queryset.filter(**{f"{self.field_path}__contains": [self.chosen]})

    def choices(self, changelist):
        for code, label in {"": _("All"), **self.field.codes}.items():
            yield {
                "selected": self.chosen == code,
                "query_string": changelist.get_query_string({self.parameter: code})
                if code
                else changelist.get_query_string(remove=[self.parameter]),
                "display": label,
            }


admin.FieldListFilter.register(lambda field: isinstance(field, CodesField), Ticked, take_priority=True)
