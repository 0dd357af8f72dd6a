"""The desk of a register says what it does: entries are taken out with a reason, nothing is deleted."""

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.urls import reverse

from linkage.foundation import journal
from linkage.foundation.registers import Register
from tests import factories
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db

DESKS = [(model, desk) for model, desk in admin.site._registry.items() if isinstance(desk, Register)]


@pytest.fixture
def clerk(world, client):
    client.force_login(world.people["community"])
    return client


def row_of(world, label):
    rows = Rows(world.xingfuli, "near")
    rows.by = world.people["community"]
    return rows[label]


def page(row, name="change"):
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk])


@pytest.mark.parametrize(
    "label", ["communities.ExternalId", "facilities.ServiceFacility", "charity.FundBudget"]
)
def test_the_button_of_an_entry_takes_it_out_and_says_so(clerk, world, label):
    row = row_of(world, label)
    shown = clerk.get(page(row)).content.decode()
    assert f'href="{page(row, "delete")}"' in shown
    assert "移出台账" in shown
    assert "删除" not in shown
    asked = clerk.get(page(row, "delete")).content.decode()
    assert "移出台账" in asked
    assert "删除" not in asked
    done = clerk.post(page(row, "delete"), {"reason": "录错社区"}, follow=True).content.decode()
    assert "已移出" in done
    assert "删除" not in done
    row.refresh_from_db()
    assert row.removed_at is not None


def test_who_may_only_look_has_no_such_button(world, client):
    row = row_of(world, "communities.ExternalId")
    office = world.people["community"].current_posts[0].office
    client.force_login(factories.person("looks", "何平", office, "observer"))
    assert "移出台账" not in client.get(page(row)).content.decode()


@pytest.mark.parametrize(("model", "desk"), DESKS, ids=lambda found: getattr(found, "__name__", ""))
def test_no_choice_of_a_form_has_a_button_that_takes_the_chosen_row_out(model, desk, rf, world):
    request = rf.get("/")
    request.user = world.people["county"]
    for field in desk.model._meta.fields:
        if field.editable and field.is_relation:
            widget = desk.formfield_for_dbfield(field, request).widget
            assert not isinstance(widget, RelatedFieldWidgetWrapper) or not widget.can_delete_related


@pytest.mark.parametrize(
    ("cause", "words"),
    [("rotation", "更换密钥"), ("job 17", "后台任务 17"), ("linkage.deliver", "（系统）")],
)
def test_what_the_platform_did_by_itself_has_a_chinese_name_in_the_history(clerk, world, cause, words):
    row = row_of(world, "communities.ExternalId")
    with journal.acting(cause=cause):
        type(row).objects.filter(pk=row.pk).update(value="另一个编号")
    told = clerk.get(page(row, "history")).content.decode()
    assert words in told
    assert cause not in told
