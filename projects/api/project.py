"""Projects and programmes over REST: the same rows, the same verbs as the pages."""

from datetime import date

import django_filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from communities.models import Region, paths
from linkage.foundation.api import once_per_key
from linkage.foundation.filters import (
    CodeFilter,
    KeysetPagination,
    StrictFilterBackend,
    StrictFilterSet,
    StrictOrdering,
)
from linkage.foundation.scope import under
from linkage.foundation.workdays import Calendar
from projects.api.correction import CorrectionSerializer, CorrectSerializer
from projects.models import (
    FIELDS,
    SLOT_STEP,
    Attachment,
    CarriedDecision,
    Decision,
    Project,
    Status,
    Verdict,
)
from projects.models.listing import dated, with_days
from projects.services import attachments, chain, corrections, filing


class PlaceSerializer(serializers.Serializer):
    """A place: code, name and the names from the province down."""

    code = serializers.CharField()
    name = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())


class DecisionSerializer(serializers.ModelSerializer):
    """One office's word (GS-A.7 to GS-A.10), as it reads today: see ``corrections``. Money in yuan."""

    office = serializers.CharField(source="office_name")
    by = serializers.CharField(source="by_name")
    on_behalf_of = serializers.CharField(
        source="on_behalf_name", help_text="Whom a deputy stood in for; empty if nobody."
    )
    handler = serializers.SerializerMethodField()
    leader = serializers.SerializerMethodField()
    signed_on = serializers.SerializerMethodField()
    granted_amount = serializers.SerializerMethodField()
    doc_no = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = (
            "round",
            "step",
            "verdict",
            "opinion",
            "marks",
            "return_to",
            "office",
            "by",
            "on_behalf_of",
            "handler",
            "leader",
            "signed_on",
            "granted_amount",
            "doc_no",
            "at",
        )
        read_only_fields = fields

    def get_handler(self, decision) -> str:
        return decision.now("handler")

    def get_leader(self, decision) -> str:
        return decision.now("leader")

    def get_signed_on(self, decision) -> date:
        return decision.now("signed_on")

    @extend_schema_field(serializers.DecimalField(14, 2, allow_null=True))
    def get_granted_amount(self, decision):
        amount = decision.now("granted_amount")
        return None if amount is None else f"{amount:.2f}"

    def get_doc_no(self, decision) -> str:
        return decision.now("doc_no")


class CarriedSerializer(serializers.ModelSerializer):
    """沿用: the opinion of an earlier round that stands in this one."""

    of_round = serializers.IntegerField(source="decision.round", help_text="The round it was given in.")
    office = serializers.CharField(source="decision.office_name")

    class Meta:
        model = CarriedDecision
        fields = ("round", "step", "of_round", "office")
        read_only_fields = fields


class ProjectSerializer(serializers.ModelSerializer):
    """A project as it appears in lists. Money in yuan."""

    programme = serializers.SlugRelatedField("code", read_only=True)
    track = serializers.SlugRelatedField("key", read_only=True)
    place = serializers.SerializerMethodField()
    acting_office = serializers.SlugRelatedField("name", read_only=True)
    due_on = serializers.SerializerMethodField()
    working_days_left = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = (
            "id",
            "number",
            "title",
            "programme",
            "track",
            "place",
            "status",
            "step",
            "round",
            "step_since",
            "acting_office",
            "due_on",
            "working_days_left",
            "requested_subsidy",
            "granted_amount",
            "approval_doc_no",
            "submitted_at",
            "approved_on",
        )
        read_only_fields = fields

    @extend_schema_field(PlaceSerializer)
    def get_place(self, project):
        trail = self.context["trails"][project.region_id]
        return {
            "code": project.region.code,
            "name": project.region.name,
            "path": [region.name for region in trail],
        }

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_due_on(self, project):
        """The day by which the acting office must have decided; null where no office has it."""
        due = self.context["due"][project.pk]
        return due and due.due_on.isoformat()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_working_days_left(self, project):
        """Working days of the State Council; 0 on the last one, negative when overdue."""
        due = self.context["due"][project.pk]
        return due and due.left


class ProjectDetailSerializer(ProjectSerializer):
    """One project with its form, its route, every opinion and what stands of it in later rounds."""

    form = serializers.SerializerMethodField()
    route = serializers.SerializerMethodField()
    decisions = DecisionSerializer(many=True, read_only=True)
    carried = CarriedSerializer(many=True, read_only=True)
    corrections = CorrectionSerializer(many=True, read_only=True)

    class Meta(ProjectSerializer.Meta):
        fields = (*ProjectSerializer.Meta.fields, "form", "route", "decisions", "carried", "corrections")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(help_text="The form as last submitted; empty for a draft."))
    def get_form(self, project):
        submission = project.latest_submission
        return submission.snapshot if submission else {}

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_route(self, project):
        return [
            {
                "step": stop.key,
                "title": stop.title,
                "office": stop.office.name if stop.office else None,
                "skipped_because": stop.skipped_because,
                "arrived_at": stop.arrived_at,
            }
            for stop in project.route_steps
        ]


class MarkSerializer(serializers.Serializer):
    field = serializers.ChoiceField(choices=list(FIELDS))
    note = serializers.CharField(max_length=200)


