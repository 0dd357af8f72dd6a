"""Every text of every register is a canary, every number a seeded one: nobody is told those of another place.

Near, in the next county and in another city lies a row of each register; some of those in the other city
point at the near ones: an organisation of here that runs a house there, a volunteer who served there.
"""

import itertools
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models, transaction
from django.test import Client
from django.utils.translation import gettext

from linkage.foundation.registers import Register
from linkage.foundation.standards import mask_id, mask_phone
from tests.access import registers
from tests.access.story import CANARY, canary
from tests.access.walk import unpacked
from tests.registers.rows import registers as models_of_registers

pytestmark = pytest.mark.django_db

HIDDEN = "秘CNR"
# The remarks on an allowance paid name the standard of the county above.
OF_THE_COUNTY = "/admin/socialwork/allowancepayment/"


@pytest.fixture
def crossed(kept):
    kept.leaning = kept.rows["far"].leaning_on(kept.rows["near"])
    return kept


@pytest.mark.parametrize("who", ["community", "organization"])
def test_what_one_reads_every_day_tells_of_no_other_place(crossed, who):
    """Lists, searches, choices, and the pages of one's own rows."""
    client = Client(raise_request_exception=False)
    client.force_login(crossed.world.fresh(who))
    own = [address for address in rows(crossed, ["near"]) if address.endswith(("/change/", "/history/"))]
    asked = [address for address in lists(crossed) if not address.endswith(("add/", "doubles/", "removed=1"))]
    answers = (
        (address, client.get(address)) for address in (*own, *asked[::3], *choices(crossed), *beside())
    )
    assert told_of_elsewhere(crossed, who, answers) == []


@pytest.mark.long
@pytest.mark.parametrize("who", [who for who in registers.PEOPLE if who in (*registers.POSTS, "root")])
def test_no_answer_tells_of_another_place(crossed, who):
    """Every page, every row, every deed."""
    client = Client(raise_request_exception=False)
    client.force_login(crossed.world.fresh(who))
    addresses = (*lists(crossed), *rows(crossed), *choices(crossed), *beside())
    answers = itertools.chain(((each, client.get(each)) for each in addresses), acted(crossed, client))
    assert told_of_elsewhere(crossed, who, answers) == []


def test_removing_a_row_names_nothing_another_place_keeps(crossed):
    client = Client(raise_request_exception=False)
    client.force_login(crossed.world.fresh("county"))
    answers = list(done(client, removals(crossed, ["near"])))
    assert told_of_elsewhere(crossed, "county", answers) == []
    assert gettext("kept by another place") in b"".join(answer.content for _name, answer in answers).decode()


def told_of_elsewhere(kept, who, answers):
    """What these answers told this person and should not have."""
    told = foreign_to(kept, who)
    found, met = set(), 0
    for name, answer in answers:
        text = unpacked(answer).decode("utf-8", "replace")
        typed = name.rpartition("?q=")[2].rpartition("&term=")[2]
        text = text.replace(typed, "…")  # by whoever reads it
        met += len(CANARY.findall(text))
        found |= {f"{name}: {what}" for what in told(text, upper=name.startswith(OF_THE_COUNTY))}
        if answer.status_code >= 500:
            found.add(f"{name}: {answer.status_code}")
    assert met or who == "root", "a walk that meets no canary at all proves nothing"
    return sorted(found)


def foreign_to(kept, who):
    """What a text must not tell this person: canaries and masked numbers of elsewhere, any full number."""
    homes = [post.office.region.code for post in kept.world.fresh(who).current_posts]
    mine = lambda code: any(code.startswith(home) for home in homes)  # noqa: E731
    above = lambda code: any(home.startswith(code) for home in homes)  # noqa: E731
    full = [number for rows in kept.rows.values() for number in rows.numbers]
    masked = [
        mask_id(number) if len(number) == 18 else mask_phone(number)
        for rows in kept.rows.values()
        if not mine(rows.place.code)
        for number in rows.numbers
    ]

    def told(text, upper=False):
        for code, kind in set(CANARY.findall(text)):
            if not (mine(code) or ((kind == "person" or upper) and above(code))):
                yield f"{kind} of {code}"
        yield from (number for number in full if number in text)
        yield from (number for number in masked if number in text)
        if HIDDEN in text:
            yield "a name its bearer wished hidden"

    return told


