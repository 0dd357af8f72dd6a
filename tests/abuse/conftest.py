"""Every door through which something is written, with a body that passes it."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from communities.consultation.models import Objection, PublicNotice
from communities.needs.models import NeedItem
from communities.offices.models import Post
from projects.models import Project
from projects.services import filing
from tests import factories

DOORS = (
    *("start", "planning", "hearing", "assembly_review", "public_notice", "submission", "submit"),
    *("need", "remove_need", "publish", "take_down", "objection", "settle", "contact", "confirm"),
    *("withdraw", "reopen", "decide", "return", "grant", "ceiling", "pilot", "extend"),
    *("sign_in", "password", "new_account", "appoint", "active", "public_objection", "profile"),
)
# What a refused deed keeps on purpose: the count of tries; the text of a notice that cannot hang yet.
KEPT = {
    "sign_in": {"offices_user"},
    "publish": {"consultation_publicnotice", "consultation_publicnoticehistory", "projects_project"},
}


@dataclass
class Door:
    who: str | None
    url: str
    body: dict = field(default_factory=dict)


@pytest.fixture
def doors(world, settings, tmp_path):
    settings.FILES = tmp_path
    cache.clear()
    return Doors(world)


class Doors:
    """``doors["hearing"]`` is a Door; ``doors.send(client, "hearing", minutes="…")`` goes through it."""

    def __init__(self, world):
        self.world = world
        self._rows()
        self.all = self._all()
        assert set(self.all) == set(DOORS)

    def __getitem__(self, name):
        return self.all[name]

    def send(self, client, at, /, *, without=(), **changed):
        door = self.all[at]
        self.sign_in(client, door.who)
        body = {key: value for key, value in {**door.body, **changed}.items() if key not in without}
        cache.clear()
        return client.post(door.url, body)

    def sign_in(self, client, who):
        if who and getattr(client, "who", None) != who:
            client.force_login(self.world.fresh(who))
            client.who = who

    def undone(self):
        """A stretch whose changes are taken back."""
        return _Undone()

    def _rows(self):
        world, today = self.world, timezone.localdate()
        self.draft = factories.draft(world, title="draft")
        self.objection = Objection.objects.create(
            notice=self.draft.notice, channel="page", text="x", reply_by="none", query_code="CODE0001"
        )
        self.calm = factories.draft(world, title="calm")
        self.blank = filing.start(
            world.programme, world.xingfuli, by=world.people["community"], title="blank"
        )
        self.blank.notice = PublicNotice.objects.create(
            region=world.xingfuli,
            title="x",
            body="x",
            place="x",
            contact_name="x",
            contact_phone="0931-5550127",
            supervise_phone="0931-5550100",
            drafted_by=world.people["community"],
        )
        self.blank.save()
        self.typed = filing.start(
            world.programme, world.tianqing, by=world.people["street_clerk"], title="typed"
        )
        self.need = NeedItem.objects.create(
            region=world.xingfuli,
            title="x",
            group="children",
            field="daily_care",
            method="visit",
            people=1,
            collected_on=today,
            created_by=world.people["community"],
        )
        self.hanging = PublicNotice.objects.create(
            region=world.xingfuli,
            title="hanging",
            body="x",
            place="x",
            contact_name="x",
            contact_phone="0931-5550127",
            supervise_phone="0931-5550100",
            drafted_by=world.people["community"],
            published_by=world.people["community"],
            published_at=timezone.now(),
            starts_on=today,
            ends_on=today + timedelta(days=6),
        )
        self.sent = factories.submitted(world, title="sent")
        self.taken_back = factories.submitted(world, title="taken back")
        filing.withdraw(self.taken_back, by=world.people["community"])
        last = factories.submitted(world, title="last")
        while last.step != "province_approval":
            last = factories.agree(last, world)
        self.last = last
        for name in ("draft", "calm", "blank", "typed", "sent", "last"):
            setattr(self, name, Project.objects.get(pk=getattr(self, name).pk))
        staff = factories.person("staff", "职员", world.offices["620102"], Post.Role.OBSERVER)
        staff.is_staff = True
        staff.save()
        staff.user_permissions.set(Permission.objects.all())
        world.people["staff"] = staff

    def _all(self):
        world, today = self.world, timezone.localdate()
        draft, blank, day = self.draft, self.blank, today.isoformat()
        edit = f"/projects/{draft.pk}"
        said = {"opinion": "同意", "handler": "赵", "leader": "何", "signed_on": day, "doc_no": ""}
        said |= {"granted_amount": "", "note_title": "", "verdict": "approve"}
        notice = {
            "title": "公示",
            "body": "正文",
            "place": "公示栏",
            "contact_name": "马",
            "contact_phone": "0931-5550127",
            "supervisor": "居委会",
            "supervise_phone": "0931-5550100",
        }
        need = {
            "title": "需求",
            "group": "children",
            "field": "daily_care",
            "method": "visit",
            "people": "9",
            "collected_on": day,
            "source": "居民",
            "description": "详",
        }
        objects = {"text": "反对", "reply_by": "phone", "name": "王", "phone": "13900001234"}
        return {
            "start": Door(
                "community",
                "/projects/new/",
                {"region": world.xingfuli.pk, "track": world.programme.tracks.first().pk, "title": "新项目"},
            ),
            "planning": Door(
                "community",
                f"{edit}/save/",
                {
                    "step": "planning",
                    "version": draft.version,
                    "collected_from": "2016-07-01",
                    "collected_to": "2016-07-09",
                    "suggestions": "7",
                    "needs": self.need.pk,
                    **{f"need-{name}": value for name, value in need.items()},
                },
            ),
            "hearing": Door(
                "community",
                f"{edit}/save/",
                {
                    "step": "hearing",
                    "version": draft.version,
                    "held_on": "2016-07-01",
                    "place": "会议室",
                    "host": "马",
                    "attendance": "30",
                    "attendees": "代表",
                    "minutes": "记录",
                    "opinions": "意见",
                    "result": "同意",
                },
            ),
            "assembly_review": Door(
                "community",
                f"{edit}/save/",
                {
                    "step": "assembly_review",
                    "version": draft.version,
                    "held_on": "2016-07-09",
                    "place": "会议室",
                    "entitled": "51",
                    "present": "46",
                    "votes_for": "45",
                    "votes_against": "1",
                    "votes_abstain": "0",
                    "passed": "on",
                    "resolution": "同意",
                },
            ),
            "public_notice": Door(
                "community", f"/projects/{blank.pk}/save/", {"step": "public_notice", **notice}
            ),
            "submission": Door(
                "community",
                f"{edit}/save/",
                {
                    "step": "submission",
                    "version": draft.version,
                    "title": "改名",
                    "track": draft.track_id,
                    "community_profile": "概况",
                    "needs_analysis": "分析",
                    "service_targets": "对象",
                    "service_methods": "case",
                    "service_plan": "方式",
                    "focus_fields": "mental_health",
                    "start_date": day,
                    "end_date": (today + timedelta(days=100)).isoformat(),
                    "expected_outcome": "成效",
                    "budget-TOTAL_FORMS": "1",
                    "budget-INITIAL_FORMS": "0",
                    "budget-0-purpose": "人工",
                    "budget-0-basis": "依据",
                    "budget-0-amount": "100",
                    "sources-TOTAL_FORMS": "2",
                    "sources-INITIAL_FORMS": "0",
                    "sources-0-amount": "60",
                    "sources-1-kind": "lottery",
                    "sources-1-confirmed": "1",
                    "sources-1-amount": "40",
                },
            ),
            "submit": Door("community", f"/projects/{self.calm.pk}/submit/"),
            "need": Door("community", f"{edit}/needs/{self.need.pk}/", need),
            "remove_need": Door("community", f"{edit}/needs/{self.need.pk}/remove/"),
            "publish": Door(
                "community",
                f"/projects/{blank.pk}/notice/publish/",
                {"starts_on": day, "posted_reason": "", **notice},
            ),
            "take_down": Door(
                "community",
                f"/projects/{self.calm.pk}/notice/take-down/",
                {"take_down-reason": "有误"},
            ),
            "objection": Door(
                "community",
                f"{edit}/objections/",
                {
                    "objection-received_on": (today - timedelta(days=15)).isoformat(),
                    "token": "12345678-1234-5678-1234-567812345678",
                    **{f"objection-{name}": value for name, value in objects.items()},
                },
            ),
            "settle": Door(
                "community",
                f"{edit}/objections/{self.objection.pk}/",
                {
                    f"settle-{self.objection.pk}-answer": "已查",
                    f"settle-{self.objection.pk}-settled_on": day,
                },
            ),
            "contact": Door(
                "community",
                f"{edit}/objections/{self.objection.pk}/contact/",
                {f"contact-{self.objection.pk}-reason": "回复"},
            ),
            "confirm": Door(
                "neighbour" if "neighbour" in world.people else self._neighbour(),
                f"/projects/{self.typed.pk}/confirm/",
                {"confirmed_by": "主任"},
            ),
            "withdraw": Door("community", f"/projects/{self.sent.pk}/withdraw/", {"reason": "补充"}),
            "reopen": Door("community", f"/projects/{self.taken_back.pk}/reopen/"),
            "decide": Door(
                "street",
                f"/projects/{self.sent.pk}/decide/",
                {**said, "step": "street_review", "round": 1},
            ),
            "return": Door(
                "street",
                f"/projects/{self.sent.pk}/decide/",
                {
                    **said,
                    "verdict": "return",
                    "note_title": "改",
                    "mark_budget": "on",
                    "step": "street_review",
                    "round": 1,
                },
            ),
            "grant": Door(
                "province",
                f"/projects/{self.last.pk}/decide/",
                {
                    **said,
                    "step": "province_approval",
                    "round": 1,
                    "granted_amount": "45000",
                    "doc_no": "甘民发〔2016〕98号",
                },
            ),
            "ceiling": Door(
                "province",
                "/programmes/GS-2016/ceilings/projects/",
                {"projects-limit": "300", "projects-doc_no": "甘民发〔2016〕98号", "projects-reason": "增补"},
            ),
            "pilot": Door(
                "province",
                "/programmes/GS-2016/pilots/area/",
                {"region": "6209", "basis": "通知"},
            ),
            "extend": Door(
                "province",
                "/programmes/GS-2016/phases/file/extend/",
                {
                    "file-until": (today + timedelta(days=400)).isoformat(),
                    "file-doc_no": "甘民发〔2016〕98号",
                    "file-reason": "增补",
                },
            ),
            "sign_in": Door(
                None, "/login/", {"username": "street", "password": factories.PASSWORD, "next": "/"}
            ),
            "password": Door(
                "street",
                "/password/",
                {
                    "old_password": factories.PASSWORD,
                    "new_password1": "another-1-word",
                    "new_password2": "another-1-word",
                },
            ),
            "new_account": Door(
                "county_admin",
                "/accounts/new/",
                {
                    "region": "620102020",
                    "username": "new_one",
                    "name": "新人",
                    "role": "clerk",
                    "section": "民政科",
                },
            ),
            "appoint": Door(
                "county_admin",
                f"/accounts/{world.people['street'].pk}/appoint/",
                {"region": "620102021", "role": "clerk", "section": "民政科"},
            ),
            "active": Door("county_admin", f"/accounts/{world.people['street'].pk}/active/", {"active": "0"}),
            "public_objection": Door(
                None,
                f"/public/notices/{self.hanging.pk}/objection",
                {**objects, "token": "12345678-1234-5678-1234-567812345678", "website": ""},
            ),
            "profile": Door(
                "county",
                "/admin/communities/communityprofile/add/",
                {
                    "region": world.xingfuli.pk,
                    "as_of": "2017-06-30",
                    "households": "10",
                    "residents": "31",
                    "registered_residents": "30",
                    "elderly": "3",
                    "children": "4",
                    "special_groups": '{"minimum_living": 5}',
                    "area_km2": "1.5",
                    "staff": "9",
                    "source": "台账",
                },
            ),
        }

    def _neighbour(self):
        world = self.world
        world.people["neighbour"] = factories.person(
            "neighbour", "邻", world.offices["620102020002"], Post.Role.CLERK
        )
        return "neighbour"


class _Undone:
    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *error):
        if error[0] is None:
            transaction.set_rollback(True)
        return self.atomic.__exit__(*error)
