"""Gansu on a running platform, small enough for a test: the real tree, offices and people of three lines.

The functions here run in a process beside the platform, with the rights of the site:
``Platform.seed("ground")`` lays it out, ``Platform.seed("submitted", CODE, 20)`` and
``Platform.seed("draft", CODE)`` add applications.
"""

import io
import json
import sys
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone
from rest_framework.authtoken.models import Token

from communities.consultation.models import PublicNotice
from communities.models import CommunityProfile, Region
from communities.offices import services
from communities.offices.models import Post, User
from linkage.attainment.services import counting, rebuilding
from linkage.demo import people
from linkage.foundation import jobs
from projects.models import PilotArea, PilotCommunity, Programme, Project
from projects.services import chain, filing
from tests import factories

PASSWORD = "Linkage-2016"
PROVINCE = "62"
# A community with every level above it, one of a city without counties, one of a new area.
CHANGJIAXIANG, ZHANGJIAYUAN = "620102001001", "620102001002"
FUMIN, CAIHONGCHENG = "620201001001", "620171101002"
PILOTS = {"620102": [CHANGJIAXIANG, ZHANGJIAYUAN], "6202": [FUMIN], "620171": [CAIHONGCHENG]}
PEOPLE = {
    "community": ("马晓燕", CHANGJIAXIANG, "clerk"),
    "newcomer": ("刘海燕", CHANGJIAXIANG, "clerk"),
    "neighbour": ("杨雪梅", ZHANGJIAYUAN, "clerk"),
    "street": ("何秀兰", "620102001", "reviewer"),
    "street_clerk": ("赵立新", "620102001", "clerk"),
    "county": ("张文静", "620102", "reviewer"),
    "county_second": ("李国华", "620102", "leader"),
    "county_clerk": ("王芳", "620102", "clerk"),
    "county_admin": ("李晓梅", "620102", "administrator"),
    "city": ("陈志强", "6201", "reviewer"),
    "province": ("王建国", "62", "leader"),
    "fumin": ("马晓琴", FUMIN, "clerk"),
    "xiongguan": ("高翔", "620201001", "reviewer"),
    "jiayuguan": ("韩冰", "6202", "reviewer"),
    "caihongcheng": ("田甜", CAIHONGCHENG, "clerk"),
    "zhongchuan": ("丁伟", "620171101", "reviewer"),
    "new_area": ("邵明", "620171", "reviewer"),
}


def ground():
    """Regions, policies, offices, people with tokens, pilot places."""
    call_command("load_regions", "--province", PROVINCE, stdout=io.StringIO())
    call_command("load_policies", stdout=io.StringIO())
    programme = Programme.objects.get(code="GS-2016")
    password, tokens = make_password(PASSWORD), {}
    for username, (name, code, role) in PEOPLE.items():
        office = services.open_office(Region.objects.get(code=code))
        tokens[username] = person(username, name, office, role, password)
    for area, communities in PILOTS.items():
        pilot = PilotArea.objects.create(
            programme=programme, region=Region.objects.get(code=area), basis="测试"
        )
        for code in communities:
            place = Region.objects.get(code=code)
            PilotCommunity.objects.create(
                area=pilot,
                programme=programme,
                region=place,
                designated_on=timezone.localdate(),
                basis="测试",
            )
            CommunityProfile.objects.create(
                region=place,
                as_of=timezone.localdate() - timedelta(days=120),
                households=2_150,
                residents=6_240,
                elderly=1_180,
                children=930,
                special_groups={"minimum_living": 46, "empty_nest": 170, "disabled": 38},
                source="社区台账",
            )
    counting.rebuild()
    return {"tokens": tokens}


def person(username, name, office, role, password):
    user = User.objects.create(username=username, name=name, password=password)
    Post.objects.create(user=user, office=office, role=role, valid_from=people.SINCE)
    return Token.objects.create(user=user).key


def draft(code, title="“四点半”护童驿站", by="community"):
    """An application with every gap closed."""
    clerk = User.objects.get(username=by)
    programme = Programme.objects.get(code="GS-2016")
    project = filing.start(programme, Region.objects.get(code=code), by=clerk, title=title)
    factories.complete(project, clerk, timezone.localdate())
    return {"pk": project.pk}


def complete(pk, by):
    """Close every gap of a draft that somebody opened on the page."""
    factories.complete(Project.objects.get(pk=pk), User.objects.get(username=by), timezone.localdate())
    return {}


def waiting(code, title, by, *desks):
    """An application that these desks have agreed to, waiting at the next."""
    project = Project(pk=draft(code, title, by)["pk"])
    filing.submit(project, by=User.objects.get(username=by))
    for official in desks:
        chain.decide(project, "approve", by=User.objects.get(username=official), opinion="情况属实。")
    return {"pk": project.pk}


def noticing(code, by):
    """An application whose notice hangs now, on its third day of seven."""
    project = Project.objects.get(pk=draft(code, "邻里课堂", by)["pk"])
    first = timezone.localdate() - timedelta(days=2)
    PublicNotice.objects.filter(pk=project.notice_id).update(
        starts_on=first, ends_on=first + timedelta(days=6), published_at=timezone.now() - timedelta(days=2)
    )
    return {"pk": project.pk, "notice": project.notice_id}


def submitted(code, number, by="community"):
    """So many applications on the desk of the street."""
    clerk = User.objects.get(username=by)
    found = []
    for serial in range(int(number)):
        project = Project(pk=draft(code, f"护童驿站 {serial + 1}", by)["pk"])
        filing.submit(project, by=clerk)
        found.append(project.pk)
    return {"projects": found}


def rebuild():
    """Have the readings counted anew by a job."""
    return {"job": rebuilding.start().pk}


def resume():
    """What the sweep does each minute."""
    jobs.resume_lost()
    return {}


def answer(verb, *words):
    """Do one of these on the platform beside which this process runs; the answer as JSON."""
    known = (ground, draft, complete, waiting, noticing, submitted, rebuild, resume)
    verbs = {verb.__name__: verb for verb in known}
    sys.stdout.write("\n" + json.dumps(verbs[verb](*words)) + "\n")
