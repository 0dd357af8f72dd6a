"""Every way a pack can be wrong is told with file, line, field and reason, and loads nothing."""

import pytest
from django.utils import translation

from linkage.packs.services import SHIPPED, load
from linkage.packs.source import WrongPack
from linkage.policy.models import PolicyDocument

# what is replaced, by what, the field told, a text on the line told
WAYS = {
    "a field that is no field": ('verb = "初核"', 'verbs = "初核"', "programme.step[6].verbs", "verbs ="),
    "a table that is no table": (
        "[[programme.track]]",
        "[[programme.trak]]",
        "programme.trak",
        "[[programme.trak]]",
    ),
    "a key missing": ('title = "居民听证"\n', "", "programme.step[2].title", None),
    "a clause nobody wrote": (
        'clause = "尾段"',
        'clause = "七"',
        "programme.track[2].clause",
        'clause = "七"',
    ),
    "a clause number that is none": (
        'clause = "尾段"',
        'clause = "end"',
        "programme.track[2].clause",
        '"end"',
    ),
    "a quote nobody wrote": ("在100个城乡社区", "在101个城乡社区", None, None),
    "a phase that ends first": (
        "ends_on = 2016-06-30",
        "ends_on = 2016-06-01",
        "programme.phase[1].ends_on",
        "06-01",
    ),
    "phases that overlap": (
        "starts_on = 2016-07-01",
        "starts_on = 2016-06-20",
        "programme.phase[2].starts_on",
        "2016-06-20",
    ),
    "a date in quotation marks": (
        "starts_on = 2016-07-01",
        'starts_on = "2016-07-01"',
        "programme.phase[2].starts_on",
        'starts_on = "2016-07-01"',
    ),
    "a date with a clock": (
        "starts_on = 2016-07-01",
        "starts_on = 2016-07-01T08:00:00",
        "programme.phase[2].starts_on",
        "starts_on = 2016-07-01T08:00:00",
    ),
    "a step named twice": ('key = "hearing"', 'key = "planning"', "programme.step[2].key", None),
    "a level that is none": (
        'level = "county"',
        'level = "district"',
        "programme.step[7].level",
        '"district"',
    ),
    "a decision that goes down": ('level = "county"', 'level = "street"', "programme.step[7].level", None),
    "a kind that is none": ('kind = "evidence"', 'kind = "proof"', "programme.step[1].kind", '"proof"'),
    "a threshold as a decimal": ("at_most = 100", "at_most = 0.33", "target[15].at_most", "0.33"),
    "a threshold of nothing": ("at_most = 100", 'at_most = "1/0"', "target[15].at_most", '"1/0"'),
    "a rule that is none": ('rule = "QUOTA"', 'rule = "QUOTE"', "target[15].rule", "QUOTE"),
    "a quota of nobody": ("limit = 200", "limit = 0", "programme.quota[1].limit", "limit = 0"),
    "a quota unlike its target": ("limit = 200", "limit = 201", "programme.quota[1].limit", "limit = 201"),
    "a quota without its target": (
        'target = "GS-T14b"',
        'target = "GS-T99"',
        "programme.quota[1].target",
        "GS-T99",
    ),
    "a form row of no field": (
        'fields = ["head"]',
        'fields = ["heads"]',
        "programme.form_row[1].fields",
        '["heads"]',
    ),
    "a form row of no decision": (
        'step = "city_review"',
        'step = "hearing"',
        "programme.form_row[10].step",
        None,
    ),
    "a form row numbered twice": ("number = 3", "number = 2", "programme.form_row[4].number", None),
    "a label unlike the opinion": ('label = "省民政厅意见"', 'label = "省厅意见"', None, '"省厅意见"'),
    "evidence that is not recorded": ('"host"', '"votes_for"', "programme.step[2].requires", None),
    "a file slot that is none": (
        '"file:notice_photo"',
        '"file:notice_film"',
        "programme.step[4].requires",
        None,
    ),
    "a doing that is none": ('"designating"', '"designing"', "programme.phase[1].allows", '"designing"'),
    "days of no decision": ('verb = "听证"', 'verb = "听证"\ndays = 3', "programme.step[2].days", "days = 3"),
    "true in words": ("counts_against_quota = true", 'counts_against_quota = "yes"', None, '"yes"'),
    "a document number that is none": (
        'issuers = ["甘肃省民政厅"]',
        'issuers = ["甘肃省民政厅"]\ndoc_no = "甘民发〔2016〕第08号"',
        "document.doc_no",
        "doc_no",
    ),
    "no issuer": ('issuers = ["甘肃省民政厅"]', "issuers = []", "document.issuers", "issuers"),
    "a model of six societies": ("linkage_model = 3", "linkage_model = 6", "document.linkage_model", "= 6"),
    "a kind of document that is none": ('kind = "plan"', 'kind = "law"', "document.kind", '"law"'),
    "a title beyond measure": (
        'form_title = "甘肃省',
        'form_title = "' + "长" * 300,
        "programme.form_title",
        "form_title",
    ),
    "an order after a return that is none": (
        "notice_days = 7",
        'after_return = "never"',
        "programme.after_return",
        "after_return",
    ),
    "a term of no days": ("notice_days = 7", "step_days = 0", "programme.step_days", "step_days"),
    "applicants that are none": (
        "notice_days = 7",
        'applicants = "anybody"',
        "programme.applicants",
        "anybody",
    ),
    "a notice that is announced": (
        '"file:notice_photo"',
        '"announced"',
        "programme.step[4].requires",
        '"announced"',
    ),
    "a study by the party organisation of a county": (
        'key = "hearing"\nlevel = "community"',
        'key = "party_deliberation"\nlevel = "county"',
        "programme.step[2].level",
        None,
    ),
    "a quote of a step nobody wrote": (
        'title = "居民听证"',
        'title = "居民听证"\nquote = "社区居民公投"',
        "programme.step[2].quote",
        "社区居民公投",
    ),
    "a track without its clause": (
        'clause = "尾段"\n',
        "",
        "programme.track[2].clause",
        None,
    ),
    "an example that does not say so": (
        "notice_days = 7",
        'nature = "example"',
        "programme.note",
        None,
    ),
    "another schema": ("schema = 1", "schema = 2", "schema", "schema = 2"),
    "broken TOML": ('verb = "初核"', "verb = 初核", "verb", "verb = 初核"),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_wrong_pack_is_told_and_nothing_of_it_loaded(gansu, spoilt, line_of, way):
    old, new, field, on_line = WAYS[way]
    path = spoilt((old, new))

    with pytest.raises(WrongPack) as wrong:
        load(path)

    flaws = wrong.value.flaws
    assert all(flaw.file == "spoilt.toml" and flaw.reason for flaw in flaws)
    if field:
        assert field in [flaw.field for flaw in flaws]
    if on_line:
        assert line_of(path, on_line) in [flaw.line for flaw in flaws]
    assert not PolicyDocument.objects.exists()


def test_all_errors_are_told_at_once_in_the_order_of_the_file(gansu, spoilt):
    path = spoilt(
        ("linkage_model = 3", "linkage_model = 9"),
        ("at_most = 100", "at_most = 0.5"),
        ('verb = "初核"', 'verbs = "初核"'),
        ("limit = 200", "limit = -1"),
    )

    with pytest.raises(WrongPack) as wrong:
        load(path)

    lines = [flaw.line for flaw in wrong.value.flaws]
    assert len(lines) == 5  # the unknown field is told, and the one it left missing
    assert lines == sorted(lines)


CLOCK_AND_HANDS = [  # what is replaced, by what, and for each field what is wrong with it
    (
        "notice_days = 7",
        'step_days = 0\nescalate_after = "three"\nafter_return = "sometimes"\nnotice_in_working_days = 1',
        {
            "programme.step_days": "应在 1 至",
            "programme.escalate_after": "应为整数",
            "programme.after_return": "只能是：whole_chain, changed_only",
            "programme.notice_in_working_days": "应为 true 或 false",
        },
    ),
    (
        'verb = "听证"',
        'verb = "听证"\ntwo_level = true\njoint_sections = ["财务科"]',
        {"programme.step[2].two_level": "只有审批环节", "programme.step[2].joint_sections": "只有审批环节"},
    ),
    (
        'verb = "初核"',
        'verb = "初核"\ntwo_level = "yes"\njoint_need = "some"',
        {"programme.step[6].two_level": "应为 true 或 false", "programme.step[6].joint_need": "all, any"},
    ),
    (
        'verb = "审核"',
        'verb = "审核"\ntwo_people = true\njoint_sections = "财务科"',
        {"programme.step[7].two_people": "two_level", "programme.step[7].joint_sections": "方括号"},
    ),
    (
        'verb = "复核"',
        'verb = "复核"\njoint_need = "any"',
        {"programme.step[8].joint_need": "joint_sections"},
    ),
    (
        "days = 10  # [K]",
        "days = 400",
        {"programme.step[6].days": "应在 1 至 90 之间"},
    ),
    (
        'verb = "审批"',
        'verb = "审批"\njoint_sections = ["财务处", "财务处"]\ntwo_level = 1',
        {"programme.step[9].joint_sections": "有重复项", "programme.step[9].two_level": "应为 true 或 false"},
    ),
]


def test_what_is_wrong_with_clock_return_and_hands_is_told_at_once_in_chinese(gansu, spoilt, line_of):
    path = spoilt(*((old, new) for old, new, _told in CLOCK_AND_HANDS))

    with translation.override("zh-hans"), pytest.raises(WrongPack) as wrong:
        load(path)

    told = {flaw.field: flaw for flaw in wrong.value.flaws}
    wanted = {field: words for _old, _new, flaws in CLOCK_AND_HANDS for field, words in flaws.items()}
    assert {field: told[field].reason for field in told if field not in wanted} == {}
    for field, words in wanted.items():
        assert words in told[field].reason, field
    assert told["programme.step[7].two_people"].line == line_of(path, "two_people")
    assert not PolicyDocument.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('verb = "复核"', 'verb = "复核"\nverb = "审核"', "重复"),
        ('verb = "复核"', "verb = 复核", "引号"),
        ('verb = "复核"', 'verb = "复核', "引号"),
        ('verb = "复核"', 'verb "复核"', "等号"),
        ("starts_on = 2016-07-01", "starts_on = 2016-07-41", "每行"),
    ],
)
def test_a_file_that_is_not_written_right_is_told_in_chinese(gansu, spoilt, old, new, reason):
    with translation.override("zh-hans"), pytest.raises(WrongPack) as wrong:
        load(spoilt((old, new)))
    assert reason in wrong.value.flaws[0].reason


