"""A small Gansu to tell stories in: real codes and bodies, one person per desk, one open programme.

``build()`` answers a ``World``. Everything hangs on it by plain names::

    world.xingfuli      a community with street, county, city and province above it
    world.wuyi          a community of 嘉峪关, where there is no county
    world.xiyuan        a community of 兰州新区, where there is no county either
    world.hekou         a village of 榆中县
    world.people["street"]   who reviews at that level for 幸福里; see ``PEOPLE``
"""

import tomllib
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from communities.consultation.models import Assembly, Hearing, PublicNotice
from communities.models import CommunityProfile, Region, RegionPlacement
from communities.needs.models import NeedItem
from communities.offices.models import Office, Post, User
from linkage.policy.models import PolicyDocument
from projects.models import (
    Attachment,
    BudgetLine,
    FormRow,
    PilotArea,
    PilotCommunity,
    Programme,
    ProgrammePhase,
    ProgrammeStep,
    Project,
    Quota,
    Slot,
    SourceLine,
    Track,
)
from projects.procedure import LEVELS
from projects.services import chain, filing

PASSWORD = "Linkage-2016"
PACK = Path(__file__).parent.parent / "linkage/packs/gansu-2016.toml"

# code, name, level, parent, what the office is called
REGIONS = [
    ("62", "甘肃省", 1, None, "甘肃省民政厅"),
    ("6201", "兰州市", 2, "62", "兰州市民政局"),
    ("620102", "城关区", 3, "6201", "城关区民政局"),
    ("620102020", "雁南街道", 4, "620102", "雁南街道办事处"),
    ("620102020001", "幸福里社区", 5, "620102020", "幸福里社区居民委员会"),
    ("620102020002", "天庆嘉园社区", 5, "620102020", "天庆嘉园社区居民委员会"),
    ("620102021", "酒泉路街道", 4, "620102", "酒泉路街道办事处"),
    ("620102021001", "畅家巷社区", 5, "620102021", "畅家巷社区居民委员会"),
    ("620123", "榆中县", 3, "6201", "榆中县民政局"),
    ("620123100", "城关镇", 4, "620123", "城关镇人民政府"),
    ("620123100200", "河口村", 5, "620123100", "河口村村民委员会"),
    ("6202", "嘉峪关市", 2, "62", "嘉峪关市民政局"),
    ("620201001", "雄关街道", 4, "6202", "雄关街道办事处"),
    ("620201001001", "五一社区", 5, "620201001", "五一社区居民委员会"),
    ("620171", "兰州新区", 2, "62", "兰州新区社会保障局"),
    ("620171101", "中川镇", 4, "620171", "中川镇人民政府"),
    ("620171101001", "西苑社区", 5, "620171101", "西苑社区居民委员会"),
    ("6209", "酒泉市", 2, "62", "酒泉市民政局"),
    ("620902", "肃州区", 3, "6209", "肃州区民政局"),
    ("620902001", "东北街街道", 4, "620902", "东北街街道办事处"),
    ("620902001001", "富康社区", 5, "620902001", "富康社区居民委员会"),
]
PILOTS = {
    "620102": ["620102020001", "620102020002", "620102021001"],
    "620123": ["620123100200"],
    "6202": ["620201001001"],
    "620171": ["620171101001"],
    "620902": ["620902001001"],
}

# username: (name, region code, role)
PEOPLE = {
    "community": ("马晓燕", "620102020001", Post.Role.CLERK),
    "street": ("何秀兰", "620102020", Post.Role.REVIEWER),
    "street_clerk": ("赵立新", "620102020", Post.Role.CLERK),
    "county": ("张文静", "620102", Post.Role.REVIEWER),
    "county_leader": ("李国华", "620102", Post.Role.LEADER),
    "city": ("陈志强", "6201", Post.Role.REVIEWER),
    "province": ("王建国", "62", Post.Role.LEADER),
    "province_second": ("孙丽", "62", Post.Role.REVIEWER),
    "county_admin": ("李晓梅", "620102", Post.Role.ADMINISTRATOR),
    "observer": ("周敏", "6201", Post.Role.OBSERVER),
    "village": ("杨永福", "620123100200", Post.Role.CLERK),
    "town": ("何永年", "620123100", Post.Role.REVIEWER),
    "yuzhong": ("罗静", "620123", Post.Role.REVIEWER),
    "wuyi": ("马晓琴", "620201001001", Post.Role.CLERK),
    "wuyi_street": ("高翔", "620201001", Post.Role.REVIEWER),
    "jiayuguan": ("韩冰", "6202", Post.Role.REVIEWER),
    "xiyuan": ("田甜", "620171101001", Post.Role.CLERK),
    "zhongchuan": ("丁伟", "620171101", Post.Role.REVIEWER),
    "new_area": ("邵明", "620171", Post.Role.REVIEWER),
    "stranger": ("郭强", "620902", Post.Role.REVIEWER),
    "stranger_community": ("宋佳", "620902001001", Post.Role.CLERK),
}


