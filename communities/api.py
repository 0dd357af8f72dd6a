"""Regions over REST: read within one's scope, found by name or code anywhere. What is kept of communities."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from communities.filters import RegionFilter
from communities.models import CommunityProfile, Grid, Region, RegionPlacement, paths
from linkage.foundation.filters import StrictFilterBackend
from linkage.foundation.register_api import viewset
from linkage.foundation.tabular import TABLES, TableViewSet, as_tables

FOUND = 20


class FoundSerializer(serializers.ModelSerializer):
    """What anyone in office may know of a place anywhere."""

    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = Region
        fields = ["code", "name", "full_name"]


class RegionSerializer(serializers.ModelSerializer):
    parent = serializers.SerializerMethodField()
    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = Region
        fields = [
            "code", "name", "full_name", "level", "parent", "path", "kind", "committee",
            "body_name", "opened_on", "closed_on",
        ]  # fmt: skip

    def get_parent(self, region) -> str | None:
        """The code of the place above."""
        codes = region.path_codes
        return codes[-2] if len(codes) > 1 else None


class PlacementSerializer(serializers.ModelSerializer):
    valid_from = serializers.DateField(source="valid.lower", allow_null=True)
    valid_to = serializers.DateField(source="valid.upper", allow_null=True)

    class Meta:
        model = RegionPlacement
        fields = ["name", "path", "kind", "valid_from", "valid_to", "basis"]


class RegionDetailSerializer(RegionSerializer):
    placements = PlacementSerializer(many=True, read_only=True)

    class Meta(RegionSerializer.Meta):
        fields = [*RegionSerializer.Meta.fields, "placements"]


class RegionViewSet(mixins.RetrieveModelMixin, TableViewSet):
    """The places under one's posts, upper ones before lower ones; the list as a table, too."""

    queryset = Region.objects.none()  # for the schema; rows come from get_queryset
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z]{2,24}"
    filter_backends = [StrictFilterBackend]
    filterset_class = RegionFilter

    @property
    def open_to_narrow_tokens(self):
        return self.action != "find"  # which finds places anywhere

    @property
    def query_parameters(self):
        return ("format",) if self.action == "list" else ()

    def get_renderers(self):
        return super().get_renderers() if self.action == "list" else [JSONRenderer()]

    def get_queryset(self):
        return Region.objects.visible_to(self.request.user).order_by("path")

    def columns(self):
        return RegionSerializer.Meta.fields

    @extend_schema(parameters=TABLES, responses=as_tables(RegionSerializer(many=True)))
    def list(self, request):
        self.asked(**dict.fromkeys(RegionFilter.base_filters, str))
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.answer([dict(row) for row in self.get_serializer(found, many=True).data])

    def get_serializer_class(self):
        return RegionDetailSerializer if self.action == "retrieve" else RegionSerializer

    def paginate_queryset(self, queryset):
        return _with_ancestors(super().paginate_queryset(queryset))

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True)], responses=FoundSerializer(many=True)
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def find(self, request):
        """Places anywhere by the beginning of a code or any part of a name."""
        unknown = sorted(set(request.query_params) - {"q"})
        if unknown:
            raise ValidationError({unknown[0][:50]: [_("There is no such parameter.")]})
        text = request.query_params.get("q", "")
        if not text.strip() or len(text) > 100:
            raise ValidationError({"q": [_("Give 1 to 100 characters.")]})
        found = Region.objects.findable_by(request.user, text).order_by("path")[:FOUND]
        return Response(FoundSerializer(_with_ancestors(list(found)), many=True).data)


def _with_ancestors(regions):
    """The same regions, the places above them already fetched in one query."""
    chains = paths(regions)
    for region in regions:
        region.ancestors = chains[region.pk][:-1]
    return regions


CommunityProfileViewSet = viewset(
    CommunityProfile,
    about="Figures of communities, a row for each reference date, with their source; no special groups.",
    fields=[
        *("region", "as_of", "households", "residents", "registered_residents", "infants", "children"),
        *("elderly", "aged_65", "aged_80", "party_members", "area_km2", "staff", "source"),
    ],
    filters=["as_of"],
)

GridViewSet = viewset(
    Grid,
    about="Grids of communities.",
    fields=["region", "code", "name", "households", "residents", "bounds", "valid_from", "valid_to"],
    filters=["code"],
)
