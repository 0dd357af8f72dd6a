"""The columns of the statistics: names, and what stands in them."""

from rest_framework import serializers

from linkage.attainment.documents.deadlines import InTime


def _text(about, **more):
    return serializers.CharField(help_text=about, **more)


def _number(about, **more):
    return serializers.IntegerField(help_text=about, allow_null=True, **more)


def _fraction(about):
    return serializers.CharField(
        help_text=f"{about} An exact fraction such as 9/10, or a whole number.", allow_null=True
    )


def _decimal(about):
    return serializers.CharField(help_text=about, allow_null=True)


def _edition():
    return _number("Number of the edition; nothing where it is as things stand today.")


def _day():
    return serializers.DateField(help_text="The day the figures are of.")


def _retroactive():
    return serializers.BooleanField(help_text="追溯计算: counted after that day.")


def _keys(about):
    return serializers.ListField(child=serializers.CharField(), help_text=f"{about} In tables, with spaces.")


class MeasureRow(serializers.Serializer):
    """One figure that a target may name."""

    key = _text("What targets call it.")
    name = _text("What officials call it.")
    definition = _text("How it is counted, in one sentence.")
    unit = _text("What it is a figure of: place, organisation, facility, project, pilot_community.")
    counted_in = _text("Pieces, people or yuan. Targets keep money in fen, totals show it in yuan.")
    basis = _text("The source or clause that says how to count.")
    reported = serializers.BooleanField(help_text="Somebody fills it in: missing is unknown, not zero.")
    connected = serializers.BooleanField(help_text="Its register exists.")
    waits_for = _text("The register it waits for.")


class TargetRow(serializers.Serializer):
    """What a clause demands; the threshold as it holds today for the territory of the document."""

    target = _text("Code of the target.")
    policy = _text("Code of the document.")
    clause = _text("The clause.")
    quote = _text("Its words.")
    kind = _text("urban, rural or all.")
    scope = _text("all, pilot_areas or pilot_communities.")
    unit = _text("What is observed.")
    rule = _text("AVG, EACH, COVER, RATIO, TOTAL, PER10K, RANGE, FREQ, CAP, MILESTONE, TREND, QUOTA, RULE.")
    metric = _text("Key of the measure.")
    per = _text("Key of the measure it is divided by.")
    metric_name = _text("Name of the measure.")
    per_name = _text("Name of the other.")
    period_start = serializers.DateField(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    threshold = _fraction("What it is held against; of a range the lower bound.")
    threshold_decimal = _decimal("The same, rounded to four places.")
    threshold_high = _fraction("The upper bound of a range.")
    share = _fraction("The share of units that must pass, where each is tested.")
    term = _text("The coverage word of the clause.")
    term_value = _fraction("What the word is read as.")
    term_basis = _text("Why it is read so.")
    source = _text("clause, target, programme, document, region or system: who said the number.")
    source_label = _text("The same in words.")
    reach = _text("own or served.")
    nature = _text("binding, expected, procedural, cap, milestone or trend.")
    soft = serializers.BooleanField(help_text="A soft bound.")
    missing = _text("strict: what reported nothing counts as not met; exclude: it is left out.")
    note = _text("Note of the pack.")
    connected = serializers.BooleanField(help_text="All registers it reads exist.")
    missing_measures = _keys("Keys of the measures that are not connected.")
    missing_label = _text("The same in words, with the registers they wait for.")


class AttainmentRow(serializers.Serializer):
    """One target of one place."""

    place = _text("Code of the place.")
    place_name = _text("Its name.")
    level = serializers.IntegerField(help_text="1 province … 5 community.")
    policy = _text("Code of the document.")
    target = _text("Code of the target.")
    rule = _text("How it is computed.")
    numerator = _number("Exact; money in fen.")
    denominator = _number("Exact; 0 where the value is a plain sum.")
    numerator_before = _number("Of a trend, one year before.")
    denominator_before = _number("Of a trend, one year before.")
    value = _fraction("Numerator by denominator.")
    value_decimal = _decimal("With as many places as it takes not to look met when it is not.")
    limit = _fraction("What the value is held against.")
    limit_decimal = _decimal("With the places of the value.")
    gap = _number("What is missing, in whole units of the numerator; of a cap what is too much.")
    status = _text(
        "met, not_yet, overdue, slipped, met_late, open_ended, no_data, not_applicable, not_connected;"
        " part: it adds to the number of the whole territory and is not judged by itself."
    )
    status_label = _text("The same in words.")
    units = _number("Units looked at.")
    reported = _number("Units that reported.")
    completeness = _fraction(
        "The share that reported; null where all is counted from registers and nothing is to be reported."
    )
    completeness_decimal = _decimal("The same.")
    connected = serializers.BooleanField(help_text="All registers it reads exist.")
    missing_measures = _keys("Keys of the measures that are not connected.")
    missing_label = _text("The same in words, with the registers they wait for.")
    deadline = serializers.DateField(allow_null=True)
    in_time = serializers.ChoiceField(
        InTime.values,
        allow_null=True,
        help_text="Of a target that is met, after its deadline: yes, no, or unknown where nobody had"
        " reported by that day or its figures are not there.",
    )
    in_time_label = _text("The same in words.")
    deadline_computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the figures of the deadline were counted; nothing before that."
    )
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the sums were last counted; a community is read as it stands."
    )
    edition, as_of, is_retroactive = _edition(), _day(), _retroactive()


class FailingRow(serializers.Serializer):
    """One unit that does not pass."""

    target = _text("Code of the target.")
    place = _text("Code of the place it counts for.")
    place_name = _text("Its name.")
    unit = _text("What is observed.")
    unit_id = serializers.IntegerField(help_text="Number of the unit.")
    unit_name = _text("Its name, where one sees its register.", allow_null=True)
    figure = _number("What it has; nothing where it was not reported.")
    base = _number("What that is a share of.")
    lack = _number("What it lacks.")
    edition, as_of, is_retroactive = _edition(), _day(), _retroactive()


class EditionRow(serializers.Serializer):
    """Readings of one day that were kept."""

    id = serializers.IntegerField()
    kind = _text("monthly, deadline, yearly or demand.")
    kind_label = _text("The same in words.")
    as_of = serializers.DateField()
    is_retroactive = serializers.BooleanField(help_text="Counted after that day.")
    computed_at = serializers.DateTimeField()


class TotalRow(serializers.Serializer):
    """The sum of one measure over a place and all below it."""

    place = _text("Code of the place.")
    place_name = _text("Its name.")
    level = serializers.IntegerField(help_text="1 province … 5 community.")
    measure = _text("Key of the measure.")
    name = _text("Its name.")
    value = _text(
        "A whole number, money in yuan with two decimals; nothing before it was counted.", allow_null=True
    )
    counted_in = _text("Pieces, people or yuan.")
    edition, as_of, is_retroactive = _edition(), _day(), _retroactive()


EXPORTED = {"attainment": AttainmentRow, "totals": TotalRow, "failing": FailingRow}
