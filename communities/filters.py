"""What regions may be asked by."""

import django_filters

from communities.models import CommunityKind, Level, Region
from linkage.foundation.filters import CodeFilter, StrictFilterSet


class RegionFilter(StrictFilterSet):
    level = django_filters.TypedChoiceFilter(choices=Level.choices, coerce=int)
    kind = django_filters.ChoiceFilter(choices=CommunityKind.choices)
    parent = CodeFilter(field_name="parent__code")
    name = django_filters.CharFilter(lookup_expr="holds", max_length=100)

    class Meta:
        model = Region
        fields = ["level", "kind", "parent", "name"]
