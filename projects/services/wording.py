"""The notice of an application as a community would write it, filled in from what is known already."""

from django.utils import timezone

from communities.consultation.services import answering_office
from communities.offices.models import Office


def notice_draft(project, *, by):
    """First values for the fields of a new notice. Chinese words: they are data, not interface."""
    office = Office.objects.serving(project.region).first()
    above = answering_office(project.region)
    return {
        "title": f"关于申报“{_inner(project.title)}”试点项目的公示",
        "body": _body(project),
        "place": "社区公示栏",
        "contact_name": str(by),
        "contact_phone": office.phone if office else "",
        "supervisor": above.name if above else "",
        "supervise_phone": above.phone if above else "",
    }


def _inner(title):
    """Quotation marks inside quotation marks become single ones."""
    return title.replace("“", "‘").replace("”", "’")


def _body(project):
    document = project.programme.document
    source = f"《{document.title}》" + (f"（{document.doc_no}）" if document.doc_no else "")
    steps = []
    if project.collected_from and project.collected_to:
        steps.append(f"{_day(project.collected_from)}至{_day(project.collected_to)}筹划征集")
    if project.hearing:
        steps.append(f"{_day(project.hearing.held_on)}居民听证")
    if project.assembly:
        vote = project.assembly
        steps.append(
            f"{_day(vote.held_on)}{vote.get_body_display()}审议"
            f"（应到 {vote.entitled} 人，实到 {vote.present} 人，同意 {vote.votes_for} 票）"
        )
    way = f"经{'、'.join(steps)}，" if steps else ""
    lines = [
        f"根据{source}要求，{way}{project.region.name}拟申报“{_inner(project.title)}”试点项目，现予公示。",
    ]
    if project.service_targets:
        lines.append(f"服务对象：{project.service_targets}")
    if project.total_need:
        asked = project.requested_subsidy or 0
        lines.append(f"资金需求：合计 {project.total_need:,.2f} 元，其中申请省级补助 {asked:,.2f} 元。")
    lines.append("公示期内如有意见，请向联系人反映，也可以向监督单位反映或在网上提出。")
    return "\n".join(lines)


def _day(day):
    return (
        f"{day.year}年{day.month}月{day.day}日"
        if day.year != timezone.localdate().year
        else (f"{day.month}月{day.day}日")
    )
