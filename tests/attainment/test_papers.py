"""Print and Excel of every page of 指标: the workbook a page leads to holds what the page shows, no more."""

import html
import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from communities.models import Region
from communities.offices.models import Post
from linkage.attainment import urls
from linkage.attainment.services import groups, supervision
from linkage.packs.services import SHIPPED, load
from tests.attainment.test_editions import by_hand  # noqa: F401 (a fixture)
from tests.attainment.test_groups import reports
from tests.attainment.test_history import months  # noqa: F401 (a fixture)
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401 (fixtures)
from tests.attainment.test_supervision import hand_down
from tests.volunteers.makers import identity, volunteer

pytestmark = pytest.mark.django_db

# Pages by the name of their address, with the filters they are opened with.
PAGES = {
    "dashboard": ["/targets/?place=6201&target=GS-T04&sort=place", "/targets/?edition=LAST&target=GS-T04"],
    "history": ["/targets/GS-T13/history/", "/targets/GS-T13/history/?place=620102020&as_was=1"],
    "failing": ["/targets/GS-T04/failing/", "/targets/GS-T04/failing/?edition=LAST"],
    "units": ["/targets/GS-T04/units/", "/targets/GS-T13/units/?which=unreported"],
    "records": ["/measures/volunteers/records/HERE/"],
    "path": ["/targets/GS-T04/path/"],
    "scenario": ["/targets/scenario/?GS-T13.lift=补足&GS-T04.bound=3"],
    "comparison": ["/targets/comparison/?policy=WH-2015"],
    "groups": ["/targets/groups/?place=6201", "/targets/groups/?place=620102"],
    "supervisions": ["/targets/supervision/?box=all", "/targets/supervision/?box=issued&state=withdrawn"],
    "supervision": ["/targets/supervision/ROW/"],
}
NO_VIEWS = {"exports", "issue"}  # one's own files; the form by which a list is handed down
DEEDS = {"keep", "withdraw", "close", "progress", "export_file", "export_cancel"}
# What a page says in a row beside its figures: names of its rows and links.
LABELS = {"现状", "情景", "今日", "草案", "最小补缺", "—"}
VOID = {"input", "br", "img", "meta", "link", "hr", "rect", "line", "use", "path", "circle"}


class Tables(HTMLParser):
    """The rows of the tables of a page, each as the pieces of text one reads in it."""

    def __init__(self, text):
        super().__init__()
        self.tables, self._open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        here = dict(attributes)
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        unseen = tag in ("svg", "thead") or re.search(
            "lk-menu|lk-noprint|visually-hidden", here.get("class") or ""
        )
        if tag not in VOID:
            self._open.append((tag, bool(unseen)))

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        tags = [tag for tag, _unseen in self._open]
        piece = " ".join(text.split())
        if piece and "tr" in tags and not any(unseen for _tag, unseen in self._open):
            self.tables[-1][-1].append(piece)


@pytest.fixture
def filled(months):  # noqa: F811
    """Something on every page: editions, a published table, records, another document, two supervisions."""
    Region.objects.filter(code="620102020002").update(name="=1+1社区")
    load(SHIPPED / "weihai-2015.toml")
    load(SHIPPED / "yuzhong-2016.toml")
    reports(months.xingfuli, date(2026, 6, 1), minimum_living=30, disabled=7)
    reports(months.tianqing, date(2026, 6, 1), minimum_living=40, disabled=1)
    reports(months.hekou, date(2026, 6, 1), minimum_living=40)
    reports(months.region("620102021001"), date(2026, 6, 1), disabled=3)
    groups.publish(date(2026, 6, 30))
    for number, name in enumerate(("甲", "=乙", "丙")):
        volunteer(months.xingfuli, name, identity(number))
    months.row = hand_down(months)
    other = hand_down(months, "province", "6201", "GS-T13")
    supervision.withdraw(other, reason="改由区里督办", by=months.fresh("province"))
    return months


def addresses(world, name):
    marks = {"LAST": world.months[-1].pk, "HERE": world.xingfuli.pk, "ROW": world.row.pk}
    for url in PAGES[name]:
        yield re.sub("LAST|HERE|ROW", lambda found: str(marks[found[0]]), url)


