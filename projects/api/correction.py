"""更正 over REST: what was put right, and putting a clerical mistake right."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from projects.models import Correctable, Correction


class CorrectionSerializer(serializers.ModelSerializer):
    """更正 of a clerical mistake. ``step`` is that of the decision put right, null for the project itself."""

    step = serializers.CharField(source="decision.step", default=None)
    office = serializers.CharField(source="office_name")
    by = serializers.CharField(source="by_name")

    class Meta:
        model = Correction
        fields = ("round", "step", "field", "before", "after", "reason", "basis", "office", "by", "at")
        read_only_fields = fields


class CorrectSerializer(serializers.Serializer):
    """What is to be read from now on. With ``step`` and ``round`` a fact of that decision, without them one
    of the project itself. Amounts in yuan such as 45000, days such as 2016-08-30."""

    field = serializers.ChoiceField(choices=Correctable.choices)
    after = serializers.CharField(max_length=100)
    reason = serializers.CharField(max_length=200)
    basis = serializers.CharField(
        max_length=200, help_text="The document or the signed paper that shows what is right."
    )
    step = serializers.CharField(max_length=30, required=False)
    round = serializers.IntegerField(min_value=1, max_value=1000, required=False)

    def validate(self, given):
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "?"))
        place = given.pop("step", None), given.pop("round", None)
        if place == (None, None):
            return {**given, "decision": None}
        said = self.context["project"].decisions.all()
        decision = next((one for one in said if (one.step, one.round) == place), None)
        if decision is None:
            raise serializers.ValidationError(
                {"step": _("No office has decided on this step in this round: give both.")}
            )
        return {**given, "decision": decision}
