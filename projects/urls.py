"""The addresses of a project: those of filing, and those of reading and reviewing."""

from django.urls import path

from projects.views import (
    attachments,
    batch,
    batches,
    correction,
    evidence,
    filing,
    handling,
    local,
    phrases,
    pilots,
    programme,
    renewal,
    review,
    scoring,
    selection,
    stranded,
    summary,
    urging,
)
from projects.views import list as listing

app_name = "projects"

filing_urls = [
    path("projects/new/", filing.start, name="start"),
    path("projects/<int:pk>/edit/", filing.edit, name="edit"),
    path("projects/<int:pk>/edit/<slug:step>/", filing.edit, name="edit"),
    path("projects/<int:pk>/save/", filing.save, name="save"),
    path("projects/<int:pk>/submit/", filing.submit, name="submit"),
    path("projects/<int:pk>/confirm/", filing.confirm, name="confirm"),
    path("projects/<int:pk>/withdraw/", filing.withdraw, name="withdraw"),
    path("projects/<int:pk>/reopen/", filing.reopen, name="reopen"),
    path("projects/<int:pk>/needs/<int:need_pk>/", evidence.need, name="need"),
    path("projects/<int:pk>/needs/<int:need_pk>/remove/", evidence.remove_need, name="need_remove"),
    path("projects/<int:pk>/meetings/<slug:step>/", evidence.announce, name="announce"),
    path("projects/<int:pk>/meetings/<int:meeting_pk>/call-off/", evidence.call_off, name="call_off"),
    path("projects/<int:pk>/notice/publish/", evidence.publish, name="notice_publish"),
    path("projects/<int:pk>/notice/take-down/", evidence.take_down, name="notice_take_down"),
    path("projects/<int:pk>/objections/", evidence.enter_objection, name="objection_enter"),
    path("projects/<int:pk>/objections/<int:objection_pk>/", evidence.settle, name="objection_settle"),
    path(
        "projects/<int:pk>/objections/<int:objection_pk>/contact/", evidence.contact, name="objection_contact"
    ),
    path("projects/<int:pk>/attachments/<slug:slot>/", attachments.upload, name="upload"),
    path("objections/files/<int:pk>/", attachments.objection_file, name="objection_file"),
    path("attachments/<int:pk>/", attachments.download, name="attachment"),
    path("attachments/<int:pk>/remove/", attachments.remove, name="attachment_remove"),
]

