"""Files of a project: through the gate, into a slot, and down only to whoever sees the project."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from projects.models import Attachment, Project
from projects.services import attachments, chain
from tests import factories
from tests.foundation.test_uploads import PDF, picture

pytestmark = pytest.mark.django_db
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES = tmp_path
    return tmp_path / "uploads"


@pytest.fixture
def sign_in(client, world):
    def enter(who):
        client.force_login(world.fresh(who))
        return client

    return enter


@pytest.fixture
def project(world):
    project = factories.draft(world)
    project.attachments.all().delete()
    return project


def pdf(name="会议记录.pdf", more=b""):
    return SimpleUploadedFile(name, PDF.replace(b"%%EOF", more + b"\n%%EOF"))


def to(project, slot="hearing_minutes"):
    return reverse("projects:upload", args=[project.pk, slot])


def read(answer):
    return b"".join(answer.streaming_content)  # read to its end, the file is closed


def stored(folder):
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_several_files_go_into_a_slot_under_their_own_names(sign_in, project, folder):
    files = [pdf("听证会记录𠮷.pdf"), SimpleUploadedFile("签到.jpg", picture("JPEG"))]
    answer = sign_in("community").post(to(project), {"file-hearing_minutes": files})
    assert answer.url.endswith("/edit/hearing/#slot-hearing_minutes")
    kept = project.attachments.order_by("pk")
    assert [item.name for item in kept] == ["听证会记录𠮷.pdf", "签到.jpg"]
    assert {item.step for item in kept} == {"hearing"} and len(stored(folder)) == 2


def test_one_bad_file_refuses_all_and_says_which_and_what_to_do(sign_in, project, folder):
    files = [pdf(), SimpleUploadedFile("记录.wps", b"x"), SimpleUploadedFile("照片.heic", b"x")]
    answer = sign_in("community").post(to(project), {"files": files})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "记录.wps" in page and "照片.heic" in page and 'id="slot-hearing_minutes_error"' in page
    assert not project.attachments.exists() and not stored(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("假.pdf", b"MZ\x90"),
        ("空.pdf", b""),
        ("网页.svg", b"<svg/>"),
        ("脚本.html", b"<html>"),
        ("无扩展名", PDF),
    ],
)
def test_wrong_kinds_are_refused(sign_in, project, folder, name, content):
    answer = sign_in("community").post(to(project), {"files": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422 and not project.attachments.exists() and not stored(folder)


def test_a_file_that_is_too_large_is_refused(sign_in, project, folder, settings):
    settings.ATTACHMENT_MAX_BYTES = 1000
    answer = sign_in("community").post(to(project), {"files": pdf(more=b"x" * 2000)})
    assert answer.status_code == 422 and not stored(folder)


def test_a_request_over_the_limit_is_refused_before_it_is_read(sign_in, project, settings):
    settings.REQUEST_MAX_BYTES = 10_000
    answer = sign_in("community").post(to(project), {"files": pdf(more=b"x" * 20_000)})
    assert answer.status_code == 413 and not project.attachments.exists()


def test_a_slot_holds_ten_files_and_a_project_its_share(sign_in, project, monkeypatch):
    client = sign_in("community")
    client.post(to(project), {"files": [pdf(f"{n}.pdf", str(n).encode()) for n in range(10)]})
    answer = client.post(to(project), {"files": pdf("11.pdf", b"11")})
    assert answer.status_code == 422 and project.attachments.count() == 10

    monkeypatch.setattr(attachments, "MAX_PER_PROJECT", 1000)
    answer = client.post(to(project, "needs_summary"), {"files": pdf("12.pdf", b"12" * 400)})
    assert answer.status_code == 422 and project.attachments.count() == 10


def test_the_same_file_twice_is_one(sign_in, project, folder):
    client = sign_in("community")
    client.post(to(project), {"files": [pdf(), pdf("副本.pdf")]})
    client.post(to(project), {"files": pdf()})
    assert project.attachments.count() == 1 and len(stored(folder)) == 1


def test_nothing_is_left_on_the_disk_when_the_row_cannot_be_written(project, world, folder, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("no row today")

    monkeypatch.setattr(Attachment.objects, "create", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        attachments.add(project, "other", [pdf()], by=world.people["community"])
    assert not stored(folder)


def test_the_page_in_the_browser_gets_the_slot_and_the_list_back(sign_in, project):
    client = sign_in("community")
    answer = client.post(to(project), {"file-hearing_minutes": pdf()}, **HX)
    page = answer.content.decode()
    assert answer.status_code == 200 and "会议记录.pdf" in page
    assert 'id="completeness"' in page and "hx-swap-oob" in page and "<html" not in page
    answer = client.post(to(project), {"file-hearing_minutes": SimpleUploadedFile("记录.wps", b"x")}, **HX)
    assert answer.status_code == 422 and "记录.wps" in answer.content.decode()


def test_without_scripts_what_was_typed_beside_the_file_is_kept(sign_in, project, world):
    hearing = project.hearing
    data = {
        "step": "hearing",
        "held_on": hearing.held_on,
        "place": "新的会议室",
        "host": hearing.host,
        "attendance": 31,
        "attendees": hearing.attendees,
        "minutes": hearing.minutes,
        "opinions": "",
        "result": hearing.result,
        "file-hearing_minutes": pdf(),
    }
    sign_in("community").post(to(project), data)
    hearing.refresh_from_db()
    assert hearing.place == "新的会议室" and project.attachments.count() == 1


def test_a_file_chosen_and_not_yet_sent_goes_along_with_the_draft(sign_in, project):
    data = {"step": "hearing", "file-hearing_minutes": pdf()}
    sign_in("community").post(reverse("projects:save", args=[project.pk]), data)
    assert project.attachments.count() == 1


def test_removing_puts_a_file_away_and_its_gap_comes_back(sign_in, project):
    client = sign_in("community")
    client.post(to(project), {"files": pdf()})
    item = project.attachments.get()
    assert client.get(reverse("projects:attachment_remove", args=[item.pk])).status_code == 405
    client.post(reverse("projects:attachment_remove", args=[item.pk]))
    item.refresh_from_db()
    assert item.removed_at and client.get(reverse("projects:attachment", args=[item.pk])).status_code == 404


def test_every_download_asks_again_who_is_asking(sign_in, project, world):
    client = sign_in("community")
    client.post(to(project), {"files": pdf()})
    item = project.attachments.get()
    address = reverse("projects:attachment", args=[item.pk])
    answer = client.get(address)
    assert (
        b"".join(answer.streaming_content).startswith(b"%PDF") and "inline" in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]

    for who in ("stranger", "stranger_community", "street", "wuyi"):
        assert sign_in(who).get(address).status_code == 404, who
    assert sign_in("stranger").post(reverse("projects:attachment_remove", args=[item.pk])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302

    for slot in ("assembly_resolution", "sign_in_sheet", "notice_photo"):
        factories.attach(project, slot, world.people["community"])
    factories.filing.submit(Project.objects.get(pk=project.pk), by=world.people["community"])
    for who in ("street", "county", "province"):
        assert read(sign_in(who).get(address)).startswith(b"%PDF"), who
    assert sign_in("stranger").get(address).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_a_404(sign_in, project, world):
    factories.attach(project, "other", world.people["community"])
    item = project.attachments.get()
    assert sign_in("community").get(reverse("projects:attachment", args=[item.pk])).status_code == 404


def test_after_submission_nothing_goes_in_or_out(sign_in, world):
    project = factories.submitted(world)
    client = sign_in("community")
    before = project.attachments.kept().count()
    assert client.post(to(project), {"files": pdf()}).url == project.get_absolute_url()
    item = project.attachments.first()
    client.post(reverse("projects:attachment_remove", args=[item.pk]))
    assert project.attachments.kept().count() == before


def test_slots_that_do_not_exist_and_projects_of_others_are_404(sign_in, project, world):
    client = sign_in("community")
    assert client.post(to(project, "secrets"), {"files": pdf()}).status_code == 404
    assert client.post(to(factories.draft(world, world.wuyi)), {"files": pdf()}).status_code == 404


def test_the_scan_of_an_opinion_comes_from_the_office_that_gave_it(sign_in, world, folder):
    project = factories.submitted(world)
    scan = lambda: {"step": "street_review", "files": pdf("盖章意见.pdf")}  # noqa: E731
    address = to(project, "stamped_opinion")
    assert sign_in("street").post(address, scan()).status_code == 302
    assert not project.attachments.filter(slot="stamped_opinion").exists(), "no opinion yet"

    chain.decide(project, "approve", by=world.people["street"], opinion="情况属实，同意上报。")
    for who, status in (("community", 403), ("county", 403), ("observer", 403), ("stranger", 404)):
        assert sign_in(who).post(address, scan()).status_code == status, who
    assert sign_in("street_clerk").post(address, scan()).url == project.get_absolute_url()
    item = project.attachments.get(slot="stamped_opinion")
    assert (item.step, item.name) == ("street_review", "盖章意见.pdf")

    wrong = {"step": "street_review", "files": SimpleUploadedFile("意见.wps", b"x")}
    answer = sign_in("street").post(address, wrong)
    assert answer.status_code == 422 and "意见.wps" in answer.content.decode()