def test_a_misspelt_field_is_told_with_the_likely_one(gansu, spoilt):
    with pytest.raises(WrongPack) as wrong:
        load(spoilt(("notice_days = 7", "notise_days = 7")))

    assert "notice_days" in wrong.value.flaws[0].reason


def test_headers_inside_a_text_do_not_move_the_lines(gansu, spoilt, line_of):
    path = spoilt(
        ("text = '''\n", "text = '''\n[[programme.step]]\nkey = \"x\"\n"),
        ('verb = "招标"', 'verb = ""'),
    )

    with pytest.raises(WrongPack) as wrong:
        load(path)

    assert [flaw.line for flaw in wrong.value.flaws] == [line_of(path, 'verb = ""')]


def test_a_number_another_document_bears_is_refused(gansu, spoilt):
    load(spoilt(name="weihai-2015.toml"))

    with pytest.raises(WrongPack) as wrong:
        load(spoilt(('code = "WH-2015"', 'code = "WH-2016"'), name="weihai-2015.toml"))

    assert "WH-2015" in wrong.value.flaws[0].reason
    assert wrong.value.flaws[0].field == "document.doc_no"


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"", b"schema = 1", b"schema = 1\ndocument = 3\nclause = 4\n", b"schema = true"]
)
def test_a_file_that_is_no_pack_is_told(db, tmp_path, raw):
    path = tmp_path / "raw.toml"
    path.write_bytes(raw)

    with pytest.raises(WrongPack):
        load(path)