review_urls = [
    path("projects/", listing.project_list, name="list"),
    path("projects/batch/", batches.choose, name="batch_choose"),
    path("projects/batch/start/", batches.start, name="batch_start"),
    path("projects/stranded/", stranded.stranded, name="stranded"),
    path("projects/<int:pk>/assign/", handling.assign, name="assign"),
    path("projects/<int:pk>/propose/", handling.propose, name="propose"),
    path("projects/<int:pk>/send-back/", handling.send_back, name="send_back"),
    path("projects/<int:pk>/sections/", handling.speak, name="section_opinion"),
    path("projects/<int:pk>/copies/", handling.send_copy, name="send_copy"),
    path("copies/<int:pk>/seen/", handling.seen, name="copy_seen"),
    path("phrases/", phrases.phrase_list, name="phrases"),
    path("phrases/<int:pk>/remove/", phrases.remove, name="phrase_remove"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/<int:pk>/", batches.result, name="batch_result"),
    path("projects/<int:pk>/", review.detail, name="detail"),
    path("projects/<int:pk>/decide/", review.decide, name="decide"),
    path("projects/<int:pk>/urge/", urging.urge, name="urge"),
    path("projects/<int:pk>/compare/", review.compare, name="compare"),
    path("projects/<int:pk>/correct/", correction.correct, name="correct"),
    path("projects/<int:pk>/form.docx", review.form, name="form"),
    path("programmes/<str:code>/arrivals/", programme.arrivals, name="arrivals"),
    path("programmes/<str:code>/arrivals/<slug:form>/", summary.arrivals, name="arrivals_summary"),
    path("programmes/<str:code>/ceilings/<slug:key>/", programme.raise_quota, name="raise_quota"),
]

pilot_urls = [
    path("programmes/<str:code>/pilots/", pilots.pilots, name="pilots"),
    path("programmes/<str:code>/pilots/area/", pilots.name_area, name="name_area"),
    path("programmes/<str:code>/pilots/community/", pilots.name_community, name="name_community"),
    path("programmes/<str:code>/phases/<slug:key>/extend/", pilots.extend, name="extend"),
]

local_urls = [
    path("programmes/<str:code>/plans/<str:area>/", local.hand_in_plan, name="plan"),
    path("programmes/<str:code>/plans/<str:area>/answer/", local.answer_plan, name="plan_answer"),
    path("plans/<int:pk>/file/", local.plan_file, name="plan_file"),
    path("programmes/<str:code>/reports/", local.reports, name="reports"),
    path("programmes/<str:code>/reports/<str:area>/<str:period>/", local.report, name="report"),
]

renewal_urls = [
    path("projects/<int:pk>/copy/", renewal.copy_application, name="copy"),
    path("programmes/<str:code>/copy/", renewal.copy_programme, name="copy_programme"),
    path("programmes/<str:code>/prepare/", renewal.prepare, name="prepare"),
    path("programmes/<str:code>/activate/", renewal.activate, name="activate"),
]

scoring_urls = [
    path("programmes/<str:code>/selection/scoring/", scoring.scoring, name="scoring"),
    path("programmes/<str:code>/selection/scoring/criteria/", scoring.criteria, name="scoring_criteria"),
    path("programmes/<str:code>/selection/scoring/expert/", scoring.expert, name="scoring_expert"),
    path("programmes/<str:code>/selection/scoring/expert/<int:pk>/", scoring.assign, name="scoring_assign"),
    path("scoring/", scoring.sheets, name="sheets"),
    path("scoring/<int:pk>/", scoring.sheet, name="sheet"),
    path("scoring/<int:pk>/recuse/", scoring.recuse, name="sheet_recuse"),
]

selection_urls = [
    path("programmes/<str:code>/selection/", selection.board, name="selection"),
    path("programmes/<str:code>/selection/summary/<slug:form>/", summary.board, name="selection_summary"),
    path("programmes/<str:code>/selection/save/", selection.save, name="selection_save"),
    path("programmes/<str:code>/selection/move/", selection.move, name="selection_move"),
    path("programmes/<str:code>/selection/notice/", batch.notice, name="selection_notice"),
    path("programmes/<str:code>/selection/<int:number>/", batch.batch, name="selection_batch"),
    path(
        "programmes/<str:code>/selection/<int:number>/take-back/", batch.take_back, name="selection_take_back"
    ),
    path("programmes/<str:code>/selection/<int:number>/strike/", batch.strike, name="selection_strike"),
    path("programmes/<str:code>/selection/<int:number>/approve/", batch.approve, name="selection_approve"),
    path("programmes/<str:code>/selection/<int:number>/again/", batch.again, name="selection_again"),
    path(
        "programmes/<str:code>/selection/<int:number>/papers/<str:paper>", batch.paper, name="selection_paper"
    ),
    path(
        "programmes/<str:code>/selection/<int:number>/objections/",
        batch.enter_objection,
        name="selection_objection",
    ),
    path(
        "programmes/<str:code>/selection/<int:number>/objections/<int:objection_pk>/",
        batch.settle,
        name="selection_settle",
    ),
    path(
        "programmes/<str:code>/selection/<int:number>/objections/<int:objection_pk>/contact/",
        batch.contact,
        name="selection_contact",
    ),
]

urlpatterns = (
    filing_urls + review_urls + pilot_urls + scoring_urls + selection_urls + local_urls + renewal_urls
)
