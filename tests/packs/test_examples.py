"""The example programmes: honest about what is the document's, and walked by the same engine."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from communities.consultation.models import Announcement
from communities.models import Region
from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED, examples, load
from linkage.packs.source import WrongPack
from linkage.policy.models import Clause, PolicyDocument
from projects.models import Programme, Project, Status, gaps
from projects.services import chain, evidence, filing
from tests import factories

pytestmark = pytest.mark.django_db

HEBEI, WEIHAI, YUZHONG = (path.name for path in examples())
DOCUMENTS = {HEBEI: "hebei-2021.toml", WEIHAI: "weihai-2015.toml", YUZHONG: "yuzhong-2016.toml"}
CODES = {HEBEI: "HB-2021-P", WEIHAI: "WH-2015-P", YUZHONG: "YZ-2016-P"}
ROOTS = {HEBEI: "13", WEIHAI: "37", YUZHONG: "50"}

# Real codes, hung as communities/data/overrides.toml hangs them; below the county one street, one community.
TREE = {
    HEBEI: [
        ("13", "河北省", 1, None, "河北省民政厅"),
        ("1301", "石家庄市", 2, "13", "石家庄市民政局"),
        ("130102", "长安区", 3, "1301", "长安区民政局"),
        ("130682", "定州市", 3, "13", "定州市民政局"),
        ("130181", "辛集市", 3, "13", "辛集市民政局"),
        ("X130001", "雄安新区", 2, "13", "雄安新区公共服务局"),
        ("130638", "雄县", 3, "X130001", "雄县民政局"),
    ],
    WEIHAI: [
        ("37", "山东省", 1, None, "山东省民政厅"),
        ("3710", "威海市", 2, "37", "威海市民政局"),
        ("371002", "环翠区", 3, "3710", "环翠区社区工作管理局"),
        ("371071", "威海火炬高技术产业开发区", 3, "3710", "威海火炬高技术产业开发区社会事务管理局"),
    ],
    YUZHONG: [
        ("50", "重庆市", 1, None, "重庆市民政局"),
        ("500103", "渝中区", 3, "50", "渝中区民政局"),
        ("500112", "渝北区", 3, "50", "渝北区民政局"),
    ],
}
# county, track, the levels that are skipped, the bodies that decide
WALKS = [
    (HEBEI, "130102", "lottery", [], ["长安区民政局", "石家庄市民政局", "河北省民政厅"]),
    (HEBEI, "130682", "lottery", ["city_review"], ["定州市民政局", "河北省民政厅"]),
    (HEBEI, "130181", "lottery", ["city_review"], ["辛集市民政局", "河北省民政厅"]),
    (HEBEI, "130638", "lottery", [], ["雄县民政局", "雄安新区公共服务局", "河北省民政厅"]),
    (HEBEI, "130682", "local", [], ["定州市民政局"]),
    (WEIHAI, "371002", "lottery", [], ["环翠区社区工作管理局", "威海市民政局"]),
    (WEIHAI, "371071", "lottery", [], ["威海火炬高技术产业开发区社会事务管理局", "威海市民政局"]),
    (WEIHAI, "371002", "district", [], ["环翠区社区工作管理局"]),
    (YUZHONG, "500103", "common", [], ["渝中区民政局"]),
    (YUZHONG, "500103", "single", [], ["渝中区民政局"]),
]


@pytest.fixture
def settled(settings):
    """A function that builds the tree of one example and loads document and programme."""
    settings.PHASE_SHIFT = "auto"

    def settle(name):
        world, password = factories.World(), make_password("x")
        for code, called, level, parent, body in TREE[name]:
            factories.region(world, code, called, level, parent, body)
        for code, _called, level, _parent, _body in TREE[name]:
            if level == 3:
                street, community = (f"{code}001", f"{code}001001")
                factories.region(world, street, "中心街道", 4, code, f"{code}街道办事处")
                factories.region(world, community, "和平社区", 5, street, f"{code}社区居民委员会")
        for code, office in world.offices.items():
            role = "clerk" if office.region.is_community else "leader"
            world.people[code] = factories.person(f"u{code}", f"u{code}", office, role, password=password)
        load(SHIPPED / DOCUMENTS[name])
        load(SHIPPED / "examples" / name)
        world.programme = Programme.objects.get(code=CODES[name])
        return world

    return settle


def handed_in(world, county, track):
    """A project of a community of this county, by the verbs its clerk has; all that is asked is there."""
    community = world.region(f"{county}001001")
    clerk = world.people[community.code]
    programme = world.programme
    project = filing.start(programme, community, by=clerk, title="邻里互助项目", track=programme.track(track))
    assert gaps(project)
    counts = project.track.counts_against_quota
    factories.complete(project, clerk, timezone.localdate(), Decimal(45000))
    if not counts:
        project.requested_subsidy = None
        project.save()
        project.sources.create(position=2, kind="budget", confirmed=True, amount=Decimal(45000))
    back = lambda days: timezone.localdate() - timedelta(days=days)  # noqa: E731
    if programme.step("party_deliberation"):
        evidence.keep_deliberation(
            project, by=clerk, organisation="和平社区党委", held_on=back(26), place="会议室", host="书记",
            entitled=5, present=5, opinion="同意。", agreed=True,
        )  # fmt: skip
    if programme.step("hearing"):
        told = Announcement.objects.create(
            region=community, kind="hearing", title="公告", held_on=back(30), starts_at="09:30",
            place="会议室", agenda="x", attend="居民", contact_name="x", contact_phone="023-5550127",
            announced_by=clerk, announced_at=timezone.now() - timedelta(days=33),
        )  # fmt: skip
        project.announcements.add(told)
    slots = [word[5:] for step in programme.steps.all() for word in step.requires if word[:5] == "file:"]
    for slot in set(slots) - {file.slot for file in project.attachments.all()}:
        step = next(step.key for step in programme.steps.all() if f"file:{slot}" in step.requires)
        project.attachments.create(
            slot=slot, step=step, name="x.pdf", stored=f"{project.pk}{slot}", size=1, sha256="0" * 64,
            content_type="application/pdf", uploaded_by=clerk, round=1,
        )  # fmt: skip
    project = Project.objects.get(pk=project.pk)
    assert [str(gap) for gap in gaps(project)] == []
    return filing.submit(project, by=clerk)


@pytest.mark.parametrize(("name", "county", "track", "skipped", "bodies"), WALKS)
def test_a_project_walks_to_the_last_office_of_its_programme(settled, name, county, track, skipped, bodies):
    world = settled(name)
    project = handed_in(world, county, track)
    assert [stop.key for stop in project.route.filter(office=None)] == skipped
    offices = [f"{county}街道办事处", *bodies]
    for number, office in enumerate(offices, 1):
        project = Project.objects.get(pk=project.pk)
        assert project.acting_office.name == office
        grant = {}
        if number == len(offices) and project.track.counts_against_quota:
            grant = {"granted_amount": Decimal(40000), "doc_no": "示民发〔2016〕1号"}
        by = world.people[project.acting_office.region.code]
        chain.decide(project, "approve", by=by, opinion="同意。", **grant)
    project = Project.objects.get(pk=project.pk)
    assert (project.status, project.step) == (Status.APPROVED, "awarded")
    assert project.decisions.count() == len(offices)


def test_the_form_of_a_programme_uses_its_own_words(client, settled):
    world = settled(YUZHONG)
    project = handed_in(world, "500103", "common")
    client.force_login(world.people["500103001"])
    page = client.get(project.get_absolute_url()).content.decode()
    for words in ("渝中区社区社会工作服务项目申报表（示例）", "申请区级资金", "区民政局意见", "渝中"):
        assert words in page, words
    assert "申请省级补助" not in page


def test_the_owner_of_a_programme_is_the_office_of_its_territory(settled):
    """渝中区 runs its own; Weihai's ends at the city, and the province above has no part in it."""
    yuzhong = settled(YUZHONG)
    assert yuzhong.programme.region.code == "500103"
    assert "渝北区" not in yuzhong.programme.why_not_eligible(yuzhong.region("500103001001"))
    assert yuzhong.programme.why_not_eligible(yuzhong.region("500112001001"))