def test_a_file_that_is_not_there_is_told(db, tmp_path):
    with pytest.raises(WrongPack) as wrong:
        load(tmp_path / "absent.toml")

    assert wrong.value.flaws[0].file == "absent.toml"


def test_a_missing_field_is_told_at_the_head_of_its_table(gansu, spoilt, line_of):
    path = spoilt(('title = "居民听证"\n', ""))

    with pytest.raises(WrongPack) as wrong:
        load(path)

    assert [flaw.line for flaw in wrong.value.flaws] == [line_of(path, 'key = "hearing"') - 1]


def test_a_target_of_another_document_is_refused(gansu, spoilt):
    load(spoilt())

    with pytest.raises(WrongPack) as wrong:
        load(spoilt(('code = "GS-2016"', 'code = "GS-2017"')))

    taken = [f"target[{number}].code" for number in range(1, 28)]
    assert [flaw.field for flaw in wrong.value.flaws] == [*taken, "programme.code"]


def test_a_benchmark_of_another_document_is_refused(gansu, spoilt):
    load(spoilt(name="yuzhong-2016.toml"))

    with pytest.raises(WrongPack) as wrong:
        load(spoilt(('code = "YZ-2016"', 'code = "YZ-2017"'), name="yuzhong-2016.toml"))

    assert len(wrong.value.flaws) == 10
    assert wrong.value.flaws[0].field == "benchmark[1].code"


