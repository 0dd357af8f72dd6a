"""Every list and form of communities, people and facilities: a few queries however many rows, words only."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.foundation.registers import Register
from linkage.foundation.registers.listing import Listed
from tests.registers.rows import Rows

APPS = {"communities", "people", "facilities"}
DESKS = {
    model._meta.label_lower: desk
    for model, desk in admin.site._registry.items()
    if isinstance(desk, Register) and model._meta.app_label in APPS
}


def address(model, page=""):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"


def queries(client, page):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize("label", sorted(DESKS))
def test_a_list_asks_as_much_for_one_row_as_for_many(world, client, label):
    model = DESKS[label].model
    client.force_login(world.people["province"])
    Rows(world.xingfuli, "一")[model]
    page = address(model)
    client.get(page)
    few = queries(client, page)
    for place in (world.hekou, world.wuyi, world.fukang):
        Rows(place, place.code)[model]
    assert model.objects.count() >= 4
    assert queries(client, page) <= few


@pytest.mark.parametrize("label", sorted(DESKS))
def test_list_form_and_history_speak_words_not_codes(world, client, label):
    desk = DESKS[label]
    row = Rows(world.xingfuli, "一")[desk.model]
    codes = {
        code
        for field in desk.model._meta.local_fields
        for code in [*dict(field.flatchoices), *getattr(field, "codes", ())]
        if isinstance(code, str) and re.fullmatch("[a-z_]{4,}", code)
    }
    client.force_login(world.people["observer"])
    for page in ("", f"{row.pk}/change/", f"{row.pk}/history/"):
        text = client.get(address(desk.model, page)).content.decode()
        shown = set(re.findall("[a-z_]+", re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.S)))
        assert not codes & shown


def test_the_heads_of_a_list_are_worked_out_once_however_many_rows(world, client, monkeypatch):
    desk = DESKS["communities.externalid"]
    for place in (world.xingfuli, world.hekou, world.wuyi):
        Rows(place, place.code)[desk.model]
    asked = []
    plain = Listed.get_ordering_field_columns
    monkeypatch.setattr(Listed, "get_ordering_field_columns", lambda listed: asked.append(1) or plain(listed))
    client.force_login(world.people["province"])
    page = client.get(address(desk.model))
    assert "对方编号" in page.content.decode()
    assert len(asked) == 1
