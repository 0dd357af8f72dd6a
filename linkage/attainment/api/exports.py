"""Bulk exports over REST: started, watched, fetched, cancelled; each person sees their own."""

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from communities.models import Region
from linkage.attainment.api.doors import Asked, check_lists, one_of_them, targets_of, visible_targets
from linkage.attainment.models import Edition
from linkage.attainment.services import exporting
from linkage.foundation import jobs
from linkage.foundation.admission import Exports
from linkage.foundation.api import once_per_key
from linkage.foundation.filters import LARGEST_ID, KeysetPagination, strict_query
from linkage.foundation.models import Job
from linkage.foundation.tabular import XLSX

CONTENT = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
NUMBER = OpenApiParameter("id", int, OpenApiParameter.PATH)
NEEDS = {"attainment": "policy", "failing": "target"}


class NewExportSerializer(serializers.Serializer):
    """What is to be exported: of a place and of all levels below it."""

    what = serializers.ChoiceField(choices=exporting.WHATS)
    place = serializers.CharField(max_length=24, help_text="Code of a place under your posts.")
    policy = serializers.CharField(
        max_length=40, required=False, help_text="Code of a document; required for attainment."
    )
    target = serializers.CharField(
        max_length=40, required=False, help_text="Code of a target; required for failing."
    )
    edition = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="An edition instead of today."
    )
    format = serializers.ChoiceField(choices=exporting.FORMATS, default="csv")

    def validate(self, asked):
        needed = NEEDS.get(asked["what"])
        if needed and needed not in asked:
            raise ValidationError({needed: [_("This parameter is required.")]})
        return asked


class ExportSerializer(serializers.Serializer):
    """How far an export is; ``file`` once it may be fetched."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    done = serializers.IntegerField(help_text="Places written, or units that fall short.")
    total = serializers.IntegerField(allow_null=True)
    percent = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Until when the file is kept.")
    error = serializers.CharField(help_text="Why it failed.")
    file = serializers.SerializerMethodField()

    def get_file(self, job) -> str | None:
        """Address of the file."""
        return reverse("api:export-file", args=[job.pk]) if job.result_file else None


EXAMPLE = OpenApiExample(
    "the whole province",
    value={"what": "attainment", "place": "62", "policy": "gansu-2016", "format": "csv"},
    request_only=True,
)


class ExportViewSet(viewsets.GenericViewSet):
    """Exports of one's own, the newest first."""

    serializer_class = ExportSerializer
    pagination_class = KeysetPagination
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Job.objects.none()  # for the schema

    def get_throttles(self):
        further = [Exports()] if self.action == "create" else []
        return [*super().get_throttles(), *further]

    def _mine(self, pk):
        return one_of_them(exporting.of(self.request.user).filter(pk=pk))

    @extend_schema(responses=ExportSerializer(many=True))
    def list(self, request):
        strict_query(request, {"cursor": str, "size": str})
        found = self.paginate_queryset(exporting.of(request.user).order_by("-id"))
        return self.get_paginated_response(ExportSerializer(found, many=True).data)

    @extend_schema(request=NewExportSerializer, responses={202: ExportSerializer}, examples=[EXAMPLE])
    @once_per_key
    def create(self, request):
        asked = NewExportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        job = exporting.start(by=request.user, **self._found(dict(asked.validated_data)))
        answer = Response(ExportSerializer(job).data, status=202)
        answer["Location"] = reverse("api:export-detail", args=[job.pk])
        return answer

    def _found(self, asked):
        """The same with rows for codes, each looked for in one's scope."""
        user = self.request.user
        asked["place"] = one_of_them(Region.objects.visible_to(user).filter(code=asked["place"]))
        if asked["what"] == "attainment":
            targets_of(user, asked["policy"], asked.get("target"))
        else:
            asked.pop("policy", None)
        if "edition" in asked:
            asked["edition"] = one_of_them(Edition.objects.with_demand().filter(pk=asked["edition"]))
        if asked["what"] == "failing":
            target = one_of_them(visible_targets(user).filter(code=asked["target"]))
            then = Asked(asked["place"], below=False, edition=asked.get("edition"))
            check_lists(then.then(target)[0])
        elif asked["what"] == "totals":
            asked.pop("target", None)
        return asked

    @extend_schema(parameters=[NUMBER], responses=ExportSerializer)
    def retrieve(self, request, pk):
        strict_query(request, {})
        return Response(ExportSerializer(self._mine(pk)).data)

    @extend_schema(
        parameters=[NUMBER],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, XLSX): OpenApiTypes.BINARY,
            409: OpenApiResponse(description="Not finished, or no longer kept."),
        },
    )
    @action(detail=True, url_name="file")
    def file(self, request, pk):
        strict_query(request, {})
        job = self._mine(pk)
        file, name = exporting.file_of(job, by=request.user)
        answer = FileResponse(file, as_attachment=True, filename=name)
        answer["Content-Type"] = CONTENT[job.arguments["format"]]
        answer["Cache-Control"] = "private, no-store"
        return answer

    @extend_schema(parameters=[NUMBER], request=None, responses=ExportSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk):
        """Stop an export: at once while it waits, after its next batch while it runs."""
        return Response(ExportSerializer(jobs.cancel(self._mine(pk), by=request.user)).data)
