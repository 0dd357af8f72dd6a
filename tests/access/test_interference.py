"""What happens elsewhere changes nothing here: the same walk, before and after, byte for byte."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.utils import timezone

from communities.consultation.models import PublicNotice
from communities.models import CommunityProfile
from communities.needs.models import NeedItem
from communities.offices.models import Post, User
from projects.services import chain, filing
from tests import factories
from tests.access.test_canaries import addresses
from tests.access.walk import masked

pytestmark = pytest.mark.django_db

# Told to everybody on purpose, or not about places at all.
SHARED = ("/public/", "/health/", "/logout/", "/api/v1/token/", "/admin/search/")


@pytest.mark.parametrize(
    "who",
    [
        "community",
        *(
            pytest.param(who, marks=pytest.mark.long)
            for who in ("street", "county", "street_clerk", "county_admin", "city", "staff")
        ),
    ],
)
def test_what_happens_in_another_city_changes_no_byte(story, client, who, clock_stands):
    headers = story.sign_in(client, who)
    before = walked(story, client, headers)
    much_happens_in_jiuquan(story)
    after = walked(story, client, headers)
    assert [url for url in before if before[url] != after[url]] == []
    assert len(before) > 200


def test_the_walk_notices_what_happens_at_home(story, client, clock_stands):
    """The control: if this fails, the test above proves nothing."""
    headers = story.sign_in(client, "street")
    before = walked(story, client, headers, "/projects/")
    chain.decide(
        story.projects["near"], "approve", by=story.world.people["street"], opinion="同意", leader="x"
    )
    after = walked(story, client, headers, "/projects/")
    assert len([url for url in before if before[url] != after[url]]) > 5


def walked(story, client, headers, start="/"):
    found = {}
    for url in addresses(story):
        if url.startswith(SHARED) or not url.startswith(start):
            continue
        cookies = client.cookies.copy()
        answer = client.get(url, headers=headers)
        client.cookies = cookies
        found[url] = masked(answer)
        if answer.streaming:
            found[url] = written(answer.getvalue())
    return found


def written(file):
    """What stands in a file: of an office file all parts but the one that tells when it was made."""
    if not zipfile.is_zipfile(io.BytesIO(file)):
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if name != "docProps/core.xml"}


def much_happens_in_jiuquan(story):
    """Projects, people, needs, notices, figures and decisions, all strictly outside 兰州.

    Nothing is approved for good: how full the ceilings of the programme are is told to all under them.
    """
    world, fukang = story.world, story.world.fukang
    clerk, reviewer = world.people["stranger_community"], world.people["stranger"]
    street = factories.person("dong_bei_jie", "东街", world.offices["620902001"], Post.Role.REVIEWER)
    factories.person("another", "另", world.offices["620902"], Post.Role.ADMINISTRATOR)
    for number in range(4):
        factories.draft(world, fukang, title=f"草稿 {number}")
    sent = [factories.submitted(world, fukang, title=f"申请 {number}") for number in range(3)]
    chain.decide(sent[0], "approve", by=street, opinion="同意")
    chain.decide(sent[0], "return", by=world.fresh("stranger"), opinion="退回")
    chain.decide(sent[1], "reject", by=street, opinion="不同意")
    filing.withdraw(sent[2], by=clerk)
    filing.save_draft(story.projects["far_draft"], by=clerk, fields={"requested_subsidy": Decimal(99999)})
    NeedItem.objects.create(
        region=fukang, title="新", group="children", field="daily_care", method="visit", people=9,
        collected_on=timezone.localdate(), created_by=clerk,
    )  # fmt: skip
    CommunityProfile.objects.filter(region=fukang).update(residents=99_999)
    PublicNotice.objects.filter(region=fukang).update(body="变")
    User.objects.filter(pk=reviewer.pk).update(name="改名")
    Post.objects.filter(user=reviewer).update(section="新科室")
    world.offices["620902"].name = "肃州区社会工作局"
    world.offices["620902"].save()
