"""What the measures say, and whether whatever changes a figure marks its unit."""

from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from linkage.foundation import measures
from linkage.foundation.models import StaleMark

# Where the rows behind a figure are not counted: they are added up, or make that a unit has something.
ADDED_UP = {
    *("households", "residents", "registered_residents", "party_members", "agency_posts", "granted_subsidy"),
    *("lottery_fund", "lottery_fund_before", "capped_purchased", "capped_total"),
    *("fund_total", "fund_purchased"),
    *("donations_received", "fund_uses", "community_input", "community_input_before"),
}
HAS_OR_HAS_NOT = {
    *("lists_issued", "sw_budget_line", "sw_association", "federation_served", "hub_own", "hub_served"),
    *("studio_own", "studio_served", "studio_in_facility", "comprehensive_facility", "org_center_served"),
    *("volunteer_station_served", "street_station", "designated_pilot_communities"),
    *("purchase_rules_issued", "cultivation_issued", "plan_handed_in"),
}
NOT_ROW_BY_ROW = ADDED_UP | HAS_OR_HAS_NOT


def today():
    return timezone.localdate()


def days_ago(days):
    return today() - timedelta(days=days)


def figures(key, on=None):
    """``{unit: value}`` of a measure, without the noughts; asked unit by unit it says the same."""
    on, measure = on or today(), measures.get(key)
    found = {row["unit"]: row["value"] for row in measure.rows(on)}
    assert len(found) == len(measure.rows(on)), f"{key} has two rows of one unit"
    for unit, value in found.items():
        assert value is None or type(value) is int, f"{key} is {value!r}"
        assert list(measure.of(on, [unit])) == [{"unit": unit, "value": value}]
        behind = measure.rows_behind(on, unit).count()
        assert behind == value or key in NOT_ROW_BY_ROW, f"{key} says {value}, {behind} rows are behind it"
        assert behind or value in (0, None), f"nothing is behind {key} of {unit}"
    assert list(measure.of(on, [0])) == []
    assert not measure.rows_behind(on, 0).exists()
    return {unit: value for unit, value in found.items() if value != 0}


def here(key, place, on=None):
    """The figure of one unit."""
    return figures(key, on).get(place.pk, 0)


def everything():
    """Every figure of today: ``{(kind of unit, unit, measure): value}``."""
    return {
        (measure.unit, row["unit"], measure.key): row["value"]
        for measure in measures.registered()
        for row in measure.rows(today())
    }


@contextmanager
def marked():
    """What is done in here changes figures, and marks at least every unit whose figures it changes."""
    before = everything()
    StaleMark.objects.all().delete()
    yield
    after = everything()
    changed = {key[:2] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    marks = {(kind, int(unit)) for kind, unit in StaleMark.objects.values_list("kind", "unit_id")}
    assert changed, "no figure has changed"
    assert changed <= marks, f"not marked: {changed - marks}"
