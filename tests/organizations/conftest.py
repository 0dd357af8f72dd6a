"""Organisations of the story world, by hand."""

import itertools
from datetime import date

import pytest
from stdnum.cn import uscc

from communities.people import services as people
from organizations.models import Employment, SocialOrganization

SERIAL = itertools.count(1)


def credit_code(beginning="52", serial=None):
    """A right code of civil affairs in 城关区."""
    body = f"{beginning}620102{serial or next(SERIAL):08d}"
    organisation = body + "0"
    return organisation + uscc.calc_check_digit(organisation)


def guided(region, name="夕阳红合唱队", **facts):
    facts = {"tier": "guided", "established_on": date(2015, 3, 1), **facts}
    return SocialOrganization.objects.create(region=region, name=name, **facts)


def filed(region, name="邻里互助会", **facts):
    facts = {
        "tier": "filed",
        "filing_number": f"雁南备〔2016〕{next(SERIAL)}号",
        "filing_street": region.ancestor_at(4),
        "established_on": date(2015, 3, 1),
        **facts,
    }
    return SocialOrganization.objects.create(region=region, name=name, **facts)


def registered(region, name="益启社会工作服务中心", **facts):
    facts = {
        "tier": "registered",
        "uscc": credit_code(),
        "legal_form": "service_institution",
        "established_on": date(2015, 3, 1),
        "registered_on": date(2015, 3, 1),
        **facts,
    }
    return SocialOrganization.objects.create(region=region, name=name, **facts)


def agency(region, name="城关区阳光社会工作服务中心", **facts):
    return registered(region, name, subtypes=["sw_agency"], **facts)


def employed(organization, name="张明", *, number="", kind="full_time", **facts):
    person = people.attach(region=organization.region, name=name, id_number=number)
    facts = {"valid_from": date(2016, 1, 1), **facts}
    return Employment.objects.create(organization=organization, person=person, name=name, kind=kind, **facts)


@pytest.fixture
def clerk(world):
    """The clerk of 幸福里."""
    return world.people["community"]


@pytest.fixture
def county(world):
    return world.people["county"]