# what is replaced in the first target of that code, by what, the field told
TARGETS = {
    "a measure nobody counts": ("GS-T04", "orgs_with_social_work", "orgs_with_social_works", "metric"),
    "a measure of other units": ("GS-T04", '"orgs_with_social_work"', '"approved_projects"', "metric"),
    "a divisor nobody counts": ("GS-T06", '"elections_2017"', '"elections"', "per"),
    "a divisor of other units": ("GS-T06", '"elections_2017"', '"agency_posts"', "per"),
    "a share of nothing": ("GS-T06", 'per = "elections_2017"\n', "", "per"),
    "a total that is divided": ("GS-T09", "at_least", 'per = "residents"\nat_least', "per"),
    "a trend without the year before": ("GS-T20", '"lottery_fund"', '"volunteers"', "metric"),
    "a trend with a bound": ("GS-T20", 'nature = "trend"', "at_least = 1", "at_least"),
    "a milestone with a bound": ("GS-T07", 'nature = "milestone"', "at_least = 1", "at_least"),
    "a word nobody set": ("GS-T02a", '"基本覆盖"', '"大体覆盖"', "term"),
    "a word where units are counted": ("GS-T11", "at_least = 1", 'term = "全部"', "term"),
    "two bounds": ("GS-T06", 'at_least = "85/100"', 'at_least = "85/100"\nat_most = 1', "rule"),
    "no bound": ("GS-T06", 'at_least = "85/100"\n', "", "rule"),
    "a range without its bounds": ("GS-T01", "between = [3, 5]", "at_least = 3", "at_least"),
    "bounds upside down": ("GS-T01", "between = [3, 5]", "between = [5, 3]", "between"),
    "one bound for two": ("GS-T01", "between = [3, 5]", "between = [3]", "between"),
    "bounds of no range": ("GS-T04", "at_least = 5", "between = [5, 6]", "between"),
    "a share from above": ("GS-T06", "at_least", "at_most", "at_most"),
    "a quota from below": ("GS-T14a", "at_most = 100", "at_least = 100", "at_least"),
    "a share of more than all": ("GS-T04", "at_least = 5", "at_least = 5\nshare = 2", "share"),
    "a share where nothing is judged": ("GS-T09", "at_least", 'share = "1/2"\nat_least', "share"),
    "a unit of old": ("GS-T15c", 'unit = "province"', 'unit = "programme"', "unit"),
    "a scope that is none": ("GS-T11", '"pilot_areas"', '"pilots"', "scope"),
    "a reach that is none": ("GS-T02a", '"served"', '"shared"', "reach"),
    "soft in words": ("GS-T01", "soft = true", 'soft = "true"', "soft"),
    "a missing policy that is none": ("GS-T13", '"exclude"', '"ignore"', "missing"),
    "a period that ends first": ("GS-T01", "2016-06-15", "2016-07-15", "deadline"),
    "a code that is taken": ("GS-T05", '"GS-T05"', '"GS-T04"', "code"),
    "a quote nobody wrote": ("GS-T09", "25万个", "35万个", "quote"),
}


@pytest.mark.parametrize("way", sorted(TARGETS))
def test_a_wrong_target_is_told_with_its_line_and_field(gansu, spoilt, way):
    code, old, new, field = TARGETS[way]
    text = (SHIPPED / "gansu-2016.toml").read_text()
    begin = text.index(f'[[target]]\ncode = "{code}"\n')
    rest = text[begin:]
    block = rest[: rest.index("\n\n")]
    assert old in block, way
    spoilt_block = block.replace(old, new, 1)

    with pytest.raises(WrongPack) as wrong:
        load(spoilt((block, spoilt_block)))

    lines = spoilt_block.split("\n")
    inside = [index for index, line in enumerate(lines) if line.startswith(f"{field} =")]
    number, first = text[:begin].count("[[target]]") + 1, text[:begin].count("\n") + 1
    flaw = wrong.value.flaws[0]
    assert (flaw.file, flaw.field) == ("spoilt.toml", f"target[{number}].{field}")
    assert flaw.line == first + (inside[0] if inside else 0)
    assert flaw.reason
    assert not PolicyDocument.objects.exists()


def test_a_benchmark_is_checked_like_a_target(gansu, spoilt):
    with pytest.raises(WrongPack) as wrong:
        load(
            spoilt(
                ('quote = "目前总数达到904家"', 'quote = "目前总数达到906家"'),
                ('metric = "org_employees"', 'metric = "org_people"'),
                ('value = "32/100"', "value = 0.32"),
                name="yuzhong-2016.toml",
            )
        )

    assert [flaw.field for flaw in wrong.value.flaws] == [
        "benchmark[2].quote",
        "benchmark[3].metric",
        "benchmark[7].value",
    ]
