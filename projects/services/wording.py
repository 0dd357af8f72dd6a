"""Notice and announcements as a community would write them, filled in from what is known already."""

from django.utils import timezone

from communities.consultation.services import answering_office
from communities.offices.models import Office
from linkage.foundation.money import wan
from projects.models.board import sum_of


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


def announcement_draft(project, step, *, by):
    """First values for announcing the meeting of one step: hearing or assembly."""
    office = Office.objects.serving(project.region).first()
    meeting = step.title_for(project.region).removesuffix("审议")
    return {
        "title": f"关于召开“{_inner(project.title)}”{meeting}的公告",
        "place": "社区会议室",
        "agenda": f"就“{_inner(project.title)}”项目听取意见、进行讨论。",
        "attend": "本社区居民均可参加旁听并发表意见。",
        "contact_name": str(by),
        "contact_phone": office.phone if office else "",
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
    if study := project.party_deliberation:
        steps.append(f"{_day(study.held_on)}{study.organisation}研究")
    if project.assembly:
        vote = project.assembly
        steps.append(
            f"{_day(vote.held_on)}{vote.meeting}审议"
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
        asks = f"{project.programme.subsidy_label} {asked:,.2f} 元"
        lines.append(f"资金需求：合计 {project.total_need:,.2f} 元，其中{asks}。")
    lines.append("公示期内如有意见，请向联系人反映，也可以向监督单位反映或在网上提出。")
    return "\n".join(lines)


def _day(day):
    return (
        f"{day.year}年{day.month}月{day.day}日"
        if day.year != timezone.localdate().year
        else (f"{day.month}月{day.day}日")
    )


def selection_notice_draft(selection, *, by):
    """First values for the notice of a batch: 拟立项公示 as a department would write it."""
    programme, document = selection.programme, selection.programme.document
    office = Office.objects.serving(programme.region).first()
    chosen = selection.chosen.select_related("project")
    count, places = chosen.count(), chosen.values("project__region").distinct().count()
    source = f"《{document.title}》" + (f"（{document.doc_no}）" if document.doc_no else "")
    name = office.name if office else programme.region.name
    phone = office.phone if office else ""
    return {
        "title": f"关于{_inner_title(programme)}拟立项名单的公示",
        "body": "\n\n".join(
            [
                f"根据{source}要求，经社区申报、逐级审核和遴选，拟对“{_inner(chosen.first().project.title)}”等"
                f" {count} 个项目予以立项，涉及 {places} 个社区，"
                f"拟补助资金合计 {wan(sum_of(selection))} 万元。现将拟立项名单予以公示，接受社会监督。",
                "公示期内，任何单位和个人对拟立项项目有异议的，可以通过电话、来信来访或者在本页提出。"
                "以单位名义反映的请写明单位名称，以个人名义反映的请写明真实姓名和联系方式，"
                "以便核实和答复；姓名和电话不对外公开。",
            ]
        ),
        "place": f"{name}门户网站、公告栏",
        "contact_name": by.main_post.section or name,
        "contact_phone": phone,
        "supervisor": name,
        "supervise_phone": phone,
    }


def _inner_title(programme):
    return programme.title.removesuffix("项目") + "项目"
