"""Pages hold neither English nor codes: every kind of page is opened by following everybody's links."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from babel.messages.mofile import write_mo
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from communities.consultation import services as consultation
from linkage.foundation import catalogue
from linkage.policy.models import PolicyDocument
from projects.models import Project
from projects.services import chain
from tests import factories

pytestmark = pytest.mark.django_db

SILENT = {"script", "style", "template", "svg", "noscript"}
ICON = "material-symbols"  # the admin draws its icons with names
SAID = {"alt", "aria-label", "placeholder", "title"}  # and what scripts may show: data-text, data-left
NAMES = {"Linkage", "WPS", "Word", "Excel", "JSON", "REST", "MB", "KB", "esc"}
NAMES |= {
    "pdf",
    "jpg",
    "png",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "csv",
    "CSV",
    "ofd",
    "PDF",
    "JPG",
    "DOCX",
    "XLSX",
}
# Addresses, numbers of standards, documents and projects, file names, people per group, a place to fill.
DATA = re.compile(
    r"https?://\S+|(?:GB|MZ)(?:/T)? \d+|[A-Z]{2}-?\d{4}[\w-]*"
    r"|[A-Z]{2}-T\d+\w*|[\w-]+\.(?:pdf|docx)|\{\"\w+\": \d+\}|\{[a-z]+\}"
)
WORD = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)*")
SORTED = {"_facets", "o"}
NO_PAGES = {
    "offices:logout",
    "admin:logout",
    "admin:jsi18n",
    "projects:form",
    "projects:attachment",
    "set_language",
}
# Pages of one kind that one person opens.
EACH = pytest.mark.parametrize("each", [1, pytest.param(3, marks=pytest.mark.long)])


@pytest.fixture
def chinese(settings, tmp_path):
    """The catalogue as it stands in the sources, whatever was compiled before."""
    folder = tmp_path / catalogue.LOCALE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with open(folder / "django.mo", "wb") as target:
        write_mo(target, catalogue.read())
    settings.LOCALE_PATHS = [str(tmp_path)]


@pytest.fixture
def story(world, chinese):
    """Something on every page: a project in each state, an objection, a return."""
    cache.clear()
    factories.draft(world, title="草稿中的项目")
    bare = factories.filing.start(
        world.programme, world.tianqing, by=world.people["street_clerk"], title="代录"
    )
    world.bare = bare
    factories.submitted(world, title="街道待办")
    returned = factories.submitted(world, title="退回的项目")
    chain.decide(
        returned,
        "return",
        by=world.people["street"],
        opinion="请补充人数依据。",
        marks=[{"field": "needs_analysis", "note": "补充人数依据"}],
    )
    refused = factories.submitted(world, title="不同意的项目")
    chain.decide(refused, "reject", by=world.people["street"], opinion="与已立项项目重复。")
    county = factories.submitted(world, title="县级待办")
    factories.agree(county, world)
    at_province = factories.submitted(world, title="省级待办")
    for _ in range(3):
        at_province = factories.agree(at_province, world)
    world.approved = factories.approved(world, title="已立项的项目")
    factories.submitted(world, world.wuyi, title="嘉峪关的项目")
    withdrawn = factories.submitted(world, title="撤回的项目")
    factories.filing.withdraw(withdrawn, by=world.people["community"])
    post_notice(world)
    return world


def post_notice(world):
    by = world.people["community"]
    draft = consultation.draft_notice(
        world.xingfuli,
        by=by,
        title="正在公示的项目",
        body="请居民监督。",
        place="社区公示栏",
        contact_name="马晓燕",
        contact_phone="0931-555 0127",
    )
    world.notice = consultation.publish_notice(draft, on=timezone.localdate(), days=7, by=by, reason="")
    project = factories.filing.start(world.programme, world.xingfuli, by=by, title="公示中的项目")
    Project.objects.filter(pk=project.pk).update(notice=world.notice)


class Reader(HTMLParser):
    """What stands on a page, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.silent, self.said, self.links = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        here = dict(attributes)
        if tag in SILENT or ICON in (here.get("class") or ""):
            self.silent.append(tag)
        self.said += [
            text
            for name, text in attributes
            if text and (name in SAID or name.startswith(("data-text", "data-left")))
        ]
        if tag == "input" and here.get("type") in ("submit", "button"):
            self.said.append(here.get("value") or "")
        if tag == "a" and here.get("href"):
            self.links.append(here["href"])

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, text):
        if not self.silent:
            self.said.append(text)


def english(text, allowed):
    text = DATA.sub(" ", text)
    return [word for word in WORD.findall(text) if len(word) > 1 and word not in allowed]


def leftovers(html, allowed):
    return [
        (words, " ".join(text.split())[:120])
        for text in Reader(html).said
        if (words := english(text, allowed))
    ]


def walk(client, starts, allowed, *, admin=False, each=2):
    """Every kind of page that links lead to, a few of each; answers what is left of English on them."""
    waiting, seen, opened = list(starts), set(), {}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or kind is None or opened.get(kind, 0) >= each:
            continue
        if kind[0].startswith("admin:") != admin:
            continue
        seen.add(address)
        opened[kind] = opened.get(kind, 0) + 1
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        if not answer["Content-Type"].startswith("text/html"):
            list(answer)  # to its end, which closes the file
            continue
        html = answer.content.decode()
        yield from ((address, *left) for left in leftovers(html, allowed))
        here = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        waiting += [urldefrag(urljoin(here, link))[0] for link in Reader(html).links]


def kind_of(address):
    parts = urlsplit(address)
    if parts.netloc or parts.scheme or parts.path.startswith("/static/"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.view_name in NO_PAGES or match.view_name.startswith("api:"):
        return None
    names = tuple(sorted(part.partition("=")[0] for part in parts.query.split("&")))
    # Of filters combined there is no end, and nothing new on their pages.
    if SORTED & set(names) or len(names) > 1:
        return None
    return match.view_name, names, match.kwargs.get("step")


def report(found):
    return "\n".join(f"{address}: {' '.join(words)} · {text}" for address, words, text in found)


WALKERS = ["community", "street_clerk", "street", "county", "city", "province", "county_admin", "observer"]


@EACH
def test_pages_of_the_desk_are_chinese(story, each):
    found = []
    for who in WALKERS:
        client = Client()
        client.force_login(story.people[who])
        projects = Project.objects.visible_to(story.fresh(who)).order_by("pk")
        starts = ["/", "/search/?q=幸福", "/search/?q=没有的", "/projects/?q=没有的"]
        starts += [project.get_absolute_url() for project in projects]
        found += walk(client, starts, NAMES | set(story.people), each=each)
    assert not found, report(found)


@EACH
def test_pages_of_the_admin_are_chinese(story, each):
    PolicyDocument.objects.update(pack_version="1")
    person = story.people["county_admin"]
    type(person).objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(story.fresh("county_admin"))
    found = list(walk(client, ["/admin/"], NAMES | set(story.people), admin=True, each=each))
    assert not found, report(found)


@pytest.mark.long
def test_pages_of_the_registers_are_chinese_for_who_only_has_a_post(story):
    client = Client()
    client.force_login(story.people["street_clerk"])
    found = list(walk(client, ["/admin/"], NAMES | set(story.people), admin=True, each=1))
    assert not found, report(found)


def test_public_pages_are_chinese(story):
    starts = [
        reverse("portal:home"),
        "/public/?q=没有的",
        "/login/",
        reverse("portal:notice_print", args=[story.notice.pk]),
    ]
    found = list(walk(Client(), starts, NAMES))
    assert not found, report(found)
