"""Batches over REST: many decided with one opinion, one result line for each."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from linkage.foundation.api import once_per_key
from linkage.foundation.filters import KeysetPagination, StrictFilterBackend
from projects.models import Batch, BatchItem, Project, Verdict
from projects.services import batch as batches


class ChosenSerializer(serializers.Serializer):
    """One project, at the step and in the round that was on the screen."""

    project = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    step = serializers.CharField(max_length=30)
    round = serializers.IntegerField(min_value=1, max_value=1000)


class StartSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(
        choices=[(verdict.value, verdict.label) for verdict in (Verdict.APPROVE, Verdict.RETURN)]
    )
    opinion = serializers.CharField(max_length=500)
    items = ChosenSerializer(many=True, allow_empty=False, max_length=batches.MOST)

    def validate(self, given):
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "?"))
        return given


class ResultSerializer(serializers.ModelSerializer):
    """What became of one project: decided, or why not."""

    project = serializers.IntegerField(source="project_id")

    class Meta:
        model = BatchItem
        fields = ("project", "step", "round", "state", "reason", "at")
        read_only_fields = fields


class BatchSerializer(serializers.ModelSerializer):
    """``amount`` is what the chosen projects ask for together, in yuan."""

    under_way = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = ("id", "verdict", "opinion", "total", "amount", "created_at", "under_way")
        read_only_fields = fields

    def get_under_way(self, batch) -> bool:
        return batch.job is not None and batch.job.is_open


class BatchDetailSerializer(BatchSerializer):
    items = ResultSerializer(many=True, read_only=True)

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "items")
        read_only_fields = fields


class BatchViewSet(viewsets.ReadOnlyModelViewSet):
    """The batches one has begun oneself."""

    filter_backends = (StrictFilterBackend,)
    pagination_class = KeysetPagination
    lookup_value_regex = r"\d{1,18}"
    queryset = Batch.objects.none()  # for the schema; rows come from get_queryset

    def get_queryset(self):
        rows = Batch.objects.of(self.request.user).select_related("job")
        return rows.prefetch_related("items") if self.detail else rows

    def get_serializer_class(self):
        return BatchDetailSerializer if self.detail else BatchSerializer

    @extend_schema(request=StartSerializer, responses={201: BatchDetailSerializer})
    @once_per_key
    def create(self, request):
        asked = StartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        word = asked.validated_data
        chosen = [(one["project"], one["step"], one["round"]) for one in word["items"]]
        try:
            begun = batches.start(chosen, by=request.user, verdict=word["verdict"], opinion=word["opinion"])
        except Project.DoesNotExist:
            raise Http404 from None
        return Response(BatchDetailSerializer(begun).data, status=201)
