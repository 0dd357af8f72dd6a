"""The door of the published tables of special groups."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from communities.models import Region
from linkage.attainment.api.doors import PLACE, StatisticsViewSet, one_of_them, without_null
from linkage.attainment.documents.groups import cell, kind_of
from linkage.attainment.models import PUBLISHED_GROUPS
from linkage.attainment.services import groups
from linkage.foundation.tabular import TABLES, as_tables

TOLD = "A whole number; * where it is withheld, nothing where nobody has reported."
IF_SINCE = OpenApiParameter(
    "If-Modified-Since",
    str,
    OpenApiParameter.HEADER,
    description="The Last-Modified of an earlier answer; looked at here, where tables are never changed.",
)


class _GroupRow(serializers.Serializer):
    """One line of the table of a place: the place itself, a place directly below, or the rest."""

    place = serializers.CharField(help_text="Code of the place.")
    place_name = serializers.CharField(help_text="Its name on the day of publication.")
    line = serializers.ChoiceField(
        choices=["place", "below", "rest"],
        help_text="place: the sum; below: a place directly below; rest: communities directly below.",
    )
    as_of = serializers.DateField(help_text="The last day of the half-year.")
    published_at = serializers.DateTimeField()
    communities = serializers.IntegerField(help_text="Communities open on that day.")
    reported = serializers.IntegerField(help_text="Those whose profile was known.")


GroupRow = type(
    "GroupRow",
    (_GroupRow,),
    {
        "__doc__": _GroupRow.__doc__,
        **{
            str(group): serializers.CharField(help_text=f"{group.label}. {TOLD}", allow_null=True)
            for group in PUBLISHED_GROUPS
        },
    },
)

EXAMPLE = OpenApiExample(
    "a district",
    value={
        "place": "620102",
        "place_name": "城关区",
        "line": "place",
        "as_of": "2026-06-30",
        "published_at": "2026-08-01T00:05:00+08:00",
        "communities": 149,
        "reported": 149,
        **dict.fromkeys(map(str, PUBLISHED_GROUPS)),
        "minimum_living": "7351",
        "left_behind_children": "*",
    },
    response_only=True,
    media_type="application/json",
)


class GroupTableViewSet(StatisticsViewSet):
    """Special groups, half-year by half-year: a place and the places directly below it, never communities.

    Small figures are withheld, and with them the other figures of their column; the same for everybody.
    """

    serializer_class = GroupRow

    @extend_schema(
        parameters=[
            PLACE,
            OpenApiParameter("as_of", date, description="The latest table of this day or before."),
            IF_SINCE,
            *TABLES,
        ],
        responses=as_tables(GroupRow(many=True)),
        examples=[EXAMPLE],
    )
    def list(self, request):
        query = without_null(self.asked(place=str, as_of=date.fromisoformat))
        self._required(query, "place")
        place = one_of_them(Region.objects.visible_to(request.user).filter(code=query["place"]))
        table = groups.table_of(query.get("as_of"))
        if table is None:
            raise NotFound(_("No table of special groups was published for that day or before."))
        found = self.paginate_queryset(groups.rows_of(table, place).order_by("path", "is_rest"))
        return self.answer([_row(table, place, row) for row in found], changed=table.published_at, fixed=True)


def _row(table, place, row):
    return {
        "place": row.region.code,
        "place_name": row.name,
        "line": kind_of(row, place),
        "as_of": table.as_of.isoformat(),
        "published_at": timezone.localtime(table.published_at).isoformat(),
        "communities": row.communities,
        "reported": row.reported,
        **{str(group): cell(row.people, str(group)) for group in PUBLISHED_GROUPS},
    }
