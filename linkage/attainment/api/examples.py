"""Rows as the schema shows them, one for each door."""

from drf_spectacular.utils import OpenApiExample


def _row(about, value):
    return OpenApiExample(about, value=value, response_only=True, media_type="application/json")


ATTAINMENT = _row(
    "a county, one target",
    {
        "place": "620102",
        "place_name": "城关区",
        "level": 3,
        "policy": "GS-2016",
        "target": "GS-T06",
        "rule": "RATIO",
        "numerator": 126,
        "denominator": 149,
        "numerator_before": None,
        "denominator_before": None,
        "value": "126/149",
        "value_decimal": "0.8456",
        "limit": "17/20",
        "limit_decimal": "0.8500",
        "gap": 1,
        "status": "overdue",
        "status_label": "逾期未达标",
        "units": 149,
        "reported": 149,
        "completeness": "1",
        "completeness_decimal": "1",
        "connected": True,
        "missing_measures": [],
        "missing_label": "",
        "deadline": "2017-12-31",
        "in_time": None,
        "in_time_label": "",
        "deadline_computed_at": "2018-01-01T02:10:00+08:00",
        "computed_at": "2026-11-22T07:30:00+08:00",
        "edition": None,
        "as_of": "2026-11-22",
        "is_retroactive": False,
    },
)

MEASURE = _row(
    "posts of agencies",
    {
        "key": "agency_posts",
        "name": "社工机构岗位数",
        "definition": "民办社会工作服务机构的各类岗位总数，以该机构截至统计日最近一次填报的数为准。",
        "unit": "organisation",
        "counted_in": "个",
        "basis": "CQ-T08",
        "reported": False,
        "connected": True,
        "waits_for": "",
    },
)

TARGET = _row(
    "a clause of Gansu",
    {
        "target": "GS-T01",
        "policy": "GS-2016",
        "clause": "二",
        "quote": "选择3—5个城乡社区开展试点",
        "kind": "all",
        "scope": "pilot_areas",
        "unit": "pilot_area",
        "rule": "RANGE",
        "metric": "designated_pilot_communities",
        "per": "",
        "metric_name": "试点地区确定的试点社区数",
        "per_name": "",
        "period_start": "2016-06-15",
        "deadline": "2016-06-30",
        "threshold": "3",
        "threshold_decimal": "3",
        "threshold_high": "5",
        "share": "1",
        "term": "",
        "term_value": None,
        "term_basis": "",
        "source": "clause",
        "source_label": "条款原文",
        "reach": "own",
        "nature": "binding",
        "soft": True,
        "missing": "strict",
        "note": "",
        "connected": True,
        "missing_measures": [],
        "missing_label": "",
    },
)

FAILING = _row(
    "a community without a studio",
    {
        "target": "GS-T11",
        "place": "620102002001",
        "place_name": "陇西路社区居委会",
        "unit": "community",
        "unit_id": 11,
        "unit_name": "陇西路社区居委会",
        "figure": 0,
        "base": None,
        "lack": 1,
        "edition": None,
        "as_of": "2026-11-22",
        "is_retroactive": False,
    },
)

EDITION = _row(
    "a month",
    {
        "id": 7,
        "kind": "monthly",
        "kind_label": "月度统计",
        "as_of": "2026-11-01",
        "is_retroactive": False,
        "computed_at": "2026-11-01T00:05:12+08:00",
    },
)

TOTAL = _row(
    "organisations of a district",
    {
        "place": "620102",
        "place_name": "城关区",
        "level": 3,
        "measure": "community_orgs",
        "name": "社区社会组织数",
        "value": "304",
        "counted_in": "个",
        "edition": None,
        "as_of": "2026-11-22",
        "is_retroactive": False,
    },
)
