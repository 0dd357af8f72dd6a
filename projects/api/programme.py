"""Programmes over REST."""

from rest_framework import mixins, serializers, viewsets

from linkage.foundation.filters import KeysetPagination, StrictFilterBackend
from projects.models import Programme, ProgrammePhase, ProgrammeStep, Quota, Track


class PhaseSerializer(serializers.ModelSerializer):
    starts = serializers.DateField()
    ends = serializers.DateField()

    class Meta:
        model = ProgrammePhase
        fields = ("key", "name", "starts", "ends", "allows")


class StepSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProgrammeStep
        fields = ("number", "key", "level", "kind", "verb", "title", "days", "opinion")


class TrackSerializer(serializers.ModelSerializer):
    class Meta:
        model = Track
        fields = ("key", "name", "counts_against_quota", "final_level")


class QuotaSerializer(serializers.ModelSerializer):
    class Meta:
        model = Quota
        fields = ("key", "name", "limit", "clause", "target")


class ProgrammeSerializer(serializers.ModelSerializer):
    """A pilot programme: phases in the time of this installation, tracks, quotas, steps."""

    document = serializers.SlugRelatedField("code", read_only=True)
    region = serializers.SlugRelatedField("code", read_only=True)
    phases = PhaseSerializer(many=True, read_only=True)
    tracks = TrackSerializer(many=True, read_only=True)
    quotas = QuotaSerializer(many=True, read_only=True)
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = Programme
        fields = (
            "code",
            "title",
            "document",
            "region",
            "shift_days",
            "active",
            "phases",
            "tracks",
            "quotas",
            "steps",
        )


class ProgrammeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Programmes issued at, above or under one's places."""

    serializer_class = ProgrammeSerializer
    filter_backends = (StrictFilterBackend,)
    pagination_class = KeysetPagination
    lookup_field = "code"
    lookup_value_regex = r"[A-Za-z0-9-]{1,40}"
    queryset = Programme.objects.none()  # for the schema; rows come from get_queryset

    def get_queryset(self):
        rows = Programme.objects.visible_to(self.request.user).select_related("document", "region")
        return rows.prefetch_related("phases", "tracks", "quotas", "steps").order_by("code")