# What is read


def lists(kept):
    marks = [canary(place, "kept") for place in kept.places.values()]
    numbers = [kept.rows["far"].id_number, kept.rows["far"]["organizations.SocialOrganization"].uscc]
    for register in registers.REGISTERS:
        at = f"/{registers.at(register)}"
        yield from (at, f"{at}?removed=1", f"{at}add/", f"{at}doubles/")
        yield from (f"{at}?q={asked}" for asked in ("CNR", *marks, *numbers))
        yield from (f"{at}?place={place.code}" for place in kept.places.values())
        yield from (f"{at}{page}/" for page in registers.REGISTERS[register].lists.split())
        one, other = kept.pk(register, "near"), kept.pk(register, "far")
        yield from (f"{at}merge/?one={one}&other={other}", f"{at}merge/?one={other}&other={one}")
    for address in registers.REST:
        yield from (f"/api/v1/{address}/?size=100", f"/api/v1/{address}/?place={kept.places['far'].code}")


def rows(kept, labels=None):
    for register, line in registers.REGISTERS.items():
        at = f"/{registers.at(register)}"
        pages = f"change delete history reveal restore {line.steps} {line.leads} {line.done}".split()
        for pk in keys(kept, register, labels):
            yield from (f"{at}{pk}/{page}/" for page in pages)
    for address, register in registers.REST.items():
        yield from (f"/api/v1/{address}/{pk}/" for pk in keys(kept, register, labels))


def keys(kept, register, labels=None):
    """The rows of a register at these places; without any, of each place and those that point elsewhere."""
    model = apps.get_model(*register.split("/"))
    leaning = [] if labels else [row.pk for row in kept.leaning.values() if type(row) is model]
    return [*(kept.pk(register, label) for label in labels or kept.rows), *leaning]


def choices(kept):
    """What every choice of another row offers, by its own name and by whatever one types."""
    desks = {model for model, desk in admin.site._registry.items() if isinstance(desk, Register)}
    for model in models_of_registers():
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in desks:
                about = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                for term in ("", quote(canary(kept.places["far"], "kept"))):
                    yield f"/admin/autocomplete/?{about}&field_name={field.name}&term={term}"


def beside():
    return ("/registers/", "/admin/", "/admin/search/?s=CNR", "/search/?q=CNR", "/")


# What is done: each deed is taken back


def acted(kept, client):
    return done(client, (*actions(kept), *removals(kept)))


def done(client, deeds):
    for address, body in deeds:
        with transaction.atomic():
            answer = client.post(address, body)
            landed = client.get(answer["Location"]) if answer.status_code == 302 else None
            transaction.set_rollback(True)
        yield f"POST {address} {body}", answer
        if landed is not None:
            yield f"after POST {address} {body}", landed


def actions(kept):
    for register in registers.REGISTERS:
        desk = admin.site._registry[apps.get_model(*register.split("/"))]
        for name in desk.actions:
            body = {"action": name, "_selected_action": keys(kept, register)}
            yield f"/{registers.at(register)}", body
            yield f"/{registers.at(register)}", {**body, "reason": "entered twice"}


def removals(kept, labels=None):
    """Removing a row says what still leans on it."""
    for register in registers.REGISTERS:
        for pk in keys(kept, register, labels):
            yield f"/{registers.at(register)}{pk}/delete/", {"reason": "entered twice"}
            yield f"/{registers.at(register)}{pk}/reveal/", {"reason": "", "field": "phone"}
