"""Projects in every state the verbs reach, told by the verbs themselves at the time they would happen."""

import io
import math
from datetime import time, timedelta
from decimal import Decimal

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document
from PIL import Image, ImageDraw

from communities.models import Level, Region
from communities.offices.models import Post
from linkage.demo import words
from projects.models import EDITABLE, Project
from projects.services import attachments, chain, evidence, filing, urging
from projects.services.wording import announcement_draft

LONG = 14  # days with an office before the community urges it
STEPS = ["street_review", "county_review", "city_review", "province_approval"]
# How a story ends and how many of a hundred do so.
ENDINGS = [
    ("approved", 26),
    ("at:street_review", 9),
    ("at:county_review", 9),
    ("at:city_review", 7),
    ("at:province_approval", 13),
    ("returned:street_review", 4),
    ("returned:county_review", 4),
    ("again", 6),
    ("rejected:county_review", 2),
    ("rejected:province_approval", 2),
    ("withdrawn", 3),
    ("local", 4),
    ("noticing", 4),
    ("drafting", 4),
    ("ready", 2),
    ("typed", 1),
]
# How many days ago such a story began, so that the desks show fresh work beside old.
BEGUN = {
    "approved": range(36, 57),
    "local": range(34, 50),
    "at:street_review": range(17, 24),
    "at:county_review": range(20, 28),
    "at:city_review": range(24, 32),
    "at:province_approval": range(27, 38),
    "returned": range(22, 34),
    "again": range(26, 38),
    "rejected": range(32, 50),
    "withdrawn": range(18, 40),
    "noticing": range(12, 15),
    "drafting": range(6, 20),
    "ready": range(24, 30),
    "typed": range(24, 30),
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def endings(number, chance):
    """So many endings in the proportions above, each at least once, in an order of chance."""
    found = [ending for ending, _share in ENDINGS]
    weights = [share for _ending, share in ENDINGS]
    found += chance.choices([ending for ending, _share in ENDINGS], weights, k=max(0, number - len(found)))
    chance.shuffle(found)
    return found


class Teller:
    def __init__(self, programme, cast, chance):
        self.programme = programme
        self.cast = cast
        self.chance = chance
        self.today = timezone.localdate()
        self.files = _papers()
        self.doc_no = 90

    def tell(self, community, ending):
        """One project from its first need to its ending; answers it."""
        told = set(Project.objects.filter(region=community).values_list("title", flat=True))
        theme = self.chance.choice([theme for theme in words.THEMES if theme[0] not in told])
        if ending == "typed":
            clerk = self.cast.at(community.ancestor_at(Level.STREET), Post.Role.CLERK)
        else:
            clerk = self.cast.at(community, Post.Role.CLERK)
        begun = self.chance.choice(BEGUN[ending.partition(":")[0] if ending not in BEGUN else ending])
        self.day = self.today - timedelta(days=begun)
        project = self._do(filing.start, self.programme, community, by=clerk, title=theme[0])
        self._gather(project, clerk, theme)
        if ending == "drafting":
            self._announce(project, clerk)
            return project
        self._meet(project, clerk, theme)
        self._post_notice(project, clerk, running=ending == "noticing")
        self._fill(project, clerk, theme, local=ending == "local")
        if ending in ("noticing", "ready", "typed"):
            return project
        self._pass_days(8, 9)
        self._submit(project, clerk)
        return self._review(project, clerk, ending)

    def _review(self, project, clerk, ending):
        kind, _colon, step = ending.partition(":")
        if kind == "withdrawn":
            self._pass_days(1, 1)
            self._do(filing.withdraw, project, by=clerk, reason="需要补充材料")
            return project
        if kind == "again":
            self._pass_days(1, 3)
            self._send_back(project)
            self._mend(project, clerk)
            self._pass_days(1, 3)
            if self.chance.random() < 0.7:
                self._agree(project)
            return project
        while True:
            project.refresh_from_db()
            if project.status != "in_review":
                return project
            here = project.step
            stop = {"at", "returned", "rejected"} & {kind}
            reached = step and STEPS.index(here) >= STEPS.index(step)
            if stop and reached:
                break
            self._pass_days(1, 5)
            self._agree(project)
        if kind == "returned":
            self._pass_days(1, 3)
            self._send_back(project)
        elif kind == "rejected":
            self._pass_days(1, 3)
            opinion = self.chance.choice(words.OPINIONS["reject"])
            self._decide(project, "reject", opinion)
        elif (self.today - self.day).days > LONG:
            self._urge(project, clerk)
        return project

    def _urge(self, project, clerk):
        """What an office has had for so long the community urges; no dice, so that other stories stay."""
        project.refresh_from_db()
        moment = project.step_since + timedelta(days=LONG)
        with time_machine.travel(moment, tick=True):
            urging.urge(project, by=clerk, text="居民多次询问，请尽快办理。")

    # the community's part

    def _gather(self, project, clerk, theme):
        group, field = theme[2], theme[3]
        first = self.day
        for _need in range(self.chance.randint(2, 4)):
            self._do(
                evidence.add_need,
                project,
                by=clerk,
                title=self.chance.choice(
                    [
                        "希望就近得到服务",
                        "希望有专人上门",
                        "希望增加活动时间",
                        "希望有固定场地",
                        "希望有专业社工指导",
                    ]
                )
                + f"（{self.chance.randint(3, 60)}户提出）",
                group=group,
                field=field,
                method=self.chance.choice(["visit", "meeting", "questionnaire", "online", "hotline"]),
                people=self.chance.randint(5, 120),
                collected_on=self.day,
            )
        self._pass_days(2, 4)
        self._do(
            filing.save_draft,
            project,
            by=clerk,
            fields={
                "collected_from": first,
                "collected_to": self.day,
                "suggestions": self.chance.randint(30, 180),
            },
        )

    def _announce(self, project, clerk):
        """Tell everybody of the hearing to come; no dice, so that other stories stay."""
        step = self.programme.steps.get(key="hearing")
        facts = announcement_draft(project, step, by=clerk)
        day = self.today + timedelta(days=3 + project.pk % 7)
        with time_machine.travel(timezone.now() - timedelta(days=1), tick=True):
            evidence.announce_meeting(
                project,
                step.key,
                by=clerk,
                **{**facts, "contact_phone": facts["contact_phone"] or "555 0100"},
                held_on=day,
                starts_at=time(9 + project.pk % 2, 30),
            )

    def _meet(self, project, clerk, theme):
        self._pass_days(1, 2)
        present = self.chance.randint(18, 45)
        self._do(
            evidence.keep_hearing,
            project,
            by=clerk,
            held_on=self.day,
            place="社区会议室",
            host=str(clerk),
            attendance=present,
            attendees="居民代表、楼院长、志愿者、驻区单位代表",
            minutes=f"到会 {present} 人，围绕“{theme[0]}”逐项发言，主要意见已记录。",
            opinions="时间再长一些；离得远的楼院要有人接送。",
            result="与会人员同意申报，吸收两条意见。",
        )
        self._attach(project, clerk, "hearing_minutes", "听证会记录.docx")
        self._pass_days(1, 2)
        entitled = self.chance.randint(35, 60)
        came = self.chance.randint(int(entitled * 0.75), entitled)
        against, abstain = self.chance.randint(0, 2), self.chance.randint(0, 2)
        self._do(
            evidence.keep_assembly,
            project,
            by=clerk,
            held_on=self.day,
            place="社区会议室",
            entitled=entitled,
            present=came,
            votes_for=came - against - abstain,
            votes_against=against,
            votes_abstain=abstain,
            resolution=f"同意申报“{theme[0]}”项目。",
            passed=True,
        )
        self._attach(project, clerk, "assembly_resolution", "代表会议决议.docx")
        self._attach(project, clerk, "sign_in_sheet", "签到表.jpg")

    def _post_notice(self, project, clerk, *, running):
        self._pass_days(1, 1)
        self._do(
            evidence.keep_notice,
            project,
            by=clerk,
            title=f"关于申报{project.title}试点项目的公示",
            body="经筹划征集、居民听证和代表会议审议，我社区拟申报“三社联动”试点项目。现将有关情况公示如下，请居民监督。",
            place="社区公示栏、各楼院出入口",
            contact_name=str(clerk),
            contact_phone=f"555 {self.chance.randrange(10_000):04d}",
        )
        if running:
            self.day = self.today - timedelta(days=self.chance.randint(1, 4))
        self._do(evidence.publish_notice, project, by=clerk, starts_on=self.day)
        self._attach(project, clerk, "notice_photo", "公示栏照片.jpg")

    def _fill(self, project, clerk, theme, *, local):
        project.refresh_from_db()
        budget = [self._budget_line(*line) for line in words.BUDGET]
        need = [line["amount"] for line in budget]
        own = Decimal(int(sum(need) * Decimal("0.3")) // 1000 * 1000)
        asked = sum(need) - own
        sources = [
            {"kind": self.chance.choice(["lottery", "own", "local_units"]), "confirmed": True, "amount": own}
        ]
        fields = {
            "needs_analysis": f"征集期内共收到建议 {project.suggestions} 条，"
            f"居民反映最集中的是{theme[4]}的服务需求。",
            "service_targets": theme[4],
            "service_methods": self.chance.sample(["case", "group", "community"], 2),
            "service_plan": theme[5],
            "focus_fields": [theme[1]],
            "start_date": self.today + timedelta(days=40),
            "end_date": self.today + timedelta(days=40 + self.chance.randrange(240, 330)),
            "expected_outcome": "建立服务档案，按计划完成活动场次；服务对象满意度不低于 90%。",
            "requested_subsidy": None if local else asked,
        }
        if local:
            fields["track"] = self.programme.tracks.get(key="local")
            sources.append({"kind": "budget", "confirmed": True, "amount": asked})
        self._do(
            filing.save_draft,
            project,
            by=clerk,
            fields=fields,
            budget=budget,
            sources=sources,
        )

    def _budget_line(self, purpose, basis, ranges):
        factors = [
            self.chance.randrange(least, most, 100 if most > 1000 else 10 if most >= 200 else 1)
            for least, most in ranges
        ]
        return {"purpose": purpose, "basis": basis.format(*factors), "amount": Decimal(math.prod(factors))}

    def _submit(self, project, clerk):
        self._do(filing.submit, project, by=clerk)

    def _mend(self, project, clerk):
        self._pass_days(1, 3)
        project.refresh_from_db()
        if project.status not in EDITABLE:
            return
        self._do(
            filing.save_draft,
            project,
            by=clerk,
            fields={
                "service_targets": project.service_targets + "；人数依据社区台账并经入户核对",
                "service_plan": project.service_plan + "社工每周 3 次、每次 2 小时。",
            },
        )
        self._submit(project, clerk)

    def _attach(self, project, clerk, slot, name):
        kind = "image/jpeg" if name.endswith("jpg") else DOCX
        file = SimpleUploadedFile(name, self.files[name], content_type=kind)
        self._do(attachments.add, project, slot, [file], by=clerk)

    # the offices' part

    def _agree(self, project):
        last = project.step == "province_approval"
        extra = {}
        opinion = self.chance.choice(words.OPINIONS["approve"])
        if last:
            granted = project.requested_subsidy * Decimal("0.9") // 100 * 100
            self.doc_no += 1
            extra = {
                "granted_amount": granted,
                "doc_no": f"{self._prefix()}〔{self.day.year}〕{self.doc_no}号",
            }
            opinion = f"同意立项，补助资金 {granted / 10000:.2f} 万元。"
        self._decide(project, "approve", opinion, **extra)

    def _prefix(self):
        return {"62": "甘民发"}.get(self.programme.region.code, "民发")

    def _send_back(self, project):
        opinion = self.chance.choice(words.OPINIONS["return"])
        field, note = words.MARKS[opinion]
        self._decide(project, "return", opinion, marks=[{"field": field, "note": note}])

    def _decide(self, project, verdict, opinion, **extra):
        project.refresh_from_db()
        office = Region.objects.get(pk=project.acting_office.region_id)
        official = self.cast.at(office, Post.Role.REVIEWER)
        self._do(
            chain.decide,
            Project.objects.get(pk=project.pk),
            verdict,
            by=official,
            opinion=opinion,
            handler=self.cast.name(),
            **extra,
        )

    # time

    def _pass_days(self, least, most):
        self.day = min(self.day + timedelta(days=self.chance.randint(least, most)), self.today)

    def _do(self, verb, *args, **kwargs):
        """Call a verb at a working hour of the story's day, never later than now."""
        moment = timezone.make_aware(
            timezone.datetime(self.day.year, self.day.month, self.day.day, 9)
        ) + timedelta(minutes=self.chance.randrange(8 * 60))
        with time_machine.travel(min(moment, timezone.now()), tick=True):
            return verb(*args, **kwargs)


def _papers():
    """Small real files for the slots: two documents, two pictures."""
    papers = {}
    for name, heading in (("听证会记录.docx", "居民听证会记录"), ("代表会议决议.docx", "代表会议决议")):
        document = Document()
        document.add_heading(heading)
        document.add_paragraph("演示材料：会议时间、地点、到会人员和主要意见见申报表。")
        held = io.BytesIO()
        document.save(held)
        papers[name] = held.getvalue()
    for name, ink in (("签到表.jpg", "#1B2733"), ("公示栏照片.jpg", "#1A5BA8")):
        picture = Image.new("RGB", (640, 420), "#F3F5F8")
        pen = ImageDraw.Draw(picture)
        pen.rectangle((40, 40, 600, 380), outline=ink, width=4)
        for line in range(8):
            pen.line((70, 90 + 34 * line, 570, 90 + 34 * line), fill=ink, width=2)
        held = io.BytesIO()
        picture.save(held, "JPEG", quality=80)
        papers[name] = held.getvalue()
    return papers