@dataclass
class World:
    regions: dict = field(default_factory=dict)
    offices: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    programme: Programme = None

    def region(self, code):
        return self.regions[code]

    @property
    def xingfuli(self):
        return self.regions["620102020001"]

    @property
    def tianqing(self):
        return self.regions["620102020002"]

    @property
    def hekou(self):
        return self.regions["620123100200"]

    @property
    def wuyi(self):
        return self.regions["620201001001"]

    @property
    def xiyuan(self):
        return self.regions["620171101001"]

    @property
    def fukang(self):
        return self.regions["620902001001"]

    def fresh(self, who):
        """The same person as the next request would load them: nothing cached."""
        return User.objects.get(pk=self.people[who].pk)

    def officer(self, office):
        """Somebody who decides for this office."""
        return User.objects.filter(posts__office=office, posts__role__in=Post.DECIDING).order_by("pk").first()


def build():
    """The whole story world in an empty database."""
    world = World()
    for code, name, level, parent, body in REGIONS:
        region(world, code, name, level, parent, body)
    password = make_password(PASSWORD)
    for username, (name, code, role) in PEOPLE.items():
        world.people[username] = person(username, name, world.offices[code], role, password=password)
    world.programme = programme = gansu_programme(world.regions["62"])
    programme.shift_days = (timezone.localdate() - date(2016, 8, 30)).days
    programme.save()
    for area, communities in PILOTS.items():
        pilot_area = PilotArea.objects.create(programme=programme, region=world.regions[area], basis="测试")
        for code in communities:
            pilot(world, pilot_area, world.regions[code])
    return world


def gansu_programme(province):
    """The programme of the shipped pack, without what the loader checks (tests/packs does)."""
    pack = tomllib.loads(PACK.read_text())
    about = {key: value for key, value in pack["document"].items() if key != "territory"}
    document = PolicyDocument.objects.create(
        **{**about, "region": province, "year": 2016, "text": "…", "pack_version": "test"}
    )
    words = pack["programme"]
    programme = Programme.objects.create(
        document=document,
        code="GS-2016",
        title=words.get("title", document.title),
        form_title=words["form_title"],
        region=province,
    )
    for number, row in enumerate(words["phase"], start=1):
        ProgrammePhase.objects.create(programme=programme, number=number, **row)
    for number, row in enumerate(words["track"], start=1):
        level = LEVELS[row.pop("final_level")]
        Track.objects.create(programme=programme, number=number, final_level=level, **row)
    for row in words["quota"]:
        Quota.objects.create(programme=programme, first_limit=row["limit"], **row)
    for number, row in enumerate(words["step"], start=1):
        level = LEVELS[row.pop("level")]
        ProgrammeStep.objects.create(programme=programme, number=number, level=level, **row)
    for row in words["form_row"]:
        FormRow.objects.create(programme=programme, **row)
    return programme


def region(world, code, name, level, parent, body=None):
    above = world.regions.get(parent)
    committee = "" if level < 5 else ("villagers" if code[9:10] in ("2", "3") else "residents")
    kind = {"": "", "residents": "urban", "villagers": "rural"}[committee]
    made = Region.objects.create(
        code=code,
        name=name,
        level=level,
        parent=above,
        path=f"{above.path if above else ''}{code}/",
        kind=kind,
        committee=committee,
    )
    RegionPlacement.objects.create(
        region=made, parent=above, path=made.path, name=name, kind=kind, valid=(None, None), basis="测试"
    )
    world.regions[code] = made
    if body:
        world.offices[code] = Office.objects.create(
            region=made, name=body, phone="0931-555 0100", opened_on=date(2010, 1, 1)
        )
    if level == 5:
        CommunityProfile.objects.create(
            region=made,
            as_of=date(2016, 6, 30),
            households=3412,
            residents=9860,
            elderly=1386,
            children=1724,
            special_groups={"minimum_living": 52},
            area_km2=Decimal("1.10"),
            source="社区台账",
        )
    return made


def person(username, name, office, role, *, password=None):
    user = User.objects.create(
        username=username, name=name, password=password or make_password(PASSWORD), is_active=True
    )
    Post.objects.create(user=user, office=office, role=role, valid_from=date(2015, 1, 1))
    return user


def pilot(world, area, community):
    return PilotCommunity.objects.create(
        area=area,
        programme=area.programme,
        region=community,
        designated_on=timezone.localdate(),
        basis="测试",
    )


