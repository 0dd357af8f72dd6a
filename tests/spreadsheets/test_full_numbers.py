"""Numbers in full leave by a table only for a post that was given the right, for a reason, for a while."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from communities.offices import services
from linkage.foundation import jobs, tasks
from linkage.foundation.models import AuditEvent, Job
from linkage.foundation.spreadsheets import fullness
from socialwork.models import SocialWorker
from tests.registers.rows import make

pytestmark = pytest.mark.django_db
assert tasks  # the kinds of jobs
REGISTER = "socialwork.socialworker"


@pytest.fixture
def worker(world):
    return make(SocialWorker, world.xingfuli, "标记")


@pytest.fixture
def clerk(world, client, worker):
    """A reviewer of the county, whom the administrator of the county lets export in full."""
    post = world.people["county"].posts.get()
    services.allow_full_exports(post, True, by=world.people["county_admin"], reason="核对补贴发放")
    client.force_login(world.people["county"])
    return world.people["county"]


def export(client, **sent):
    answer = client.post(reverse("desk:table_export", args=[REGISTER]), {"format": "xlsx", **sent})
    if answer.status_code == 302:
        jobs.run(Job.objects.latest("pk").pk)
    return answer


def fetched(client):
    return client.get(reverse("desk:table_export_file", args=[Job.objects.latest("pk").pk]))


def cells(answer):
    rows = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    return {cell for row in rows for cell in row}


def test_with_the_right_and_a_reason_numbers_are_in_full_and_all_is_written_down(client, clerk, worker):
    number = str(worker.person.id_number)
    assert export(client, full="1", reason="核对补贴发放名单").status_code == 302
    job = Job.objects.latest("pk")
    assert number in cells(fetched(client))
    begun = AuditEvent.objects.get(kind="full_export_started", by=clerk)
    assert (begun.facts["reason"], begun.facts["rows"]) == ("核对补贴发放名单", 1)
    assert AuditEvent.objects.get(kind="full_numbers_exported").facts == {"rows": 1}
    assert AuditEvent.objects.get(kind="export_fetched").facts["full"] is True
    with default_storage.open(job.result_file) as file:
        assert not file.read(2).startswith(b"PK")  # sealed as it lies
    assert job.expires_at - job.finished_at == fullness.KEPT

    export(client)
    assert number not in cells(fetched(client))


def test_without_a_reason_or_the_right_nothing_is_exported(client, clerk, world, worker):
    assert export(client, full="1", reason=" ").status_code == 422
    client.force_login(world.people["street"])
    page = client.get(reverse("desk:table_export", args=[REGISTER])).content.decode()
    assert 'name="full"' not in page
    assert export(client, full="1", reason="核对").status_code == 403
    assert not Job.objects.exists()


def test_the_right_is_asked_again_at_the_download_and_the_file_soon_gone(client, clerk, world):
    export(client, full="1", reason="核对补贴发放名单")
    post = clerk.posts.get()
    services.allow_full_exports(post, False, by=world.people["county_admin"], reason="核对已毕")
    assert fetched(client).status_code == 403
    services.allow_full_exports(post, True, by=world.people["county_admin"], reason="再核对")
    Job.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert fetched(client).status_code == 302


def test_three_a_day_and_not_too_many_rows(client, clerk, world, monkeypatch):
    for _time in range(fullness.A_DAY):
        assert export(client, full="1", reason="核对补贴").status_code == 302
    assert export(client, full="1", reason="核对补贴").status_code == 429
    monkeypatch.setattr(fullness, "ROWS", 0)
    assert export(client, full="1", reason="核对补贴").status_code == 422


def test_the_right_is_given_from_above_only(client, world):
    post = world.people["street"].posts.get()
    at = reverse("offices:full_exports", args=[world.people["street"].pk, post.pk])
    client.force_login(world.people["county_admin"])
    client.post(at, {"allowed": "1", "reason": ""})
    post.refresh_from_db()
    assert not post.full_exports
    client.post(at, {"allowed": "1", "reason": "发放补贴"})
    post.refresh_from_db()
    assert post.full_exports
    assert AuditEvent.objects.get(kind="full_exports_allowed").facts["reason"] == "发放补贴"
    page = client.get(reverse("offices:account", args=[world.people["street"].pk])).content.decode()
    assert "可导出完整号码" in page
    client.force_login(world.people["county"])
    assert client.post(at, {"allowed": "0", "reason": "x"}).status_code == 403
