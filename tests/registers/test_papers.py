"""Files of rows of the registers: a list of powers or duties, a check of standards."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from communities.facilities.models import StandardCheckPaper
from communities.models import PowerDutyListPaper
from linkage.foundation import keeping, leftovers, uploads
from tests.registers.page import filled
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db


def pdf(name="清单.pdf", more=b""):
    return SimpleUploadedFile(name, b"%PDF-1.4\n" + more + b"\n%%EOF\n", "application/pdf")


@pytest.fixture
def desk(world, client, settings, tmp_path):
    settings.FILES = tmp_path
    client.force_login(world.people["county"])
    return client


@pytest.fixture(params=["communities.powerdutylist", "facilities.standardcheck"])
def row(request, world):
    return Rows(world.xingfuli, "near")[request.param]


def at(row, page=""):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{page}"


def bring(desk, row, *files, **more):
    """The form of the row sent with these files, each on a line of its own."""
    sent = {**filled(desk.get(at(row, "change/"))), **more, "_save": "1"}
    have = int(sent["papers-INITIAL_FORMS"][0])
    sent["papers-TOTAL_FORMS"] = have + len(files)
    for number, file in enumerate(files, have):
        sent[f"papers-{number}-file"] = file
    return desk.post(at(row, "change/"), sent)


def read(answer):
    """Read to its end, the file is closed."""
    answer.bytes = b"".join(answer.streaming_content)
    return answer


def told(answer):
    return [str(error) for formset in answer.context["inline_admin_formsets"] for error in _errors(formset)]


def _errors(formset):
    yield from formset.formset.non_form_errors()
    for form in formset.formset.forms:
        for errors in form.errors.values():
            yield from errors


def test_files_are_brought_with_the_form_and_read_by_whoever_reads_the_row(desk, world, row):
    assert bring(desk, row, pdf(), pdf("扫描.pdf", b"2")).status_code == 302
    first, second = row.papers.all()
    assert [first.name, second.name] == ["清单.pdf", "扫描.pdf"]
    door = at(row, f"paper/{first.pk}/")
    page = desk.get(at(row, "change/")).content.decode()
    assert door in page and "清单.pdf" in page
    answer = read(desk.get(door))
    assert answer.bytes == b"%PDF-1.4\n\n%%EOF\n"
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert "2份" in desk.get(at(row)[: -len(f"{row.pk}/")]).content.decode()
    desk.force_login(world.people["observer"])
    assert door in desk.get(at(row, "change/")).content.decode()
    assert "attachment" in read(desk.get(f"{door}?download"))["Content-Disposition"]


def test_a_file_of_elsewhere_or_of_another_row_is_not_there(desk, world, row):
    bring(desk, row, pdf())
    paper = row.papers.get()
    other = Rows(world.wuyi, "other")[type(row)._meta.label_lower]
    assert desk.get(at(other, f"paper/{paper.pk}/")).status_code == 404
    desk.force_login(world.people["stranger"])
    assert desk.get(at(row, f"paper/{paper.pk}/")).status_code == 404
    desk.logout()
    assert desk.get(at(row, f"paper/{paper.pk}/")).status_code == 302


def test_what_the_gate_does_not_take_is_told_and_nothing_is_kept(desk, row, tmp_path):
    wrong = SimpleUploadedFile("清单.pdf", b"MZ not a pdf", "application/pdf")
    answer = bring(desk, row, wrong, SimpleUploadedFile("清单.exe", b"MZ"))
    assert answer.status_code == 200 and len(told(answer)) == 2
    assert not row.papers.exists() and not list(tmp_path.rglob("*.pdf"))


def test_a_file_stands_once_with_its_row(desk, row):
    bring(desk, row, pdf())
    again = bring(desk, row, pdf("又一次.pdf"))
    assert told(again) == ["该文件已经上传过了。"]
    assert told(bring(desk, row, pdf("a.pdf", b"3"), pdf("b.pdf", b"3"))) == ["同一文件选择了两次。"]
    assert row.papers.count() == 1


def test_no_more_files_than_ten(desk, row):
    files = [pdf(f"{number}.pdf", b"%d" % number) for number in range(11)]
    assert bring(desk, row, *files[:10]).status_code == 302
    assert len(told(bring(desk, row, files[10]))) == 1
    assert row.papers.count() == 10


def test_a_file_struck_out_is_told_in_the_history_and_its_bytes_stay(desk, row, tmp_path):
    bring(desk, row, pdf())
    paper = row.papers.get()
    assert bring(desk, row, **{"papers-0-DELETE": "on"}).status_code == 302
    assert not row.papers.exists()
    assert desk.get(at(row, f"paper/{paper.pk}/")).status_code == 404
    history = desk.get(at(row, "history/")).content.decode()
    assert history.count("清单.pdf") == 1 and paper.stored not in history and paper.sha256 not in history
    assert leftovers.named([paper.stored]) == {paper.stored}
    with uploads.open_stored(paper.stored) as kept:
        assert kept.read().startswith(b"%PDF")


def test_the_files_go_with_their_row_and_come_back_with_it(desk, world, row):
    bring(desk, row, pdf())
    paper = row.papers.get()
    keeping.remove(row, by=world.people["county"], reason="登记错误")
    desk.force_login(world.people["county_admin"])
    assert desk.get(at(row, f"paper/{paper.pk}/")).status_code == 404
    keeping.restore(row, by=world.people["county_admin"])
    assert read(desk.get(at(row, f"paper/{paper.pk}/"))).status_code == 200


def test_the_page_of_a_station_leads_to_the_papers_of_its_checks(desk, world):
    check = Rows(world.xingfuli, "near")["facilities.standardcheck"]
    bring(desk, check, pdf())
    paper = StandardCheckPaper.objects.get()
    page = desk.get(f"/admin/facilities/station/{check.station_id}/change/").content.decode()
    assert at(check, f"paper/{paper.pk}/") in page and at(check, "change/") in page


def test_a_reader_adds_no_file(desk, world):
    row = Rows(world.xingfuli, "near")["communities.powerdutylist"]
    sent = filled(desk.get(at(row, "change/")))
    desk.force_login(world.people["observer"])
    more = {"papers-TOTAL_FORMS": "1", "papers-0-file": pdf(), "_save": "1"}
    assert desk.post(at(row, "change/"), {**sent, **more}).status_code == 403
    assert not PowerDutyListPaper.objects.exists()
