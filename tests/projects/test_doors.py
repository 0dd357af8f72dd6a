"""Every door that moves a project carries a key: a retry gets the first answer, another body is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.authtoken.models import Token

from linkage.foundation.models import IdempotencyKey
from projects.models import Batch, Correction, Decision, Project, Submission
from projects.services import filing
from tests import factories

pytestmark = pytest.mark.django_db
OPINION = "情况属实，同意上报。"


def pdf(name="会议记录.pdf", text=b"x"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n" + text + b"\n%%EOF", "application/pdf")


def on_page(world, who, address, **form):
    client = Client()
    client.force_login(world.people[who])
    return client.post(address, {"once": "key-1", **form})


def over_rest(world, who, address, body, *, form=False):
    token, _made = Token.objects.get_or_create(user=world.people[who])
    headers = {"Authorization": f"Token {token.key}", "Idempotency-Key": "key-1"}
    kind = {} if form else {"content_type": "application/json"}
    return Client().post(f"/api/v1/{address}", body, headers=headers, **kind)


# On the pages


def test_deciding(world):
    project = factories.submitted(world)
    url, word = f"/projects/{project.pk}/decide/", {"verdict": "approve", "opinion": OPINION, "round": 1}
    word["step"] = project.step
    first, again = on_page(world, "street", url, **word), on_page(world, "street", url, **word)
    assert (
        (first.status_code, first["Location"])
        == (again.status_code, again["Location"])
        == (302, f"/projects/{project.pk}/")
    )
    assert on_page(world, "street", url, **{**word, "opinion": "另一种"}).status_code == 422
    assert Decision.objects.get().opinion == OPINION


def test_a_form_that_was_refused_may_be_corrected_under_its_key(world):
    project = factories.submitted(world)
    url, word = f"/projects/{project.pk}/decide/", {"verdict": "approve", "step": project.step, "round": 1}
    assert on_page(world, "street", url, **word, opinion="").status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert on_page(world, "street", url, **word, opinion=OPINION).status_code == 302
    assert Decision.objects.count() == 1


def test_submitting(world):
    project = factories.draft(world)
    url = f"/projects/{project.pk}/submit/"
    first, again = on_page(world, "community", url), on_page(world, "community", url)
    assert first["Location"] == again["Location"] == f"/projects/{project.pk}/"
    assert on_page(world, "community", url, step="x").status_code == 422
    assert Submission.objects.count() == 1


def test_what_is_kept_of_an_application_that_lacks_something_stays_kept(world):
    """A refused submission is no answer to repeat, yet the words typed with it are not lost."""
    project = factories.draft(world)
    project.needs.clear()
    sent = {"step": "planning", "version": project.version, "collected_from": "", "suggestions": "31"}
    assert on_page(world, "community", f"/projects/{project.pk}/submit/", **sent).status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert Project.objects.get(pk=project.pk).suggestions == 31


def test_withdrawing_and_taking_up_again(world):
    project = factories.submitted(world)
    url = f"/projects/{project.pk}/withdraw/"
    assert on_page(world, "community", url, reason="").status_code == 302
    filing.reopen(project, by=world.fresh("community"))
    filing.submit(project, by=world.fresh("community"))
    assert on_page(world, "community", url, reason="").status_code == 302  # the first answer, no effect
    assert Project.objects.get(pk=project.pk).status == "in_review"
    assert on_page(world, "community", url, reason="材料有误").status_code == 422


def test_confirming_for_the_community(world):
    project = filing.start(world.programme, world.tianqing, by=world.people["street_clerk"], title="代录")
    neighbour = factories.person("neighbour", "邻居", world.offices["620102020002"], "clerk")
    world.people["neighbour"] = neighbour
    url = f"/projects/{project.pk}/confirm/"
    first, again = on_page(world, "neighbour", url), on_page(world, "neighbour", url)
    assert first["Location"] == again["Location"]
    assert project.events.filter(kind="confirmed").count() == 1
    assert on_page(world, "neighbour", url, confirmed_by="x").status_code == 422


def test_attaching(world):
    project = factories.draft(world)
    url = f"/projects/{project.pk}/attachments/other/"
    before = project.attachments.count()
    first = on_page(world, "community", url, files=pdf())
    again = on_page(world, "community", url, files=pdf())
    assert first["Location"] == again["Location"]
    assert project.attachments.count() == before + 1
    assert on_page(world, "community", url, files=pdf(text=b"y")).status_code == 422
    assert project.attachments.count() == before + 1


# Over REST


def test_deciding_over_rest(world):
    project = factories.submitted(world)
    body = {"verdict": "approve", "opinion": OPINION, "step": project.step, "round": 1}
    first, again = (over_rest(world, "street", f"projects/{project.pk}/decide/", body) for _time in (1, 2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again["Idempotency-Replayed"] == "true"
    other = over_rest(world, "street", f"projects/{project.pk}/decide/", {**body, "opinion": "另一种"})
    assert other.status_code == 422 and Decision.objects.count() == 1


def test_submitting_over_rest(world):
    project = factories.draft(world)
    first, again = (over_rest(world, "community", f"projects/{project.pk}/submit/", {}) for _time in (1, 2))
    assert first.status_code == 200 and first.json() == again.json()
    assert over_rest(world, "community", f"projects/{project.pk}/submit/", {"a": 1}).status_code == 422
    assert Submission.objects.count() == 1


def test_what_an_application_lacks_is_named_over_rest(world):
    project = factories.draft(world)
    project.needs.clear()
    answer = over_rest(world, "community", f"projects/{project.pk}/submit/", {})
    assert answer.status_code == 400 and answer.json()["errors"]
    assert not IdempotencyKey.objects.exists()


def test_withdrawing_over_rest(world):
    project = factories.submitted(world)
    first, again = (over_rest(world, "community", f"projects/{project.pk}/withdraw/", {}) for _time in (1, 2))
    assert first.status_code == 200 and first.json() == again.json()
    assert project.events.filter(kind="withdrawn").count() == 1


def test_a_correction_over_rest(world):
    """By who keeps the accounts of the office, once for a key, with the words of the page."""
    project = factories.approved(world)
    world.people["admin"] = factories.person("province_admin", "石磊", world.offices["62"], "administrator")
    url, words = f"projects/{project.pk}/correct/", {"reason": "录入时文号写错。", "basis": "文件原件"}
    body = {**words, "field": "doc_no", "after": "甘民发[2016]99号", "step": "province_approval", "round": 1}
    for who in ("community", "county_admin", "province"):
        assert over_rest(world, who, url, body).status_code == 403
    assert over_rest(world, "stranger", url, body).status_code == 404
    first, again = (over_rest(world, "admin", url, body) for _time in (1, 2))
    assert first.status_code == 201 and first.json() == again.json()
    assert (first.json()["before"], first.json()["after"]) == ("甘民发〔2016〕98号", "甘民发〔2016〕99号")
    assert Correction.objects.count() == 1
    assert over_rest(world, "admin", url, {**body, "after": "甘民发〔2016〕97号"}).status_code == 422
    IdempotencyKey.objects.all().delete()
    assert over_rest(world, "admin", url, body).json()["errors"]["after"] == ["与现有内容相同。"]
    for wrong, field in ((dict(body, round=2), "step"), (dict(body, verdict="approve"), "verdict")):
        answer = over_rest(world, "admin", url, wrong)
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field]
    assert over_rest(world, "admin", url, {**words, "field": "title", "after": "新名"}).status_code == 201
    assert Project.objects.get(pk=project.pk).title == "新名"


def test_attaching_over_rest(world):
    project = factories.draft(world)
    before, url = project.attachments.count(), f"projects/{project.pk}/attach/"
    first, again = (
        over_rest(world, "community", url, {"slot": "other", "files": pdf()}, form=True) for _time in (1, 2)
    )
    assert first.status_code == 201 and first.json() == again.json()
    assert [file["name"] for file in first.json()] == ["会议记录.pdf"]
    other = {"slot": "other", "files": pdf(text=b"y")}
    assert over_rest(world, "community", url, other, form=True).status_code == 422
    assert project.attachments.count() == before + 1


def test_a_batch_over_rest(world):
    projects = [factories.submitted(world, title=f"项目 {number}") for number in range(2)]
    items = [{"project": one.pk, "step": one.step, "round": 1} for one in projects]
    body = {"verdict": "approve", "opinion": OPINION, "items": items}
    first, again = (over_rest(world, "street", "batches/", body) for _time in (1, 2))
    assert first.status_code == 201 and first.json() == again.json()
    assert [item["state"] for item in first.json()["items"]] == ["decided"] * 2
    assert over_rest(world, "street", "batches/", {**body, "verdict": "return"}).status_code == 422
    assert (Batch.objects.count(), Decision.objects.count()) == (1, 2)
