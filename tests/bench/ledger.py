"""Fifty thousand applications from all communities of Gansu, in every state, with all that hangs on them.

``load()`` fills an empty, migrated database as its owner; the triggers write marks and row history.
"""

import io
import random
from datetime import date, timedelta
from decimal import Decimal

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from communities.consultation.models import Assembly, Hearing, PublicNotice
from communities.models import Level, Region
from communities.needs.models import NeedItem
from communities.offices.models import Office, Post, User
from linkage.demo.people import open_offices
from projects.models import (
    Attachment,
    BudgetLine,
    Decision,
    PilotArea,
    PilotCommunity,
    Programme,
    Project,
    ProjectEvent,
    Quota,
    RouteStep,
    Slot,
    SourceLine,
    Status,
    Submission,
)
from projects.procedure import StepKind

PROJECTS = 50_000
BATCH = 2_500
CODE = "GS-2016"
DOC_NO = "甘民发〔2016〕98号"
ROOM = 1_000_000  # the ceilings of the document would stop the measuring at the 200th approval
Answered = Project.needs.through
HANGING = (NeedItem, BudgetLine, SourceLine, RouteStep, Submission, Decision, ProjectEvent, Attachment)
Kind = ProjectEvent.Kind

SINCE = date(2015, 1, 1)
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    "晓燕",
    "秀兰",
    "文静",
    "志强",
    "建国",
    "丽华",
    "国华",
    "永福",
    "海燕",
    "雪梅",
    "立新",
    "慧敏",
    "伟",
    "磊",
)
# title, focus field, group, need field, whom it serves, what is done
THEMES = [
    (
        "“四点半”护童驿站",
        "left_behind",
        "children",
        "daily_care",
        "辖区小学生 60 名，优先随迁和双职工家庭子女",
        "周一至周五 16:30—18:30 开放驿站，社工 1 名、志愿者 3 名值守；每月 1 次亲子小组。",
    ),
    (
        "“暖巢行动”空巢老人陪伴服务",
        "old_and_orphans",
        "empty_nest",
        "humane_care",
        "辖区独居、空巢老人 86 名",
        "建立探访档案，每周电话、每月上门各 1 次；开设缅怀与健康自管小组 12 节。",
    ),
    (
        "残障青年就业支持小组",
        "disability_and_school",
        "disabled",
        "humane_care",
        "有就业意愿的残障青年 24 名",
        "职业评估、技能小组和企业见学，跟进上岗后三个月。",
    ),
    (
        "流动儿童城市融入计划",
        "migrants",
        "migrant",
        "recreation",
        "流动儿童 45 名及家长",
        "城市探索活动 8 次、亲子沟通小组 6 节、朋辈结对 20 对。",
    ),
    (
        "邻里课堂",
        "education",
        "general",
        "recreation",
        "辖区居民，每期 30 人",
        "居民自选课程 6 门，由居民骨干与志愿者授课，社工督导。",
    ),
]
BUDGET = [
    ("专业社工服务", "2 名 × 10 个月 × 1,900 元"),
    ("小组与社区活动", "28 场 × 800 元"),
    ("活动物资", "一批"),
    ("志愿者培训与保险", "60 人 × 160 元"),
    ("督导", "12 次 × 500 元"),
]
OPINIONS = {
    "approve": [
        "情况属实，同意上报。",
        "听证、审议、公示材料齐全，同意上报。",
        "经现场核实，需求真实，同意上报。",
    ],
    "return": ["请补充服务人数的测算依据。", "资金来源中自筹部分请附证明，并核对合计。"],
    "reject": ["与辖区已立项项目重复，本年度不予上报。"],
}

# how it ended, how many offices agreed before, what the next one said, in how many of a hundred
ENDINGS = [
    (Status.DRAFT, 0, None, 8),
    (Status.IN_REVIEW, 0, None, 9),
    (Status.IN_REVIEW, 1, None, 9),
    (Status.IN_REVIEW, 2, None, 7),
    (Status.IN_REVIEW, 3, None, 11),
    ("again", 1, "return", 5),
    (Status.RETURNED, 0, "return", 4),
    (Status.RETURNED, 1, "return", 4),
    (Status.REJECTED, 1, "reject", 2),
    (Status.REJECTED, 3, "reject", 2),
    (Status.WITHDRAWN, 0, None, 3),
    (Status.APPROVED, 9, None, 22),
    (Status.RUNNING, 9, None, 8),
    (Status.CLOSED, 9, None, 5),
    (Status.TERMINATED, 9, None, 1),
]
LATER = {Status.APPROVED: "tendering", Status.RUNNING: "implementing"}


