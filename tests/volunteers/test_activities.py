"""Activities and teams: precautions, organisers, members."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from socialwork.volunteers.models import TeamMembership, VolunteerActivity, VolunteerTeam
from tests.socialwork.makers import organization
from tests.volunteers import makers
from tests.volunteers.makers import at


@pytest.mark.parametrize("facts", [{"bodily_risk": True}, {"training_needed": True}])
def test_risk_without_insurance_and_skill_without_training_are_remarked(world, facts):
    activity = makers.activity(world.xingfuli, **facts)
    assert ["志愿服务条例" in text for text in activity.warnings()] == [True]
    assert list(VolunteerActivity.objects.at_risk()) == [activity]


def test_insured_and_trained_nothing_is_remarked(world):
    facts = {"bodily_risk": True, "insured": True, "training_needed": True, "trained": True}
    assert makers.activity(world.xingfuli, **facts).warnings() == []
    assert not VolunteerActivity.objects.at_risk().exists()


def test_an_organiser_who_is_neither_registered_nor_filed_is_remarked(world):
    guided = organization(world.xingfuli, "邻里互助会")
    registered = organization(world.xingfuli, tier="registered")
    assert "67号" in makers.activity(world.xingfuli, organization=guided).warnings()[0]
    assert makers.activity(world.xingfuli, organization=registered).warnings() == []


def test_the_organiser_is_the_organisation_the_team_or_the_place(world):
    team = VolunteerTeam.objects.create(region=world.xingfuli, name="红马甲")
    assert makers.activity(world.xingfuli).organiser == world.xingfuli
    assert makers.activity(world.xingfuli, team=team).organiser == team


def test_an_activity_ends_after_it_begins_and_has_a_field(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        makers.activity(world.xingfuli, hours=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        VolunteerActivity.objects.create(
            region=world.xingfuli, title="无", venue="无", starts_at=at(9), ends_at=at(10)
        )


class TestTeams:
    @pytest.fixture
    def team(self, world):
        return VolunteerTeam.objects.create(region=world.xingfuli, name="红马甲")

    def belongs(self, team, volunteer, first, last=None):
        return TeamMembership.objects.create(team=team, volunteer=volunteer, valid_from=first, valid_to=last)

    def test_members_are_counted_by_the_day(self, team, volunteer):
        self.belongs(team, volunteer, date(2025, 1, 1), date(2025, 12, 31))
        members = lambda day: VolunteerTeam.objects.with_members(day).get().members  # noqa: E731
        assert (members(date(2025, 12, 31)), members(date(2026, 1, 1))) == (1, 0)

    def test_nobody_belongs_twice_at_a_time(self, team, volunteer):
        self.belongs(team, volunteer, date(2025, 1, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            self.belongs(team, volunteer, date(2025, 6, 1))

    def test_nobody_belongs_before_registering(self, team, volunteer):
        with pytest.raises(ValidationError):
            TeamMembership(team=team, volunteer=volunteer, valid_from=date(2019, 1, 1)).clean()

    def test_a_team_of_one_organisation_does_not_serve_another(self, world, team):
        team.organization = organization(world.xingfuli, "甲会")
        activity = makers.activity(world.xingfuli, team=team)
        activity.organization = organization(world.xingfuli, "乙会")
        with pytest.raises(ValidationError) as caught:
            activity.clean()
        assert "team" in caught.value.message_dict
