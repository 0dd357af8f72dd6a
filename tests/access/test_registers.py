"""The rules of the registers walked: every page, every kind of person, rows near, far and of nowhere."""

import itertools
import re

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from linkage.foundation.registers import Register
from tests.access import registers, table
from tests.access.ledger import changed, everything
from tests.access.story import NEVER
from tests.access.walk import masked

pytestmark = pytest.mark.django_db

KEEPERS = ("county", "community", "stranger", "street_clerk", "city")
OTHERS = tuple(who for who in registers.PEOPLE if who not in KEEPERS)


def test_every_register_has_its_line():
    found = {
        f"{model._meta.app_label}/{model._meta.model_name}"
        for model, desk in admin.site._registry.items()
        if isinstance(desk, Register)
    }
    assert sorted(found - set(registers.REGISTERS)) == [], "registers without a line in registers.py"
    assert sorted(set(registers.REGISTERS) - found) == [], "lines whose register is gone"


def test_each_register_answers_somebody_by_the_rules(kept):
    """One of those who keep registers and one of the others, in turns; the long form sends everybody."""
    people = itertools.cycle(who for pair in zip(itertools.cycle(KEEPERS), OTHERS) for who in pair)
    walk(kept, {register: (next(people),) for register in registers.REGISTERS})


@pytest.mark.long
@pytest.mark.parametrize("who", registers.PEOPLE)
def test_everybody_gets_the_answers_of_the_rules(kept, who):
    walk(kept, {register: (who,) for register in registers.REGISTERS})


def walk(kept, asking):
    """Every page of these registers, asked for by these people."""
    found = []
    for who in sorted({who for people in asking.values() for who in people}):
        client = Client(raise_request_exception=False)
        headers = kept.sign_in(client, who)
        before = everything()
        for register, people in asking.items():
            if who in people:
                found += differences(kept, client, headers, who, register)
        assert changed(before) == [], who
    assert not found, "\n".join(found)


def differences(kept, client, headers, who, register):
    for page in sorted(registers.pages(register)):
        for method in ("GET", "POST"):
            nowhere = {}
            for row in registers.ROWS if "<object_id>" in page else ("near",):
                pk = kept.pk(register, row)
                answer = ask(client, headers, method, registers.at(register) + page, pk)
                wanted = registers.expected(register, method, page, row, who)
                got = told(answer, wanted)
                if got != wanted:
                    yield f"{who}: {method} {register}/{page} [{row}]: {got}, not {wanted}"
                if "<object_id>" in page and not registers.finds(who, register, row):
                    nowhere[row] = masked(answer, [str(pk), f"2F{pk}", str(NEVER)])
            if len(set(nowhere.values())) > 1:
                yield f"{who}: {method} {register}/{page} tells a row that lies elsewhere from none"


@pytest.mark.parametrize("who", registers.PEOPLE)
def test_over_rest_everybody_gets_the_answers_of_the_rules(kept, who):
    client = Client(raise_request_exception=False)
    headers = kept.sign_in(client, who)
    found = []
    for address, register in registers.REST.items():
        nowhere = {}
        for row in ("", *registers.ROWS):
            pk = f"{kept.pk(register, row)}/" if row else ""
            url = f"/api/v1/{address}/{pk}"
            answer, wanted = client.get(url, headers=headers), registers.over_rest(register, row, who)
            if answer.status_code != wanted:
                found.append(f"GET {address} [{row}]: {answer.status_code}, not {wanted}")
            if wanted == 404:
                nowhere[row] = masked(answer)
            refused = 405 if wanted in (200, 404) else wanted
            for method in (client.post, client.put, client.patch, client.delete):
                status = method(url, b"{}", content_type="application/json", headers=headers).status_code
                if status != refused:
                    found.append(f"{method.__name__} {address} [{row}]: {status}, not {refused}")
        if len(set(nowhere.values())) > 1:
            found.append(f"{address} tells a row that lies elsewhere from none")
    assert found == [], who


def ask(client, headers, method, route, pk):
    """One request; whatever it changed is undone."""
    cache.clear()
    url = "/" + re.sub("<(certificate|paper)_id>", str(NEVER), route.replace("<object_id>", str(pk)))
    cookies = client.cookies.copy()
    if method == "GET":
        answer = client.get(url, headers=headers)
    else:
        with transaction.atomic():
            answer = client.post(url, {}, headers=headers)
            transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def told(answer, wanted):
    if answer.status_code != 302 or isinstance(wanted, int):
        return answer.status_code
    where = answer["Location"]
    if where.startswith("/password/"):
        return table.PASSWORD
    return table.LOGIN if where.startswith(("/login/", "/admin/login/")) else where