def load(count=PROJECTS):
    """The whole ledger, and what the planner wants to know about it."""
    call_command("load_regions", "--province", "62", stdout=io.StringIO())
    call_command("load_policies", stdout=io.StringIO())
    province = Region.objects.get(code="62")
    open_offices(province)
    programme = Programme.objects.get(code=CODE)
    programme.shift_days = (timezone.localdate() - programme.phases.get(key="file").starts_on).days - 5
    programme.save()
    Quota.objects.filter(programme=programme).update(limit=ROOM)
    teller = Teller(programme)
    for first in range(0, count, BATCH):
        with transaction.atomic():
            teller.tell(range(first, min(first + BATCH, count)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


class Teller:
    def __init__(self, programme):
        self.programme = programme
        self.chance = random.Random(62)
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.steps = list(programme.steps.filter(kind=StepKind.DECISION))
        self.tracks = {track.key: track for track in programme.tracks.all()}
        self.places = {place.code: place for place in Region.objects.all()}
        self.offices = {office.region_id: office for office in Office.objects.select_related("region")}
        self.communities = [
            place
            for place in self.places.values()
            if place.level == Level.COMMUNITY and place.parent.level == Level.STREET
        ]
        self.chance.shuffle(self.communities)
        self._hire()
        self._name_pilots()
        self.files = 0

    def _hire(self):
        """One person an office: who reviews above, who files in the communities."""
        offices = list(self.offices.values())
        users = User.objects.bulk_create(
            [
                User(
                    username=f"u{office.region.code.lower()}",
                    name=self.chance.choice(FAMILY) + self.chance.choice(GIVEN),
                    password="!",
                )
                for office in offices
            ],
            5_000,
        )
        filing, role = Level.COMMUNITY, Post.Role
        Post.objects.bulk_create(
            [
                Post(
                    user=user,
                    office=office,
                    role=role.CLERK if office.level == filing else role.REVIEWER,
                    valid_from=SINCE,
                )
                for user, office in zip(users, offices, strict=True)
            ],
            5_000,
        )
        self.staff = {office.pk: user for user, office in zip(users, offices, strict=True)}

    def _name_pilots(self):
        """Every county and every city without counties takes part, with four of its communities."""
        named = {}
        for place in self.communities:
            named.setdefault(self._above(place)[-2], []).append(place)
        areas = PilotArea.objects.bulk_create(
            [PilotArea(programme=self.programme, region=area, basis="试点") for area in named]
        )
        PilotCommunity.objects.bulk_create(
            PilotCommunity(programme=self.programme, area=area, region=place, designated_on=self.today)
            for area in areas
            for place in named[area.region][:4]
        )

    def _above(self, place):
        return [self.places[code] for code in place.path_codes[:-1]]

    def tell(self, numbers):
        """One batch, each kind of row in one go, those first that others point to."""
        weights = [ending[-1] for ending in ENDINGS]
        stories = [Story(self, number, *self.chance.choices(ENDINGS, weights)[0][:3]) for number in numbers]
        for name in ("hearing", "assembly", "notice", "project"):
            made = [record for story in stories if (record := getattr(story, name)) is not None]
            type(made[0]).objects.bulk_create(made)
        for model in HANGING:
            rows = [row for story in stories for row in story.rows if isinstance(row, model)]
            model.objects.bulk_create(rows)
        Answered.objects.bulk_create(
            Answered(project=story.project, needitem=need) for story in stories for need in story.needs
        )


class Story:
    """One application: the project, its records, and every row that hangs on it."""

    def __init__(self, teller, number, ending, agreed, word):
        self.teller, self.chance = teller, teller.chance
        self.number = number
        self.place = teller.communities[number % len(teller.communities)]
        self.above = teller._above(self.place)
        self.home = teller.offices[self.place.pk]
        self.clerk = teller.staff[self.home.pk]
        self.theme = self.chance.choice(THEMES)
        self.day = teller.now - timedelta(days=self._age(ending), minutes=self.chance.randrange(1_440))
        self.rows, self.needs = [], []
        self.hearing = self.assembly = self.notice = None
        local = self.chance.random() < 0.15
        self.track = teller.tracks["local" if local else "provincial"]
        self.project = self._project(ending)
        self._event(Kind.CREATED, office=self.home, by=self.clerk)
        self._gather()
        if ending != Status.DRAFT:
            self._consult()
            self._walk(ending, agreed, word)

    def _age(self, ending):
        open_ones = (Status.DRAFT, Status.IN_REVIEW, Status.RETURNED, "again")
        return self.chance.randrange(35, 90) if ending in open_ones else self.chance.randrange(90, 900)

    def _pass(self, days):
        self.day += timedelta(days=days, minutes=self.chance.randrange(600))

    def _project(self, ending):
        title, focus, _group, _field, served, plan = self.theme
        self.money = [Decimal(self.chance.randrange(20, 400) * 100) for _line in BUDGET]
        self.own = Decimal(int(sum(self.money) * Decimal("0.3")) // 1000 * 1000)
        asked = sum(self.money) - self.own
        start = timezone.localdate(self.day) + timedelta(days=90)
        return Project(
            programme=self.teller.programme,
            region=self.place,
            track=self.track,
            title=f"{title}（{self.place.name}第{self.number // len(self.teller.communities) + 1}期）",
            community_profile=f"{self.place.name}常住 {self.chance.randrange(900, 5_000)} 户，"
            f"60 岁以上老人 {self.chance.randrange(200, 2_000)} 人。",
            needs_analysis=f"入户走访 {self.chance.randrange(80, 400)} 户。居民反映最集中的是{served}"
            "的服务需求：缺少固定场地，缺少专业人员，邻里互助没有组织起来；多数家庭希望就近、定时、长期得到服务。",
            service_targets=served,
            service_methods=self.chance.sample(["case", "group", "community"], 2),
            service_plan=plan + "项目社工每周记录，每月向居民代表通报一次，资料归档备查。",
            focus_fields=[focus],
            start_date=start,
            end_date=start + timedelta(days=self.chance.randrange(240, 330)),
            requested_subsidy=None if self.track.key == "local" else asked,
            expected_outcome="建立服务档案，按计划完成活动场次；服务对象满意度不低于 90%。",
            collected_from=timezone.localdate(self.day),
            collected_to=timezone.localdate(self.day) + timedelta(days=4),
            suggestions=self.chance.randrange(30, 180),
            status=Status.DRAFT,
            step="hearing",
            step_since=self.day,
            created_by=self.clerk,
            created_at=self.day,
            saved_at=self.day,
        )

    def _gather(self):
        _title, _focus, group, field, _served, _plan = self.theme
        for _need in range(2):
            need = NeedItem(
                region=self.place,
                title=f"希望就近得到服务（{self.chance.randrange(3, 60)}户提出）",
                group=group,
                field=field,
                method=self.chance.choice(["visit", "meeting", "questionnaire", "online", "hotline"]),
                people=self.chance.randrange(5, 120),
                collected_on=timezone.localdate(self.day),
                created_by=self.clerk,
            )
            self.needs.append(need)
        self.rows += self.needs
        for position, ((purpose, basis), amount) in enumerate(zip(BUDGET, self.money, strict=True), 1):
            self.rows.append(
                BudgetLine(
                    project=self.project, position=position, purpose=purpose, basis=basis, amount=amount
                )
            )
        self.rows.append(
            SourceLine(project=self.project, position=1, kind="lottery", confirmed=True, amount=self.own)
        )

    def _consult(self):
        day, clerk, place = timezone.localdate(self.day), self.clerk, self.place
        self.hearing = self.project.hearing = Hearing(
            region=place,
            held_on=day + timedelta(days=6),
            place="社区会议室",
            host=str(clerk),
            attendance=self.chance.randrange(18, 45),
            attendees="居民代表、楼院长、志愿者、驻区单位代表",
            minutes=f"围绕“{self.theme[0]}”逐项发言，主要意见已记录。",
            opinions="时间再长一些；离得远的楼院要有人接送。",
            result="与会人员同意申报，吸收两条意见。",
            recorded_by=clerk,
        )
        present = self.chance.randrange(30, 50)
        self.assembly = self.project.assembly = Assembly(
            region=place,
            body=place.committee,
            held_on=day + timedelta(days=8),
            place="社区会议室",
            entitled=present + 5,
            present=present,
            votes_for=present - 2,
            votes_against=1,
            votes_abstain=1,
            resolution=f"同意申报“{self.theme[0]}”项目。",
            passed=True,
            recorded_by=clerk,
        )
        self.notice = self.project.notice = PublicNotice(
            region=place,
            title=f"关于申报{self.theme[0]}试点项目的公示",
            body="经筹划征集、居民听证和代表会议审议，我社区拟申报“三社联动”试点项目，请居民监督。",
            place="社区公示栏、各楼院出入口",
            contact_name=str(clerk),
            contact_phone="555 0100",
            supervise_phone="555 0101",
            starts_on=day + timedelta(days=9),
            ends_on=day + timedelta(days=15),
            drafted_by=clerk,
            published_at=self.day + timedelta(days=9),
            published_by=clerk,
        )
        for slot, step, name in (
            (Slot.HEARING_MINUTES, "hearing", "听证会记录.docx"),
            (Slot.ASSEMBLY_RESOLUTION, "assembly_review", "代表会议决议.docx"),
            (Slot.SIGN_IN_SHEET, "assembly_review", "签到表.jpg"),
            (Slot.NOTICE_PHOTO, "public_notice", "公示栏照片.jpg"),
        ):
            self.teller.files += 1
            self.rows.append(
                Attachment(
                    project=self.project,
                    slot=slot,
                    step=step,
                    round=1,
                    name=name,
                    stored=f"bench/{self.teller.files:08d}",
                    content_type="image/jpeg" if name.endswith("jpg") else "application/msword",
                    size=self.chance.randrange(20_000, 900_000),
                    sha256=f"{self.teller.files:064x}",
                    uploaded_by=self.clerk,
                    uploaded_at=self.day + timedelta(days=10),
                )
            )
        self._pass(17)

    def _walk(self, ending, agreed, word):
        project = self.project
        project.number = f"GS2016-{self.place.code[:4]}-{self.number:05d}"
        project.submitted_at = self.day
        self._fix_route()
        if ending == Status.WITHDRAWN:
            self._submit()
            self._pass(1)
            self._event(Kind.WITHDRAWN, by=self.clerk, text="需要补充材料")
            return self._stand(ending, None)
        stands = [stop for stop in self.route if stop.office]
        agreed = min(agreed, len(stands) if agreed == 9 else len(stands) - 1)
        self._submit()
        for stop in stands[:agreed]:
            self._decide(stop, "approve", last=agreed == len(stands) and stop is stands[-1])
        if word:
            self._decide(stands[agreed], word)
        if ending == "again":
            project.round = 2
            self._pass(2)
            project.needs_analysis += "（第 2 轮补充）"
            self._submit()
            for stop in stands[:agreed]:
                self._decide(stop, "approve")
            ending = Status.IN_REVIEW
        if ending == Status.IN_REVIEW:
            project.acting_office = stands[agreed].office
            stands[agreed].arrived_at = stands[agreed].arrived_at or self.day
            return self._stand(ending, stands[agreed].key)
        if ending == Status.RETURNED:
            project.round += 1
            return self._stand(ending, "submission")
        if ending in (Status.REJECTED, Status.TERMINATED, Status.CLOSED):
            return self._stand(ending, None)
        return self._stand(ending, LATER[ending])

    def _stand(self, status, step):
        project = self.project
        project.status, project.step = status, step
        project.step_since = project.saved_at = min(self.day, self.teller.now)

    def _fix_route(self):
        above = {place.level: place for place in self.above}
        self.route = []
        for step in self.teller.steps:
            if step.level < self.track.final_level:
                continue
            place = above.get(step.level)
            self.route.append(
                RouteStep(
                    project=self.project,
                    number=len(self.route) + 1,
                    key=step.key,
                    level=step.level,
                    verb=step.verb,
                    title=step.title,
                    opinion_label=step.opinion,
                    opinion_template=step.opinion_template,
                    days=step.days,
                    office=self.teller.offices[place.pk] if place else None,
                    skipped_because="" if place else "本级不设",
                )
            )
        self.rows += self.route
        self.project.parties = [stop.office.pk for stop in self.route if stop.office]

    def _submit(self):
        project = self.project
        head = {place.level: place.name for place in [*self.above, self.place]}
        self.rows.append(
            Submission(
                project=project,
                round=project.round,
                submitted_by=self.clerk,
                at=self.day,
                snapshot={
                    "head": {
                        "city": head.get(2),
                        "county": head.get(3),
                        "street": head.get(4),
                        "community": head[5],
                    },
                    "title": project.title,
                    "track": self.track.name,
                    "community_profile": project.community_profile,
                    "needs_analysis": project.needs_analysis,
                    "service_targets": project.service_targets,
                    "service_methods": ["个案工作", "小组工作"],
                    "service_plan": project.service_plan,
                    "focus_fields": ["扶老救孤"],
                    "start_date": project.start_date.isoformat(),
                    "end_date": project.end_date.isoformat(),
                    "budget": [
                        {"purpose": purpose, "basis": basis, "amount": str(amount)}
                        for (purpose, basis), amount in zip(BUDGET, self.money, strict=True)
                    ],
                    "sources": [{"kind": "彩票公益金（福彩）", "confirmed": True, "amount": str(self.own)}],
                    "requested_subsidy": str(project.requested_subsidy or 0),
                    "total_need": str(sum(self.money)),
                    "total_sources": str(self.own + (project.requested_subsidy or 0)),
                    "expected_outcome": project.expected_outcome,
                    "collection": [
                        project.collected_from.isoformat(),
                        project.collected_to.isoformat(),
                        project.suggestions,
                    ],
                    "needs": [
                        {"title": need.title, "group": "老年人", "field": "生活照料", "method": "入户走访",
                         "people": need.people}
                        for need in self.needs
                    ],
                    "hearing": {"held_on": self.hearing.held_on.isoformat(), "place": self.hearing.place},
                    "assembly": {"held_on": self.assembly.held_on.isoformat(), "place": self.assembly.place},
                    "notice": {"title": self.notice.title, "starts_on": self.notice.starts_on.isoformat()},
                    "attachments": [],
                },
            )
        )  # fmt: skip
        self._event(Kind.SUBMITTED, step="submission", office=self.home, by=self.clerk)

    def _decide(self, stop, verdict, *, last=False):
        for other in self.route:
            if other.number == stop.number - 1 and other.office is None and verdict == "approve":
                self._event(Kind.SKIPPED, step=other.key, title=other.title, text=other.skipped_because)
        stop.arrived_at = stop.arrived_at or self.day
        self._pass(self.chance.randrange(1, 4))
        by = self.teller.staff[stop.office_id]
        grants = last and self.track.key == "provincial"
        opinion = self.chance.choice(OPINIONS[verdict])
        self.rows.append(
            Decision(
                project=self.project,
                round=self.project.round,
                step=stop.key,
                verdict=verdict,
                opinion=opinion,
                marks=[{"field": "budget", "note": "测算依据再写具体"}] if verdict == "return" else [],
                office=stop.office,
                office_name=stop.office.name,
                by=by,
                by_name=str(by),
                handler=str(by),
                leader=str(by),
                signed_on=timezone.localdate(self.day),
                granted_amount=self.project.requested_subsidy if grants else None,
                doc_no=DOC_NO if grants else "",
                at=self.day,
            )
        )
        self._event(
            Kind.DECIDED,
            step=stop.key,
            title=stop.title,
            verdict=verdict,
            office=stop.office,
            by=by,
            text=opinion,
        )
        if last:
            self.project.approved_on = timezone.localdate(self.day)
            if grants:
                self.project.granted_amount = self.project.requested_subsidy
                self.project.approval_doc_no = DOC_NO

    def _event(self, kind, *, step="", title="", verdict="", office=None, by=None, text=""):
        self.rows.append(
            ProjectEvent(
                project=self.project,
                round=self.project.round,
                kind=kind,
                step=step,
                title=title,
                verdict=verdict,
                office_name=office.name if office else "",
                by=by,
                by_name=str(by) if by else "",
                text=text,
                at=self.day,
            )
        )
