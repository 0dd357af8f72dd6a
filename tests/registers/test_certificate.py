"""A certificate of service is read where it was issued and above: it says services of other places."""

import pytest

from linkage.foundation.models import AuditEvent
from socialwork.volunteers import services
from socialwork.volunteers.models import ServiceRecord
from tests.registers.rows import HOUR, Rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(world):
    """By the city, for a volunteer of 幸福里 who has served in 河口村."""
    rows = Rows(world.xingfuli, "near")
    volunteer = rows["volunteers.Volunteer"]
    ServiceRecord.objects.create(
        volunteer=volunteer, region=world.hekou, content="served elsewhere", venue="elsewhere",
        started_at=HOUR, ended_at=HOUR.replace(hour=11), hours=2, recorded_by=world.people["village"],
        verified_by=world.people["town"], verified_at=HOUR.replace(hour=12),
    )  # fmt: skip
    about = {"first_day": HOUR.date(), "last_day": HOUR.date()}
    about |= {"responsible": "陈志强", "handler": "陈志强", "contact": "0931-5550100"}
    return services.certify(volunteer, by=world.people["city"], **about), rows


def pages(certificate):
    at = f"/admin/volunteers/volunteer/{certificate.volunteer_id}/"
    return f"{at}change/", f"{at}certificate/{certificate.pk}/"


def test_who_sits_under_the_issuer_reads_nothing_of_it(issued, world, client):
    certificate, _rows = issued
    change, sheet = pages(certificate)
    client.force_login(world.people["community"])
    assert certificate.number not in client.get(change).content.decode()
    assert [client.get(sheet).status_code, client.post(sheet).status_code] == [404, 404]
    client.force_login(world.people["city"])
    assert certificate.number in client.get(change).content.decode()
    assert "served elsewhere" in client.get(sheet).content.decode()


def test_the_full_number_stands_on_it_by_post_alone_and_is_written_down(issued, world, client):
    certificate, rows = issued
    _change, sheet = pages(certificate)
    client.force_login(world.people["city"])
    assert rows.id_number not in client.get(sheet).content.decode()
    assert rows.id_number in client.post(sheet).content.decode()
    assert AuditEvent.objects.filter(kind="revealed", by=world.people["city"]).count() == 1
    for who in ("observer", "stranger"):
        client.force_login(world.people[who])
        assert rows.id_number not in client.post(sheet).content.decode(), who