# Honest


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.name)
def test_every_line_says_whether_it_is_the_documents(path):
    """A line with a clause has a quote, which the loader finds in the document; the others are ours."""
    programme = Pack(path).programme
    assert programme["nature"] == "example"
    rows = [row for name in ("phase", "track", "quota", "step") for row in programme[name]]
    assert {bool(row["clause"]) for row in rows} == {True, False}
    assert all(bool(row["clause"]) == bool(row["quote"]) for row in rows)
    assert all(row["clause"] == "" for row in programme["phase"])  # no document gives these days
    assert "示例" in programme["title"]
    assert "示例" in programme["form_title"]


def test_the_page_of_the_programme_says_that_it_is_an_example_and_which_lines_are_ours(client, settled):
    world = settled(HEBEI)
    client.force_login(world.people["13"])
    page = client.get(reverse("desk:programme", args=["HB-2021-P"])).content.decode()
    for words in (
        "示例程序",
        "没有规定项目申报程序",
        "三(一)",
        "由社区党组织研究讨论后按程序决定",
        "平台示例",
    ):
        assert words in page, words


def test_a_quote_the_document_does_not_say_is_refused(settled, tmp_path):
    settled(WEIHAI)
    text = (SHIPPED / "examples" / WEIHAI).read_text()
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace("定期开展社区居民需求调查", "每月开展社区居民需求调查"))
    with pytest.raises(WrongPack) as wrong:
        load(path)
    assert [flaw.field for flaw in wrong.value.flaws] == ["programme.step[1].quote"]
    assert Programme.objects.get().step("planning").quote == "定期开展社区居民需求调查"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('document = "WH-2015"', 'document = "WH-1999"', "document"),
        ('document = "WH-2015"', "document = 2015", "document"),
        ('clause = "三(三)2"\n', "", "programme.step[1].clause"),
        ('quote = "定期开展社区居民需求调查"\n', "", "programme.step[1].quote"),
        ("（示例程序）", "", "programme.title"),
        ("（示例）", "", "programme.form_title"),
        ('nature = "example"', 'nature = "document"', "programme.phase[1].clause"),
        ('nature = "example"', 'nature = "sample"', "programme.nature"),
        ('applicants = "all"', 'applicants = "everybody"', "programme.applicants"),
        ("schema = 1", "schema = 1\nclause = []", "clause"),
        ('verb = "审议"', 'verb = "审议"\nrequired = []', "programme.step[2].required"),
    ],
)
def test_a_wrong_programme_is_told_with_its_line_and_loads_nothing(settled, tmp_path, old, new, field):
    settled(WEIHAI)
    text = (SHIPPED / "examples" / WEIHAI).read_text()
    assert old in text
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace(old, new, 1).replace("WH-2015-P", "WH-2015-Q"))
    with pytest.raises(WrongPack) as wrong:
        load(path)
    assert field in [flaw.field for flaw in wrong.value.flaws]
    assert all(flaw.reason and flaw.line for flaw in wrong.value.flaws)
    assert not Programme.objects.filter(code="WH-2015-Q").exists()


