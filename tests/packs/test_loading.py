"""Loading packs: repeatable, all or nothing, dates of a demonstration."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from linkage.packs.schema import TABLES
from linkage.packs.services import SHIPPED, load, shipped
from linkage.packs.source import WrongPack
from linkage.policy.models import Clause, PolicyDocument
from projects.models import PilotCommunity, Programme, ProgrammeStep, QuotaRaise

GANSU = SHIPPED / "gansu-2016.toml"


def run(*files):
    out = StringIO()
    call_command("load_policies", *files, stdout=out)
    return out.getvalue()


def test_loading_twice_changes_nothing_and_says_so(gansu):
    first = load(GANSU)
    rows = list(ProgrammeStep.objects.values()), list(Clause.objects.values())
    again = load(GANSU)

    assert first.changes > 40
    assert again.changes == 0
    assert (list(ProgrammeStep.objects.values()), list(Clause.objects.values())) == rows


def test_the_command_loads_all_five_and_tells_of_each(gansu):
    first, second = run(), run()

    assert PolicyDocument.objects.count() == 5
    assert first.count("\n") == second.count("\n") == len(shipped())
    assert all("GS-2016" not in line or "0" in line for line in first.split("\n"))
    assert first != second


def test_a_document_of_a_territory_that_is_not_loaded_is_still_a_record(gansu):
    load(SHIPPED / "hebei-2021.toml")

    hebei = PolicyDocument.objects.get(code="HB-2021")
    assert (hebei.region, hebei.territory) == (None, "河北省")


def test_a_programme_needs_the_tree_of_its_territory(db):
    with pytest.raises(WrongPack) as wrong:
        load(GANSU)

    assert [flaw.field for flaw in wrong.value.flaws] == ["document.region"]
    assert not PolicyDocument.objects.exists()


def test_a_wrong_pack_does_not_stop_the_right_ones(gansu, spoilt):
    wrong = spoilt(("at_most = 100", "at_most = 0.5"))

    with pytest.raises(CommandError) as told:
        run(wrong, SHIPPED / "weihai-2015.toml")

    assert "spoilt.toml:" in str(told.value)
    assert list(PolicyDocument.objects.values_list("code", flat=True)) == ["WH-2015"]


def test_a_changed_pack_changes_what_it_says_and_nothing_else(gansu, spoilt):
    load(GANSU)
    kept = dict(ProgrammeStep.objects.values_list("key", "pk"))

    changed = load(spoilt(('verb = "初核"', 'verb = "初审"')))

    assert changed.changes == 2  # the step, and the version of the document
    assert dict(ProgrammeStep.objects.values_list("key", "pk")) == kept
    assert ProgrammeStep.objects.get(key="street_review").verb == "初审"


def test_a_quota_that_was_raised_stays_raised(gansu, django_user_model):
    load(GANSU)
    quota = Programme.objects.get().quota("projects")
    by = django_user_model.objects.create(username="owner")
    QuotaRaise.objects.create(
        quota=quota, before=200, limit=220, doc_no="甘民发〔2016〕80号", reason="扩面", by=by
    )
    quota.limit = 220
    quota.save()

    assert load(GANSU).changes == 0
    quota.refresh_from_db()
    assert (quota.limit, quota.first_limit) == (220, 200)


def test_a_new_pack_of_the_same_schema_needs_no_code(gansu, tmp_path):
    path = tmp_path / "new.toml"
    path.write_text(
        'schema = 1\n[document]\ncode = "GS-2030"\ntitle = "新意见"\ndoc_no = "甘民发[2030]1号"\n'
        'issuers = ["甘肃省民政厅"]\nterritory = "甘肃省"\nregion = "62"\nyear = 2030\nlinkage_model = 5\n'
        'kind = "opinion"\n[[clause]]\nnumber = "一（一）"\ntext = "（一）每个社区。"\n'
    )

    document = load(path).document

    assert document.doc_no == "甘民发〔2030〕1号"
    assert document.clauses.get().number == "一(一)"


def test_a_pack_may_name_pilot_places_itself(gansu, spoilt):
    path = spoilt(
        (
            "[[programme.phase]]",
            '[[programme.pilot_area]]\nregion = "620102"\ncommunities = ["620102020001"]\n'
            'basis = "甘民发〔2016〕1号"\ndesignated_on = 2016-06-20\n\n[[programme.phase]]',
        )
    )
    load(path)

    assert PilotCommunity.objects.get().region == gansu["620102020001"]
    assert load(path).changes == 0


def test_a_pilot_community_outside_its_area_is_refused(gansu, spoilt):
    path = spoilt(
        (
            "[[programme.phase]]",
            '[[programme.pilot_area]]\nregion = "620102"\ncommunities = ["620102029999"]\n'
            'basis = "依据"\ndesignated_on = 2016-06-20\n\n[[programme.phase]]',
        )
    )
    with pytest.raises(WrongPack) as wrong:
        load(path)

    assert wrong.value.flaws[0].field == "programme.pilot_area[1].communities"
    assert "620102029999" in wrong.value.flaws[0].reason


def test_auto_opens_the_filing_phase_on_its_sixty_first_day(gansu, settings):
    settings.PHASE_SHIFT = "auto"
    load(GANSU)

    programme = Programme.objects.get()
    today = timezone.localdate()
    assert programme.shifted(date(2016, 8, 30)) == today
    assert (today - programme.phase("file").starts).days == 60
    assert programme.is_open_for("filing")
    assert str(programme.shift_days) in programme.shift_remark


def test_auto_leaves_the_dates_alone_while_filing_is_open(gansu, settings):
    settings.PHASE_SHIFT = "auto"
    load(GANSU)
    earlier = (timezone.localdate() - date(2016, 9, 10)).days
    Programme.objects.update(shift_days=earlier)

    assert load(GANSU).changes == 0
    assert Programme.objects.get().shift_days == earlier


def test_auto_moves_the_dates_again_when_filing_has_closed(gansu, settings):
    settings.PHASE_SHIFT = "auto"
    load(GANSU)
    Programme.objects.update(shift_days=0)

    load(GANSU)

    assert Programme.objects.get().is_open_for("filing")


def test_a_number_of_days_is_taken_as_it_is(gansu, settings):
    settings.PHASE_SHIFT = "-30"
    load(GANSU)

    assert Programme.objects.get().phase("plan").starts == date(2016, 6, 15) - timedelta(days=30)


def test_an_unknown_shift_is_told(gansu, settings):
    settings.PHASE_SHIFT = "soon"

    with pytest.raises(CommandError, match="LINKAGE_PHASE_SHIFT"):
        run()
    with pytest.raises(ImproperlyConfigured):
        load(GANSU)
    assert not PolicyDocument.objects.exists()


def test_the_example_of_the_reference_loads(gansu, tmp_path):
    reference = (SHIPPED.parent.parent / "docs" / "policy-packs.md").read_text()
    path = tmp_path / "example.toml"
    path.write_text(reference.split("```toml\n")[1].split("```")[0])

    document = load(path).document

    assert document.programmes.get().steps.count() == 3
    assert {target.code: str(target.threshold) for target in document.targets.all()} == {
        "XX-T01": "2",
        "XX-T02": "1/3",
        "XX-T03": "20",
    }


def test_the_second_example_of_the_reference_gives_the_document_a_programme(gansu, tmp_path):
    reference = (SHIPPED.parent.parent / "docs" / "policy-packs.md").read_text()
    for number, text in enumerate(reference.split("```toml\n")[1:]):
        path = tmp_path / f"example{number}.toml"
        path.write_text(text.split("```")[0])
        document = load(path).document

    assert document.code == "XX-2030"
    assert sorted(document.programmes.values_list("code", flat=True)) == ["XX-2030", "XX-2030-P"]
    example = document.programmes.get(nature="example")
    assert [step.key for step in example.steps.all() if not step.quote] == [
        "party_deliberation",
        "submission",
    ]


def test_the_reference_names_every_field_of_the_schema():
    reference = (SHIPPED.parent.parent / "docs" / "policy-packs.md").read_text()

    for place, (fields, _several) in TABLES.items():
        assert f"[{'.'.join(place)}]" in reference
        assert [name for name in fields if f"`{name}`" not in reference] == []
