"""Short words for rows about people: what a test says of them is what matters to it."""

from datetime import date

from django.utils import timezone
from stdnum.cn import ric

from communities.codes import Duty
from communities.offices.models import Post
from communities.people.models import CommunityStaff
from communities.people.services import settle
from organizations.models import Employment, SocialOrganization
from socialwork.models import (
    Assignment,
    Certificate,
    CertificateRegistration,
    Education,
    PostHolding,
    RelatedMajor,
    SocialWorker,
    SocialWorkPost,
)
from tests import factories

TODAY = timezone.localdate


def identity(number, birth=date(1990, 1, 1)):
    """The identity number of the so-many-th person born on that day."""
    bare = f"620102{birth:%Y%m%d}{number:03}"
    return bare + ric.calc_check_digit(bare + "0")


def years_ago(years, day=None):
    day = day or timezone.localdate()
    return day.replace(year=day.year - years, day=min(day.day, 28))


def role(model, name, id_number="", **facts):
    """A row about a human, with the person behind it."""
    row = model(name=name, **facts)
    settle(row, id_number=id_number)
    row.save()
    return row


def worker(region, name, id_number="", **facts):
    return role(SocialWorker, name, id_number, region=region, **facts)


def certificate(worker, level="assistant", passed_on=None, number=None, **facts):
    number = number or f"2016062{worker.pk:06}{Certificate.everything.count():03}"
    passed_on = passed_on or years_ago(2)
    return Certificate.objects.create(worker=worker, level=level, number=number, passed_on=passed_on, **facts)


def registered(certificate, starts_on=None, **facts):
    return CertificateRegistration.objects.create(
        worker=certificate.worker, certificate=certificate, starts_on=starts_on or years_ago(1), **facts
    )


def major(name="社会工作", source="民政部统计指标解释"):
    return RelatedMajor.objects.get_or_create(name=name, defaults={"source": source})[0]


def educated(worker, name="社会工作", related=True, graduated_on=date(2012, 6, 30)):
    return Education.objects.create(
        worker=worker,
        level="bachelor",
        major=name,
        related_major=major(name) if related else None,
        graduated_on=graduated_on,
    )


def assigned(worker, community, kind="full_time", valid_from=date(2020, 1, 1), is_home=True, **facts):
    return Assignment.objects.create(
        worker=worker, region=community, kind=kind, valid_from=valid_from, is_home=is_home, **facts
    )


def post(region, name="社工岗", established_on=date(2019, 1, 1), **facts):
    return SocialWorkPost.objects.create(
        region=region, name=name, establishing_body="街道办事处", established_on=established_on, **facts
    )


def holding(post, worker, valid_from=date(2020, 1, 1), **facts):
    return PostHolding.objects.create(
        post=post, worker=worker, staffing_source="recruitment", valid_from=valid_from, **facts
    )


def organization(region, name="阳光社会工作服务中心", tier="guided", **facts):
    if tier == "registered":
        facts = {"uscc": "52620102MJY1234567", "legal_form": "service_institution", **facts}
    return SocialOrganization.objects.create(region=region, name=name, tier=tier, **facts)


def employed(organization, name, id_number="", kind="full_time", **facts):
    return role(Employment, name, id_number, organization=organization, kind=kind, **facts)


def staff(region, name, id_number="", roles=("residents_committee",), **facts):
    return role(CommunityStaff, name, id_number, region=region, roles=list(roles), **facts)


def keeper(world, code, username, duty=Duty.SOCIAL_WORK, role=Post.Role.CLERK):
    """Somebody who keeps one part of the registers at that place."""
    user = factories.person(username, username, world.offices[code], role)
    user.posts.update(duty=duty)
    user.is_staff = True
    user.save()
    return factories.User.objects.get(pk=user.pk)
