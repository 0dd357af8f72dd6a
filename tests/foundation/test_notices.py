"""Messages: once on the desk, at least once by e-mail under one name, as chosen, gone when settled."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F

from linkage.foundation import notices, outbox, tasks
from linkage.foundation.models import Notice, NoticeChoice, Outbox
from linkage.foundation.notices import Telling
from tests.notices import deliver, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing(monkeypatch, world):
    """A kind of this test alone: things that may be done, told to the street and the county."""
    monkeypatch.setattr(notices, "_tellers", {})
    facts = {"done": False, "to": ["street", "county"]}

    @notices.teller("thing")
    def words(payload):
        if facts["done"]:
            return None
        to = {world.people[who].pk: "" for who in facts["to"]}
        act = payload.get("act", True)
        matter = "thing:1" if act else ""
        return Telling(to, f"事情 {payload['n']}", matter, url="/projects/", text="请办理", to_act=act)

    return facts


def owe(n, **facts):
    notices.tell("thing", n, n=n, **facts)


def with_address(user, **choice):
    notices.choose(user, **{"acting": "at_once", "knowing": "daily", "email": "he@example.org"} | choice)
    return user


def test_it_is_told_once_however_often_it_is_owed_and_delivered(thing, world):
    street = with_address(world.people["street"])
    owe(1)
    owe(1)
    deliver()
    Outbox.objects.all().delete()  # as after a month: what was delivered is forgotten
    owe(1)
    deliver()

    assert told(street) == told(world.people["county"]) == ["事情 1"]
    assert len(mail.outbox) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        first = Notice.objects.filter(user=street).get()
        first.pk = None
        first.save(force_insert=True)


def test_a_mail_that_could_not_be_sent_is_sent_later_under_the_same_name(thing, world, monkeypatch):
    with_address(world.people["street"])
    owe(1)

    def refused(self, messages):
        raise OSError("no line to the mail server")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refused)
        outbox.deliver_due()
    assert mail.outbox == []
    assert told(world.people["street"]) == ["事情 1"]  # the desk does not wait for the mail
    owed = Outbox.objects.get(kind="notice.mail")
    assert owed.state == "pending" and "OSError" in owed.last_error

    Outbox.objects.update(next_try_at=owed.created_at)
    deliver()
    (letter,) = mail.outbox
    notice = Notice.objects.get(user=world.people["street"])
    assert letter.extra_headers["Message-ID"] == f"<notice-{notice.pk}@localhost>"
    assert letter.to == ["he@example.org"] and "请办理" in letter.body


def test_a_worker_killed_between_sending_and_noting_it_sends_again_under_the_same_name(thing, world):
    with_address(world.people["street"])
    owe(1)
    deliver()
    Notice.objects.update(mailed_at=None)
    Outbox.objects.filter(kind="notice.mail").update(
        state="pending", done_at=None, attempts=0, next_try_at=F("created_at")
    )
    deliver()

    assert len(mail.outbox) == 2
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1


def test_what_is_settled_disappears_and_is_not_mailed(thing, world):
    street = with_address(world.people["street"])
    owe(1)
    outbox.deliver_due(1)
    assert told(street) == ["事情 1"]

    notices.settle("thing:1")
    deliver()

    assert told(street) == []
    assert Notice.objects.visible_to(street).unread().count() == 0
    assert mail.outbox == []


def test_what_is_no_longer_true_is_not_told_at_all(thing, world):
    owe(1)
    thing["done"] = True
    deliver()

    assert not Notice.objects.exists()


def test_what_one_only_needs_to_know_stays_when_the_matter_is_settled(thing, world):
    owe(1, act=False)
    deliver()
    notices.settle("thing:1")

    assert told(world.people["street"]) == ["事情 1"]


def test_each_chooses_at_once_once_a_day_or_not_at_all(thing, world):
    daily = with_address(world.people["street"], acting="daily")
    deaf = with_address(world.people["county"], knowing="off", email="she@example.org")
    owe(1)
    owe(2, act=False)
    deliver()

    assert [letter.to for letter in mail.outbox] == [["she@example.org"]]  # only what is hers to act on
    assert told(deaf) == ["事情 1"] and told(daily) == ["事情 1", "事情 2"]

    for _beat in range(3):
        notices.owe_digests(date(2026, 11, 23))
    deliver()
    (letter,) = [letter for letter in mail.outbox if letter.to == ["he@example.org"]]
    assert letter.subject == "今日消息 2 条" and "事情 1" in letter.body and "事情 2" in letter.body
    assert letter.extra_headers["Message-ID"] == f"<digest-{daily.pk}-2026-11-23@localhost>"

    assert notices.owe_digests(date(2026, 11, 24)) == 0  # nothing new


def test_to_dos_cannot_be_switched_off(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeChoice.objects.create(user=world.people["street"], acting="off")


def test_without_an_address_nothing_is_mailed_and_an_account_that_is_closed_is_not_told(thing, world):
    world.people["county"].is_active = False
    world.people["county"].save()
    owe(1)
    deliver()

    assert mail.outbox == []
    assert told(world.people["street"]) == ["事情 1"]
    assert not Notice.objects.filter(user=world.people["county"]).exists()


def test_what_one_was_told_in_a_post_goes_with_the_post(world, thing):
    street = world.people["street"]
    office = street.main_post.office
    thing["to"] = []
    owe(1)
    Notice.objects.create(
        user=street,
        kind="thing",
        key="x",
        matter="thing:2",
        audience=f"office:{office.pk}",
        title="待办",
        to_act=True,
    )
    assert told(street) == ["待办"]

    street.posts.update(valid_to=date.today() - timedelta(days=1))

    assert told(world.fresh("street")) == []


def test_old_messages_are_forgotten_after_a_year(world, thing):
    owe(1)
    deliver()
    Notice.objects.update(at=Notice.objects.first().at - timedelta(days=400))
    tasks.purge_done()

    assert not Notice.objects.exists()