class DecideSerializer(serializers.Serializer):
    """What an official says. ``step`` and ``round`` are what was on the screen: if the project has
    moved since, the answer is 409 and names who was first."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    opinion = serializers.CharField(max_length=500)
    step = serializers.CharField(max_length=30)
    round = serializers.IntegerField(min_value=1, max_value=1000)
    marks = MarkSerializer(many=True, required=False)
    return_to = serializers.CharField(
        max_length=30,
        required=False,
        help_text="With a return: submission (the applicant, as without it) or the step of an office before.",
    )
    handler = serializers.CharField(max_length=50, required=False, allow_blank=True)
    leader = serializers.CharField(max_length=50, required=False, allow_blank=True)
    signed_on = serializers.DateField(required=False)
    granted_amount = serializers.DecimalField(14, 2, min_value=0, required=False, help_text="yuan")
    doc_no = serializers.CharField(max_length=60, required=False, allow_blank=True)

    def validate(self, given):
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "?"))
        return given


class AttachSerializer(serializers.Serializer):
    """Files for one slot of an application: all of them or none; a file that is there already counts once."""

    slot = serializers.ChoiceField(choices=list(SLOT_STEP))
    files = serializers.ListField(child=serializers.FileField(), allow_empty=False)


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = ("id", "slot", "name", "size", "sha256", "uploaded_at")
        read_only_fields = fields


class ProjectFilters(StrictFilterSet):
    programme = CodeFilter(field_name="programme__code")
    track = CodeFilter(field_name="track__key")
    region = CodeFilter(method="at_or_under", help_text="Everything at or under the region of this code.")
    status = django_filters.ChoiceFilter(choices=Status.choices)
    step = CodeFilter()
    due = django_filters.ChoiceFilter(
        choices=[("overdue", "overdue"), ("soon", "due within two working days")], method="by_due"
    )

    class Meta:
        model = Project
        fields = ("programme", "track", "region", "status", "step", "due")

    def by_due(self, rows, _name, asked):
        return rows.overdue() if asked == "overdue" else rows.due_soon()

    def at_or_under(self, rows, _name, code):
        place = Region.objects.visible_to(self.request.user).filter(code=code).first()
        return rows.filter(under("region__path", place.path)) if place else rows.none()


class ProjectViewSet(viewsets.ReadOnlyModelViewSet):
    """Projects one may see: under one's posts, or with one's office on their route."""

    filter_backends = (StrictFilterBackend, StrictOrdering)
    filterset_class = ProjectFilters
    ordering_fields = {"step_since": "step_since", "requested_subsidy": "requested_subsidy"}
    ordering = ("-step_since", "-pk")
    pagination_class = KeysetPagination
    lookup_value_regex = r"\d{1,18}"
    queryset = Project.objects.none()  # for the schema; rows come from get_queryset

    def get_queryset(self):
        rows = Project.objects.visible_to(self.request.user)
        rows = with_days(rows).select_related("programme", "track", "region", "acting_office")
        parts = ("decisions", "carried__decision", "corrections__decision")
        return rows.prefetch_related(*parts) if self.detail else rows

    def get_serializer_class(self):
        return ProjectDetailSerializer if self.detail else ProjectSerializer

    def list(self, request, *args, **kwargs):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._shaped(rows, many=True))

    def retrieve(self, request, *args, **kwargs):
        return Response(self._shaped(self.get_object()))

    def _shaped(self, found, *, many=False):
        rows = found if many else [found]
        calendar = Calendar()
        context = {
            **self.get_serializer_context(),
            "trails": paths([project.region for project in rows]),
            "due": {project.pk: dated(project, calendar) for project in rows},
        }
        return self.get_serializer_class()(found, many=many, context=context).data

    @extend_schema(
        request=DecideSerializer,
        responses=ProjectDetailSerializer,
        examples=[
            OpenApiExample(
                "agree",
                value={
                    "verdict": "approve",
                    "opinion": "情况属实，同意上报。",
                    "step": "street_review",
                    "round": 1,
                    "handler": "赵立新",
                    "leader": "何秀兰",
                },
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"])
    @once_per_key
    def decide(self, request, pk=None):
        project = self.get_object()
        asked = DecideSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chain.decide(project, by=request.user, **asked.validated_data)
        return Response(self._shaped(self.get_object()))

    @extend_schema(request=None, responses=ProjectDetailSerializer)
    @action(detail=True, methods=["post"])
    @once_per_key
    def submit(self, request, pk=None):
        filing.submit(self.get_object(), by=request.user)
        return Response(self._shaped(self.get_object()))

    @extend_schema(
        request={"multipart/form-data": AttachSerializer}, responses={201: AttachmentSerializer(many=True)}
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    @once_per_key
    def attach(self, request, pk=None):
        project = self.get_object()
        asked = AttachSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        slot = asked.validated_data["slot"]
        attachments.add(project, slot, asked.validated_data["files"], by=request.user)
        kept = project.attachments.kept().filter(slot=slot).order_by("pk")
        return Response(AttachmentSerializer(kept, many=True).data, status=201)

    @extend_schema(request=None, responses=ProjectDetailSerializer)
    @action(detail=True, methods=["post"])
    @once_per_key
    def withdraw(self, request, pk=None):
        filing.withdraw(self.get_object(), by=request.user)
        return Response(self._shaped(self.get_object()))

    @extend_schema(request=CorrectSerializer, responses={201: CorrectionSerializer})
    @action(detail=True, methods=["post"])
    @once_per_key
    def correct(self, request, pk=None):
        project = self.get_object()
        asked = CorrectSerializer(data=request.data, context={"project": project})
        asked.is_valid(raise_exception=True)
        made = corrections.correct(project, by=request.user, **asked.validated_data)
        return Response(CorrectionSerializer(made).data, status=201)
