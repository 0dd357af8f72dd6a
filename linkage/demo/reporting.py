"""What pilot areas have handed in: most a plan and a report, one sent back, one late, one nothing at all."""

import io
from datetime import datetime, timedelta

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from communities.offices.models import Post
from projects.models import PilotArea, PilotPlan
from projects.models.report import periods
from projects.procedure import Doing
from projects.services import local

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PROGRESS = [
    "召开动员会，成立工作专班；完成试点社区需求摸底，组织社区筹划项目并开展居民听证。",
    "组织试点社区和社会组织对接，指导社区编制申报材料，已完成本级审核并上报。",
    "举办社工业务培训 2 期；各试点社区挂牌社会工作室，首批项目进入实施准备。",
]
PROBLEMS = ["专业社工数量不足，希望加大培训力度。", "部分村社区缺少活动场地，正协调驻地单位解决。", ""]
NEXT = "加快项目申报和对接，做好实施准备。"


def tell(programme, cast, chance):
    """Plans in the phase for them, reports after each period that is over."""
    areas = list(
        PilotArea.objects.filter(programme=programme).select_related("region").order_by("region__path")
    )
    phase = next((phase for phase in programme.phases.all() if Doing.LOCAL_PLAN in phase.allows), None)
    above = cast.at(programme.region, Post.Role.REVIEWER)
    today = timezone.localdate()
    for number, area in enumerate(areas):
        by = cast.at(area.region, Post.Role.REVIEWER)
        if phase and phase.starts < today and number % 9 != 7 and not area.plans.exists():
            day = min(phase.starts + timedelta(days=chance.randint(4, 12)), phase.ends, today)
            plan = _on(day, local.hand_in_plan, area, _file(area), by=by)
            _answer(plan, day, number, above, phase)
        for span in periods(programme):
            if span.due < today and number % 9 not in (4, 7):
                late = chance.randint(2, 6) if number % 9 == 2 else -chance.randint(1, 8)
                day = min(span.due + timedelta(days=late), today)
                text = {"progress": chance.choice(PROGRESS), "problems": chance.choice(PROBLEMS)}
                if not area.reports.filter(starts_on=span.starts_on).exists():
                    _on(day, local.hand_in_report, area, span.starts_on, by=by, next_steps=NEXT, **text)


def _answer(plan, day, number, above, phase):
    day = min(day + timedelta(days=2), phase.ends)
    if number % 9 == 3:
        _on(day, local.return_plan, plan, reason="未写明试点社区和经费保障，请补充。", by=above)
    elif number % 9 != 5:
        _on(day, local.accept_plan, PilotPlan.objects.get(pk=plan.pk), by=above)


def _on(day, verb, *args, **kwargs):
    with time_machine.travel(timezone.make_aware(datetime(day.year, day.month, day.day, 15)), tick=True):
        return verb(*args, **kwargs)


def _file(area):
    document = Document()
    document.add_heading(f"{area.region.name}“三社联动”试点实施方案")
    document.add_paragraph("一、总体要求　二、试点社区　三、实施步骤　四、保障措施（演示材料）。")
    held = io.BytesIO()
    document.save(held)
    return SimpleUploadedFile(f"{area.region.name}试点实施方案.docx", held.getvalue(), content_type=DOCX)