def draft(world, community=None, by=None, *, title="“四点半”护童驿站", asks=Decimal(45000)):
    """A draft with every gap closed: it can be submitted as it stands."""
    community = community or world.xingfuli
    by = by or clerk_of(world, community)
    project = filing.start(world.programme, community, by=by, title=title)
    today = timezone.localdate()
    complete(project, by, today, asks)
    return Project.objects.get(pk=project.pk)


def complete(project, by, today, asks=Decimal(45000)):
    """Close every gap of a draft, the four community steps in time order."""
    community = project.region
    back = lambda days: today - timedelta(days=days)  # noqa: E731
    project.needs.add(
        NeedItem.objects.create(
            region=community,
            title="小学生放学后无人照看",
            group="children",
            field="daily_care",
            method="visit",
            people=61,
            collected_on=back(50),
            created_by=by,
        )
    )
    project.hearing = Hearing.objects.create(
        region=community,
        held_on=back(30),
        place="社区会议室",
        host="马晓燕",
        attendance=28,
        attendees="居民代表、家长、志愿者",
        minutes="会议记录",
        result="同意申报",
        recorded_by=by,
    )
    project.assembly = Assembly.objects.create(
        region=community,
        body=community.committee,
        held_on=back(24),
        place="社区会议室",
        entitled=51,
        present=46,
        votes_for=44,
        votes_against=1,
        votes_abstain=1,
        resolution="同意申报",
        passed=True,
        recorded_by=by,
    )
    project.notice = PublicNotice.objects.create(
        region=community,
        title=f"关于申报{project.title}试点项目的公示",
        body="经筹划征集、居民听证和居民代表会议审议，拟申报试点项目，请居民监督。",
        place="社区公示栏",
        contact_name="马晓燕",
        contact_phone="0931-555 0127",
        supervise_phone="0931-555 0100",
        starts_on=back(20),
        ends_on=back(14),
        drafted_by=by,
        published_at=timezone.now() - timedelta(days=20),
        published_by=by,
    )
    project.collected_from, project.collected_to, project.suggestions = back(55), back(45), 96
    project.community_profile = project.community_profile or "常住 3,412 户、9,860 人。"
    project.needs_analysis = "入户走访共收到 96 条建议，其中 61 条提出放学后无人照看。"
    project.service_targets = "辖区随迁小学生 60 名"
    project.service_methods = ["case", "group"]
    project.service_plan = "周一至周五 16:30—18:30 开放驿站，每月 1 次亲子小组。"
    project.start_date, project.end_date = today + timedelta(days=30), today + timedelta(days=300)
    project.requested_subsidy = asks
    project.expected_outcome = "服务 60 名儿童，满意度不低于 90%。"
    project.save()
    BudgetLine.objects.create(project=project, position=1, purpose="专业社工服务", amount=asks)
    BudgetLine.objects.create(project=project, position=2, purpose="课后照护耗材", amount=Decimal(15000))
    SourceLine.objects.create(
        project=project, position=1, kind="lottery", confirmed=True, amount=Decimal(15000)
    )
    for slot in (Slot.HEARING_MINUTES, Slot.ASSEMBLY_RESOLUTION, Slot.SIGN_IN_SHEET, Slot.NOTICE_PHOTO):
        attach(project, slot, by)


def attach(project, slot, by):
    """A row for a file; the file itself only where a test opens it."""
    return Attachment.objects.create(
        project=project,
        slot=slot,
        step="hearing",
        round=project.round,
        name=f"{slot}.pdf",
        stored=f"test/{uuid.uuid4().hex}.pdf",
        content_type="application/pdf",
        size=1000,
        sha256="0" * 64,
        uploaded_by=by,
    )


def clerk_of(world, community):
    return User.objects.filter(posts__office__region=community).order_by("pk").first()


def submitted(world, community=None, **kwargs):
    project = draft(world, community, **kwargs)
    return filing.submit(project, by=clerk_of(world, project.region))


def agree(project, world, **kwargs):
    """The acting office agrees; at the last step it grants what was asked."""
    project = Project.objects.get(pk=project.pk)
    last = not project.route.filter(
        number__gt=project.current_route_step.number, office__isnull=False
    ).exists()
    if last and project.track.counts_against_quota:
        kwargs = {"granted_amount": project.requested_subsidy, "doc_no": "甘民发〔2016〕98号", **kwargs}
    chain.decide(
        project,
        "approve",
        by=kwargs.pop("by", None) or world.officer(project.acting_office),
        opinion=kwargs.pop("opinion", "情况属实，同意上报。"),
        **kwargs,
    )
    return Project.objects.get(pk=project.pk)


def approved(world, community=None, **kwargs):
    """A project that has gone the whole way."""
    project = submitted(world, community, **kwargs)
    while project.status == "in_review":
        project = agree(project, world)
    return project
