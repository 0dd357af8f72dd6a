"""Hearing, assembly, notice, objection: by the right people, at the right moment, with sound figures."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communities.consultation import services
from communities.consultation.forms import AssemblyForm, HearingForm, NoticeForm, ObjectionForm
from communities.consultation.models import Assembly, Hearing, Objection, PublicNotice
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent

pytestmark = pytest.mark.django_db


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def hearing(**more):
    return {
        "held_on": today(-9),
        "place": "社区会议室",
        "host": "马晓燕",
        "attendance": 28,
        "attendees": "居民代表 20 人、家长 8 人",
        "minutes": "会议记录",
        "result": "同意申报",
        **more,
    }


def assembly(**more):
    return {
        "held_on": today(-5),
        "place": "社区会议室",
        "entitled": 51,
        "present": 46,
        "votes_for": 44,
        "votes_against": 1,
        "votes_abstain": 1,
        "resolution": "同意申报",
        "passed": True,
        **more,
    }


def notice(**more):
    return {
        "title": "关于申报“四点半”护童驿站试点项目的公示",
        "body": "现将有关情况公示如下，请居民监督。",
        "place": "社区公示栏",
        "contact_name": "马晓燕",
        "contact_phone": "0931-555 0127",
        **more,
    }


def objection(**more):
    return {"text": "驿站离南河新村较远。", "reply_by": "none", **more}


def wrong(refusal):
    return set(refusal.value.message_dict)


@pytest.fixture
def clerk(world):
    return world.people["community"]


@pytest.fixture
def draft(world, clerk):
    return services.draft_notice(world.xingfuli, by=clerk, **notice())


@pytest.fixture
def posted(draft, clerk):
    return services.publish_notice(draft, on=today(), days=7, by=clerk)


@pytest.fixture
def ended(draft, clerk):
    return services.publish_notice(draft, on=today(-8), days=7, by=clerk, reason="社区公示栏已张贴")


# Who


@pytest.mark.parametrize("who", ["county", "province", "observer", "stranger", "wuyi", "county_admin"])
def test_only_the_community_and_its_street_record(world, posted, who):
    by = world.people[who]
    for attempt in (
        lambda: services.record_hearing(world.xingfuli, by=by, **hearing()),
        lambda: services.record_assembly(world.xingfuli, by=by, **assembly()),
        lambda: services.draft_notice(world.xingfuli, by=by, **notice()),
        lambda: services.take_down_notice(posted, reason="错", by=by),
        lambda: services.object_to(posted, by=by, **objection()),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert not Hearing.objects.exists()
    assert not Assembly.objects.exists()
    assert not Objection.objects.exists()


def test_the_street_clerk_types_for_the_community(world):
    by = world.people["street_clerk"]
    assert services.record_hearing(world.xingfuli, by=by, **hearing()).recorded_by == by


# Hearing and assembly


def test_a_hearing_says_all_that_is_missing_at_once(world, clerk):
    with pytest.raises(ValidationError) as refusal:
        services.record_hearing(world.xingfuli, by=clerk, held_on=today(1), place="长" * 300, attendance=0)
    assert wrong(refusal) == {"held_on", "place", "host", "attendance", "attendees", "minutes", "result"}


def test_the_body_follows_the_committee_of_the_place(world, clerk):
    assert services.record_assembly(world.xingfuli, by=clerk, **assembly()).body == "residents"
    village = services.record_assembly(world.hekou, by=world.people["village"], **assembly())
    assert village.get_body_display() == "村民代表会议"


@pytest.mark.parametrize(
    ("figures", "fields"),
    [
        ({"present": 52}, {"present"}),
        ({"votes_for": 45, "votes_against": 2}, {"votes_for"}),
        ({"entitled": 0}, {"entitled"}),
        ({"present": 52, "votes_for": 60}, {"present", "votes_for"}),
        ({"votes_for": -1}, {"votes_for"}),
        ({"votes_for": 2**40}, {"votes_for"}),
        ({"present": 33, "votes_for": 33, "votes_against": 0, "votes_abstain": 0}, {"passed"}),
        ({"votes_for": 23, "votes_against": 23, "votes_abstain": 0}, {"passed"}),
        ({"held_on": "2099-01-01"}, {"held_on"}),
        ({"present": None}, {"present"}),
    ],
)
def test_figures_that_do_not_add_up_are_refused_at_their_field(world, clerk, figures, fields):
    with pytest.raises(ValidationError) as refusal:
        services.record_assembly(world.xingfuli, by=clerk, **assembly(**figures))
    assert wrong(refusal) == fields


def test_two_thirds_present_and_more_than_half_of_all_members_pass(world, clerk):
    made = services.record_assembly(
        world.xingfuli,
        by=clerk,
        **assembly(entitled=51, present=34, votes_for=26, votes_against=8, votes_abstain=0),
    )
    assert made.passed


def test_a_resolution_that_failed_is_recorded_as_it_was(world, clerk):
    made = services.record_assembly(
        world.xingfuli, by=clerk, **assembly(present=10, votes_for=3, passed=False)
    )
    assert not made.passed


@pytest.mark.parametrize(
    "figures",
    [
        {"present": 52},
        {"votes_for": 46},
        {"votes_for": 20},
        {"entitled": 0, "present": 0, "votes_for": 0, "votes_against": 0, "votes_abstain": 0},
    ],
)
def test_the_database_refuses_them_as_well(world, clerk, figures):
    facts = assembly(**figures) | {"body": "residents", "region": world.xingfuli, "recorded_by": clerk}
    with pytest.raises(IntegrityError), transaction.atomic():
        Assembly.objects.create(**facts)


def test_a_record_is_corrected_and_both_are_in_the_history(world, clerk):
    made = services.record_hearing(world.xingfuli, by=clerk, **hearing())
    services.correct_hearing(made, by=clerk, attendance=29)
    assert list(made.history.order_by("pgh_id").values_list("pgh_label", "attendance")) == [
        ("insert", 28),
        ("update", 29),
    ]


# Notice


def test_a_notice_of_seven_days_ends_on_the_seventh(posted):
    assert (posted.starts_on, posted.ends_on) == (today(), today(6))
    assert posted.days(today()) == (1, 7)
    assert posted.days(today(2)) == (3, 7)
    assert posted.days(today(-1)) == (0, 7)
    assert posted.days(today(30)) == (7, 7)
    assert [posted.is_open(today(day)) for day in (-1, 0, 6, 7)] == [False, True, True, False]
    assert [posted.has_run_its_time(today(day)) for day in (0, 6, 7)] == [False, False, True]


def test_a_draft_is_neither_open_nor_over(draft):
    assert not draft.is_open()
    assert not draft.has_run_its_time()


def test_the_street_office_is_named_as_who_answers(draft):
    assert draft.supervisor == "雁南街道办事处"
    assert draft.supervise_phone == "0931-555 0100"


def test_where_the_street_has_no_office_the_next_one_above_answers(world):
    world.offices["620102020"].closed_on = today(-1)
    world.offices["620102020"].save()
    assert services.answering_office(world.xingfuli).name == "城关区民政局"


def test_a_first_day_in_the_past_needs_a_reason(draft, clerk):
    with pytest.raises(ValidationError) as refusal:
        services.publish_notice(draft, on=today(-3), days=7, by=clerk)
    assert wrong(refusal) == {"posted_reason"}

    made = services.publish_notice(draft, on=today(-3), days=7, by=clerk, reason="9月18日已在公示栏张贴")
    assert made.days(today()) == (4, 7)
    assert made.posted_reason == "9月18日已在公示栏张贴"


@pytest.mark.parametrize(
    ("ahead", "days", "fields"),
    [
        (0, 0, {"days"}),
        (0, 61, {"days"}),
        (31, 7, {"starts_on"}),
        (-91, 7, {"starts_on"}),
        (-91, 0, {"days", "starts_on"}),
    ],
)
def test_impossible_days_are_refused(draft, clerk, ahead, days, fields):
    with pytest.raises(ValidationError) as refusal:
        services.publish_notice(draft, on=today(ahead), days=days, by=clerk, reason="已张贴")
    assert wrong(refusal) == fields


def test_what_is_published_is_not_changed_nor_published_again(posted, clerk):
    with pytest.raises(NotNow):
        services.publish_notice(posted, on=today(), days=7, by=clerk)
    with pytest.raises(NotNow):
        services.change_notice(posted, by=clerk, title="别的")
    posted.refresh_from_db()
    assert posted.title.startswith("关于申报")


def test_a_notice_taken_down_is_no_longer_read_nor_objected_to(posted, clerk):
    with pytest.raises(ValidationError):
        services.take_down_notice(posted, reason="  ", by=clerk)
    services.take_down_notice(posted, reason="金额有误", by=clerk)
    assert not PublicNotice.objects.published().exists()
    with pytest.raises(NotNow):
        services.object_to(posted, **objection())
    with pytest.raises(NotNow):
        services.take_down_notice(posted, reason="再次", by=clerk)


def test_telephones_of_offices_must_be_telephones(world, clerk):
    with pytest.raises(ValidationError) as refusal:
        services.draft_notice(world.xingfuli, by=clerk, **notice(contact_phone="没有", supervise_phone="123"))
    assert wrong(refusal) == {"contact_phone", "supervise_phone"}


def test_publishing_leaves_a_trace_that_names_who(posted, clerk):
    event = AuditEvent.objects.get(kind="notice.published")
    assert (event.by, event.target) == (clerk, posted.title)


# Objection


def test_anybody_objects_while_the_notice_is_open(posted):
    made = services.object_to(posted, **objection())
    assert (made.channel, made.status, made.entered_by) == ("page", "open", None)
    assert len(made.query_code) == 8


def test_an_objection_after_the_end_is_refused_and_nothing_is_kept(ended):
    with pytest.raises(NotNow):
        services.object_to(ended, **objection())
    assert not Objection.objects.exists()


def test_before_the_first_day_nobody_objects(draft, clerk):
    services.publish_notice(draft, on=today(2), days=7, by=clerk)
    with pytest.raises(NotNow):
        services.object_to(draft, **objection())


def test_a_clerk_enters_later_what_was_received_in_time(ended, clerk):
    made = services.object_to(ended, by=clerk, received_on=today(-3), **objection())
    assert (made.channel, made.entered_by) == ("clerk", clerk)
    assert timezone.localdate(made.received_at) == today(-3)
    with pytest.raises(NotNow):
        services.object_to(ended, by=clerk, **objection())
    with pytest.raises(NotNow):
        services.object_to(ended, received_on=today(-3), **objection())


def test_the_same_form_sent_twice_is_one_objection(posted):
    token = uuid.uuid4()
    first = services.object_to(posted, token=token, **objection())
    assert services.object_to(posted, token=token, **objection(text="改了")) == first
    assert services.object_to(posted, token=uuid.uuid4(), **objection()) != first
    assert Objection.objects.count() == 2


def test_name_and_telephone_are_sealed_in_the_database(posted):
    made = services.object_to(posted, **objection(reply_by="phone", name="周建平", phone="139 0000 0012"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM consultation_objection")
        (stored,) = cursor.fetchall()
        cursor.execute("SELECT name, phone FROM consultation_objectionhistory")
        (history,) = cursor.fetchall()
    made.refresh_from_db()
    assert (made.name, made.phone) == ("周建平", "13900000012")
    assert not {"周建平", "13900000012"} & {*stored, *history}
    assert "周建平" not in str(list(AuditEvent.objects.values_list("target", "facts")))


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("13900000012", "13900000012"),
        ("+86 139-0000-0012", "13900000012"),
        ("１３９００００００１２", "13900000012"),
        ("0931-5550127", "09315550127"),
        ("5550127", "5550127"),
        ("(0931) 555 0127 转 8", "09315550127转8"),
    ],
)
def test_telephones_are_taken_as_people_write_them(posted, phone, kept):
    made = services.object_to(posted, **objection(reply_by="phone", name="周建平", phone=phone))
    assert made.phone == kept


@pytest.mark.parametrize("phone", ["1390000012", "139000000123", "abc", "12", "12345678901234567890"])
def test_what_is_no_telephone_is_refused(posted, phone):
    with pytest.raises(ValidationError) as refusal:
        services.object_to(posted, **objection(reply_by="phone", name="周建平", phone=phone))
    assert wrong(refusal) == {"phone"}
    assert not Objection.objects.exists()


def test_who_wants_a_call_gives_name_and_telephone(posted):
    with pytest.raises(ValidationError) as refusal:
        services.object_to(posted, **objection(text=" ", reply_by="phone"))
    assert wrong(refusal) == {"text", "name", "phone"}


def test_long_texts_are_refused_and_rare_characters_kept(posted):
    with pytest.raises(ValidationError) as refusal:
        services.object_to(posted, **objection(text="长" * 501, name="长" * 300))
    assert wrong(refusal) == {"text", "name"}
    made = services.object_to(posted, **objection(text="𠮷家巷", name="𠮷"))
    made.refresh_from_db()
    assert (made.text, made.name) == ("𠮷家巷", "𠮷")


def test_an_objection_is_settled_once_with_an_answer(world, posted):
    made = services.object_to(posted, **objection())
    street = world.people["street"]
    with pytest.raises(ValidationError) as refusal:
        services.settle_objection(made, answer=" ", on=today(1), by=street)
    assert wrong(refusal) == {"answer", "settled_on"}
    with pytest.raises(PermissionDenied):
        services.settle_objection(made, answer="已核实", by=world.people["county"])

    settled = services.settle_objection(made, answer="已增设接送点。", by=street)
    assert (settled.status, settled.settled_by, settled.settled_on) == ("settled", street, today())
    assert not posted.objections.open().exists()
    with pytest.raises(NotNow):
        services.settle_objection(made, answer="另一个答复", by=street)
    settled.refresh_from_db()
    assert settled.answer == "已增设接送点。"


# Forms


def test_the_forms_ask_what_the_verbs_take(world, clerk):
    form = HearingForm(hearing(held_on="2016年9月6日"))
    assert form.is_valid(), form.errors
    assert services.record_hearing(world.xingfuli, by=clerk, **form.cleaned_data).attendance == 28

    form = AssemblyForm(assembly(held_on="2016/9/13"), region=world.xingfuli)
    assert form.is_valid(), form.errors
    assert services.record_assembly(world.xingfuli, by=clerk, **form.cleaned_data).present == 46

    form = NoticeForm(notice(supervise_phone="0931-555 0100"))
    assert form.is_valid(), form.errors
    assert services.draft_notice(world.xingfuli, by=clerk, **form.cleaned_data).pk


def test_a_form_shows_figures_that_do_not_add_up(world):
    form = AssemblyForm(assembly(present=52), region=world.xingfuli)
    assert set(form.errors) == {"present"}


@pytest.mark.parametrize("field", ["text", "name", "phone"])
def test_a_nul_character_is_refused_at_its_field(field):
    assert field in ObjectionForm(objection(**{field: "a\0b"})).errors