def test_a_programme_does_not_take_over_the_code_of_another_document(settled, tmp_path):
    settled(WEIHAI)
    load(SHIPPED / "hebei-2021.toml")
    Region.objects.create(code="13", name="河北省", level=1, path="13/")
    load(SHIPPED / "hebei-2021.toml")
    path = tmp_path / "other.toml"
    path.write_text((SHIPPED / "examples" / HEBEI).read_text().replace("HB-2021-P", "WH-2015-P"))
    with pytest.raises(WrongPack) as wrong:
        load(path)
    assert "programme.code" in [flaw.field for flaw in wrong.value.flaws]


# Loaded when asked for


def test_examples_are_loaded_only_when_asked_for_and_only_where_their_territory_is(db):
    """An example must not open by itself on the site of a real office."""
    Region.objects.create(code="13", name="河北省", level=1, path="13/")
    out = StringIO()
    with pytest.raises(CommandError):  # Gansu's own programme needs its tree, and says so
        call_command("load_policies", stdout=out)
    assert not Programme.objects.exists()

    out = StringIO()
    files = [SHIPPED / name for name in DOCUMENTS.values()]
    call_command("load_policies", *files, "--examples", stdout=out)
    assert list(Programme.objects.values_list("code", flat=True)) == ["HB-2021-P"]
    told = out.getvalue()
    assert told.count("示例程序") == 0 or "HB" in told
    assert told.count(WEIHAI) == told.count(YUZHONG) == 1


def test_loading_an_example_twice_changes_nothing_and_leaves_the_document_alone(settled):
    settled(HEBEI)
    before = list(PolicyDocument.objects.values()), list(Clause.objects.values())
    assert load(SHIPPED / "examples" / HEBEI).changes == 0
    assert load(SHIPPED / DOCUMENTS[HEBEI]).changes == 0  # nor does the document drop the programme
    assert (list(PolicyDocument.objects.values()), list(Clause.objects.values())) == before
    assert Programme.objects.get().code == "HB-2021-P"