def workbook_of(world, page, name):
    """The workbook that the page itself leads to."""
    route = "export" if name == "dashboard" else f"{name}_export"
    links = re.findall(r'href="([^"]*/export/[^"]*)"', page.content.decode())
    assert len(links) == 1, (route, links)
    answer = open_as(world, "province", html.unescape(links[0]))
    assert answer.resolver_match.url_name == route
    return load_workbook(io.BytesIO(answer.getvalue()))


def sheets(book):
    """Every sheet as rows of texts; and no cell of them is a formula."""
    found = []
    for sheet in book:
        assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value), sheet
        found.append([[str(cell.value or "") for cell in row] for row in sheet.iter_rows()])
    return found


def missing(page, book):
    """The tables of the page that are no block of rows of a sheet: all of them, none more, in this order."""
    told = sheets(book)
    shown = [[row for row in table if row] for table in Tables(page.content.decode()).tables]
    assert any(shown), "a page without a table proves nothing"
    return [table for table in shown if table and not any(is_block(table, rows) for rows in told)]


def is_block(table, rows):
    for start in range(len(rows)):
        at, fits = start, True
        for number, pieces in enumerate(table):
            again = number and at > start and holds(rows[at - 1], pieces)  # today and supposed, in one row
            if again:
                continue
            if at >= len(rows) or not holds(rows[at], pieces):
                fits = False
                break
            at += 1
        if fits and (at == len(rows) or not any(rows[at])):
            return True
    return False


def holds(cells, pieces):
    return all(
        piece in LABELS or piece.startswith("对照") or any(without(piece) in cell for cell in cells)
        for piece in pieces
    )


def without(piece):
    """As the workbook writes it: progress in words, a day in a column of its own."""
    return re.sub("^首次达到 ", "", re.sub(r"^(\d+)/(\d+)$", r"\1／\2", piece))


def test_what_is_taken_along_is_what_the_page_shows(filled):
    wrong = []
    for name in PAGES:
        for url in addresses(filled, name):
            page = open_as(filled, "province", url)
            assert "data-print" in page.content.decode(), url
            wrong += [(url, table) for table in missing(page, workbook_of(filled, page, name))]
    assert wrong == []


def test_what_is_withheld_on_the_page_is_withheld_in_the_workbook(filled):
    """城关区: 8 people with disabilities in one street and 3 in the other; neither is told."""
    page = open_as(filled, "province", "/targets/groups/?place=620102")
    told = sheets(workbook_of(filled, page, "groups"))[0]
    heads = next(number for number, row in enumerate(told) if "残障人员" in row)
    column = told[heads].index("残障人员")
    assert [row[column] for row in told[heads + 1 : heads + 4]] == ["*", "*", "11"]
    assert told[-2][0].startswith("* 不予公布")


def test_the_workbook_holds_every_page_of_a_list_and_the_paper_says_it_is_one(filled, monkeypatch):
    monkeypatch.setattr("linkage.attainment.views.records.SIZE", 2)
    url = next(addresses(filled, "records"))
    page = open_as(filled, "province", url)
    assert "本页为清单的其中一页" in said(page)
    told = sheets(workbook_of(filled, page, "records"))[0]
    names = [row[0] for row in told if row[0][:1] in "甲=丙" and row[0]]
    assert len(names) == 3


def test_records_one_may_not_see_are_counted_in_the_workbook_and_not_named(filled):
    url = next(addresses(filled, "records"))
    Post.objects.filter(user=filled.people["street"]).update(duty="organization")
    page = open_as(filled, "street", url)
    assert "/export/" not in page.content.decode()
    open_as(filled, "street", f"{url}export/", 404)
    open_as(filled, "stranger", f"{url}export/", 404)


@pytest.mark.parametrize(
    "url",
    [
        "/targets/supervision/export/?box=mine",
        "/targets/supervision/export/?cursor=x",
        "/targets/groups/export/?groups=1",
        "/targets/GS-T13/history/export/?as_was=2",
        "/targets/export/?large=1",
    ],
)
def test_an_address_of_a_workbook_means_something_or_is_refused(gansu, url):  # noqa: F811
    open_as(gansu, "province", url, 400)


def test_every_page_is_in_this_walk():
    names = {route.name for route in urls.urlpatterns} - DEEDS - NO_VIEWS
    files = {name for name in names if name.endswith("export")}
    assert names - files == set(PAGES)
    assert files == {"export"} | {f"{name}_export" for name in PAGES if name != "dashboard"}
