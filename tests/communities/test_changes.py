"""Changes of the tree: each on a day, on a basis, and what was stays readable."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities import services, tasks
from communities.models import CommunityKind, Level, Region, RegionPlacement, Succession
from communities.services import Part, divisions
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent

D1, D2, D3, D4 = date(2017, 3, 1), date(2018, 5, 1), date(2019, 7, 1), date(2020, 9, 1)
DOC = "甘民复〔2017〕1号"


def paths_on(day):
    return set(RegionPlacement.objects.on(day).values_list("path", flat=True))


def test_rename_move_merge_and_split_leave_every_day_readable(at, admin):
    community, street = at("620102001001"), at("620102001")
    services.rename(community, "畅家巷南社区", on=D1, basis=DOC, by=admin)
    services.move(street, at("620103"), on=D2, basis=DOC, by=admin)
    services.merge([at("620102001002")], into=community, on=D3, basis=DOC, by=admin)
    services.split(
        at("620102001001"),
        [Part("畅家巷东社区"), Part("畅家巷西社区", code="620103001009")],
        on=D4,
        basis=DOC,
        by=admin,
    )

    community = at("620102001001")
    before = D1 - timedelta(days=1)
    assert community.name_on(before) == "畅家巷社区"
    assert community.name_on(D1) == community.name_on(D2) == "畅家巷南社区"
    assert community.path_on(D1) == "62/6201/620102/620102001/620102001001/"
    assert community.path_on(D2) == "62/6201/620103/620102001/620102001001/"
    assert community.name_on(D4) is None
    assert community.closed_on == D4

    merged = at("620102001002")
    assert merged.path_on(D3 - timedelta(days=1)).startswith("62/6201/620103/620102001/")
    assert merged.path_on(D3) is None
    assert list(Succession.objects.values_list("before__code", "after__code", "kind", "on")) == [
        ("620102001002", "620102001001", "merge", D3),
        ("620102001001", "X620002", "split", D4),
        ("620102001001", "620103001009", "split", D4),
    ]
    new = at("X620002")
    assert new.path == "62/6201/620103/620102001/X620002/"
    assert new.name_on(D3) is None and new.name_on(D4) == "畅家巷东社区"

    now = set(Region.objects.open_on(timezone.localdate()).values_list("path", flat=True))
    assert now == paths_on(timezone.localdate())
    assert len(paths_on(before)) == Region.objects.count() - 2
    assert AuditEvent.objects.filter(kind__startswith="region.").count() == 6


def test_a_move_takes_the_whole_subtree_and_its_copies_along(at, admin):
    services.move(at("620102"), at("6202"), on=D1, basis=DOC, by=admin)
    assert at("620102002200").path == "62/6202/620102/620102002/620102002200/"
    assert Region.objects.within(at("6202")).filter(code__startswith="620102").count() == 7
    assert not Region.objects.within(at("6201")).filter(code__startswith="620102").exists()
    for region in Region.objects.filter(code__startswith="620102"):
        assert region.path == region.path_on(D1)
        assert region.path_on(D1 - timedelta(days=1)).startswith("62/6201/")


def test_a_change_of_a_coming_day_waits_for_it(at, admin, monkeypatch):
    coming = timezone.localdate() + timedelta(days=30)
    services.move(at("620102001"), at("620103"), on=coming, basis=DOC, by=admin)
    services.rename(at("620102001001"), "新名社区", on=coming, basis=DOC, by=admin)
    community = at("620102001001")
    assert (community.name, community.path) == ("畅家巷社区", "62/6201/620102/620102001/620102001001/")
    assert tasks.apply_due_placements() == 0

    monkeypatch.setattr(timezone, "localdate", lambda *args: coming)
    assert tasks.apply_due_placements() == 3
    assert tasks.apply_due_placements() == 0
    community = at("620102001001")
    assert (community.name, community.path) == ("新名社区", "62/6201/620103/620102001/620102001001/")


def test_changes_of_one_day_share_one_placement_and_name_both_documents(at, admin):
    services.rename(at("620102001001"), "一社区", on=D1, basis=DOC, by=admin)
    services.rename(at("620102001001"), "二社区", on=D1, basis="甘民复〔2017〕2号", by=admin)
    first, second = at("620102001001").placements.order_by("valid")
    assert (first.name, second.name) == ("畅家巷社区", "二社区")
    assert second.basis == f"{DOC}; 甘民复〔2017〕2号"


def test_a_county_gets_another_code_by_opening_the_new_one_and_merging_the_old(at, admin):
    new = services.open_region(
        "新城关区", level=Level.COUNTY, parent=at("6201"), on=D2, basis=DOC, by=admin, code="620199"
    )
    services.merge([at("620102")], into=new, on=D2, basis=DOC, by=admin)
    assert at("620102002001").path == "62/6201/620199/620102002/620102002001/"
    assert at("620102").closed_on == D2
    assert "62/6201/620102/620102002/620102002001/" in paths_on(D1)
    assert list(at("620102").successions.values_list("after__code", flat=True)) == ["620199"]


def test_a_street_is_split_with_its_communities(at, admin):
    services.split(
        at("620102002"),
        [Part("新街道", children=[at("620102002200")])],
        on=D1,
        basis=DOC,
        by=admin,
        keep=True,
    )
    assert at("620102002200").path == "62/6201/620102/X620002/620102002200/"
    assert at("620102002001").path == "62/6201/620102/620102002/620102002001/"
    assert at("620102002").closed_on is None


def test_a_split_says_which_communities_were_forgotten(at, admin):
    with pytest.raises(ValidationError, match="贤后村"):
        services.split(
            at("620102002"),
            [Part("东街道", children=[at("620102002001")]), Part("西街道")],
            on=D1,
            basis=DOC,
            by=admin,
        )
    assert not Region.objects.filter(name="东街道").exists()


def test_a_village_that_becomes_a_community_changes_kind_and_committee(at, admin):
    services.rename(at("620102002200"), "贤后社区", kind=CommunityKind.URBAN, on=D1, basis=DOC, by=admin)
    region = at("620102002200")
    assert (region.kind, region.committee) == ("urban", "residents")
    assert region.placement_on(D1 - timedelta(days=1)).kind == "rural"


def test_a_new_community_without_a_code_gets_one_of_ours(at, admin):
    opened = services.open_region(
        "新社区", level=Level.COMMUNITY, parent=at("620102001"), on=D1, basis=DOC, by=admin
    )
    assert opened.code == "X620002" and opened.kind == "urban" and opened.committee == "residents"
    assert opened.path_on(D1 - timedelta(days=1)) is None
    assert not Region.objects.open_on(D1 - timedelta(days=1)).filter(pk=opened.pk).exists()


@pytest.mark.parametrize("day", [D1, D2 - timedelta(days=1)])
def test_a_day_before_a_change_on_record_is_refused(at, admin, day):
    services.rename(at("620102001001"), "一社区", on=D2, basis=DOC, by=admin)
    with pytest.raises(ValidationError, match="2018-05-01"):
        services.rename(at("620102001001"), "二社区", on=day, basis=DOC, by=admin)
    with pytest.raises(ValidationError, match="2018-05-01"):
        services.move(at("620102001"), at("620103"), on=day, basis=DOC, by=admin)
    assert at("620102001001").path_on(D2) == "62/6201/620102/620102001/620102001001/"


def test_nothing_is_hung_under_a_place_that_moves_later(at, admin):
    coming = timezone.localdate() + timedelta(days=10)
    services.move(at("620103001"), at("620102"), on=coming, basis=DOC, by=admin)
    with pytest.raises(ValidationError, match=str(coming)):
        services.move(at("620102001001"), at("620103001"), on=D1, basis=DOC, by=admin)


def test_a_closed_place_is_left_alone(at, admin):
    services.merge([at("620102001002")], into=at("620102001001"), on=D1, basis=DOC, by=admin)
    with pytest.raises(NotNow):
        services.rename(at("620102001002"), "再起社区", on=D2, basis=DOC, by=admin)
    with pytest.raises(NotNow):
        services.merge([at("620102001002")], into=at("620102001001"), on=D2, basis=DOC, by=admin)


@pytest.mark.parametrize(
    ("region", "parent"),
    [("620102", "620102001"), ("620102001", "620102"), ("620102", "620103"), ("62", "63")],
)
def test_a_place_cannot_hang_under_itself_its_part_its_equal_or_where_it_already_is(
    at, admin, person, region, parent
):
    who = person("63", "observer") if region == "62" else admin
    with pytest.raises((ValidationError, PermissionDenied)):
        services.move(at(region), at(parent), on=D1, basis=DOC, by=who)


@pytest.mark.parametrize("missing", [{"basis": " "}, {"on": None}])
def test_a_change_needs_a_day_and_a_document(at, admin, missing):
    with pytest.raises(ValidationError):
        services.rename(at("620102001"), "新街道", by=admin, **({"on": D1, "basis": DOC} | missing))


@pytest.mark.parametrize("name", ["", " ", "社" * 101, "社\0区", "畅家巷社区"])
def test_a_name_must_be_a_new_one_of_reasonable_length(at, admin, name):
    with pytest.raises(ValidationError):
        services.rename(at("620102001001"), name, on=D1, basis=DOC, by=admin)


@pytest.mark.parametrize(
    ("office", "role"),
    [
        ("620102001001", "administrator"),
        ("620103", "administrator"),
        ("63", "administrator"),
        ("62", "leader"),
    ],
)
def test_only_an_administrator_of_a_higher_level_changes_a_place(at, person, office, role):
    with pytest.raises(PermissionDenied):
        services.rename(at("620102001001"), "新社区", on=D1, basis=DOC, by=person(office, role))
    assert at("620102001001").name == "畅家巷社区"


def test_loading_again_keeps_what_was_decided(at, admin, tree):
    services.rename(at("620102001001"), "新名社区", on=D1, basis=DOC, by=admin)
    services.move(at("620102002"), at("620103"), on=D1, basis=DOC, by=admin)
    tree.write_text(tree.read_text(encoding="utf-8") + "620102002009,添加社区\n", encoding="utf-8")
    again = services.load(divisions.places(tree))
    assert (again.added, again.changed, again.kept) == (1, 0, 4)
    assert at("620102001001").name == "新名社区"
    assert at("620102002009").path == "62/6201/620103/620102002/620102002009/"


def test_the_database_refuses_two_places_at_one_time(at):
    region = at("620102001001")
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionPlacement.objects.create(
            region=region, parent=region.parent, path=region.path, name="x", valid=(D1, D2), basis=DOC
        )


def test_a_place_does_not_end_while_a_part_is_still_to_open_in_it(at, admin):
    coming = timezone.localdate() + timedelta(days=10)
    services.open_region(
        "新社区", level=Level.COMMUNITY, parent=at("620102001"), on=coming, basis=DOC, by=admin
    )
    with pytest.raises(ValidationError, match="新社区"):
        services.merge([at("620102001")], into=at("620102002"), on=D1, basis=DOC, by=admin)
    assert at("620102001").closed_on is None
