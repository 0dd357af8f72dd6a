"""The platform's rules for assemblies are there from the beginning, and again in an emptied database."""

import pytest
from django.core.management import call_command

from communities.consultation.models import AssemblyRule
from communities.consultation.procedure import DEFAULT_RULES
from tests.database import as_owner

pytestmark = pytest.mark.django_db


def entered():
    return sorted(AssemblyRule.objects.filter(region=None).values_list("body", "valid_from"))


def test_they_come_with_the_tables_and_are_not_doubled():
    shipped = sorted((rule.body, rule.since) for rule in DEFAULT_RULES)
    assert entered() == shipped
    with as_owner():
        AssemblyRule.objects.filter(body="residents")._raw_delete("default")
    assert entered() != shipped
    call_command("migrate", verbosity=0)
    assert entered() == shipped
    call_command("migrate", verbosity=0)
    assert entered() == shipped
