"""Each role finds its own way in on the workbench (DOMAIN §6.3)."""

import pytest
from django.test import Client
from django.urls import reverse

from linkage.policy.models import PolicyDocument

pytestmark = pytest.mark.django_db


def workbench(world, who):
    client = Client()
    client.force_login(world.fresh(who))
    return client.get(reverse("desk:home")).content.decode()


@pytest.mark.parametrize(
    ("who", "files", "selects"),
    [
        ("community", True, False),
        ("street", True, False),
        ("county", False, False),
        ("city", False, False),
        ("province", False, True),
    ],
)
def test_each_level_has_its_own_entry(world, who, files, selects):
    shown = workbench(world, who)
    assert (reverse("projects:start") in shown) is files
    assert (reverse("projects:selection", args=[world.programme.code]) in shown) is selects


def test_documents_that_bind_the_place_lie_on_the_workbench(world):
    for document in PolicyDocument.objects.all():
        assert document.get_absolute_url() in workbench(world, "community")
