"""A believable ledger for a province: offices, accounts, figures and, under a programme, projects."""

import random

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from communities.models import Level, Region
from communities.offices.models import User
from linkage.attainment import services
from linkage.attainment.services import counting
from linkage.demo import people, stories
from linkage.stack import note
from projects.models import PilotArea, PilotCommunity, Programme, Project

PROJECTS = 66


class Command(BaseCommand):
    help = "Load demo data for a province; the same seed gives the same ledger."

    def add_arguments(self, parser):
        parser.add_argument("--province", default="62", metavar="CODE")
        parser.add_argument("--seed", type=int, default=2016)
        parser.add_argument("--scale", type=float, default=1.0, help="how many times the usual projects")

    def handle(self, *, province, seed, scale, **options):
        if not Region.objects.filter(code=province).exists():
            call_command("load_regions", "--province", province, stdout=self.stdout)
        place = Region.objects.filter(code=province, level=Level.PROVINCE).first()
        if place is None:
            raise CommandError(f"{province} is not the code of a province.")
        if Project.objects.within(place).exists():
            self.stdout.write("There are projects in this province already; nothing was changed.")
            return
        with transaction.atomic():
            self._load(place, seed, scale)
        counting.rebuild()
        services.refresh()

    def _load(self, province, seed, scale):
        chance = random.Random(f"{seed}-{province.code}")  # noqa: S311 (reproducible, not secret)
        people.open_offices(province)
        areas = list(people.somewhere(province, chance))
        communities = [community for _area, found in areas for community in found]
        people.figures(communities, chance)
        cast = people.Cast(chance, note.ensure_demo_password(settings.HOME))
        if not User.objects.filter(username="community").exists() and communities:
            cast.introduce(communities[0])
        self.stdout.write(f"{len(areas)} areas, {len(communities)} communities")
        for programme in Programme.objects.active().filter(region=province):
            self._programme(programme, areas, communities, cast, chance, scale)

    def _programme(self, programme, areas, communities, cast, chance, scale):
        today = timezone.localdate()
        plan = programme.phase("plan")
        named_on = min(plan.ends, today) if plan else today
        for area, found in areas:
            made, _new = PilotArea.objects.get_or_create(
                programme=programme, region=area, defaults={"basis": "演示数据"}
            )
            for community in found:
                PilotCommunity.objects.get_or_create(
                    programme=programme,
                    region=community,
                    defaults={"area": made, "designated_on": named_on, "basis": "演示数据"},
                )
        if not programme.is_open_for("filing", today):
            self.stdout.write(f"{programme.code}: the filing phase is not open today, so no projects.")
            return
        teller = stories.Teller(programme, cast, chance)
        home, others = communities[0], communities[1:]
        at_home = ["drafting", "noticing", "returned:street_review", "at:street_review", "at:street_review",
                   "at:county_review", "at:county_review", "at:city_review", "at:province_approval",
                   "approved", "again"]  # fmt: skip
        for ending in at_home:
            teller.tell(home, ending)
        for ending in stories.endings(int(PROJECTS * scale), chance):
            teller.tell(chance.choice(others), ending)
        count = Project.objects.filter(programme=programme).count()
        self.stdout.write(f"{programme.code}: {count} projects")
