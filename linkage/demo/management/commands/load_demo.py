"""A believable ledger for a province: offices, accounts, registers and, under a programme, projects."""

import random
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from communities.models import Level, Region
from communities.offices.models import User
from linkage.attainment import services
from linkage.attainment.services import counting, editions, groups
from linkage.demo import people, registers, reporting, returns, stories, supervisions
from linkage.stack import note
from projects.models import PilotArea, PilotCommunity, Programme, Project
from socialwork.volunteers.models import Volunteer

PROJECTS = 66
ARRIVED = 34  # more that wait at the province, so that its board has something to choose from
SCALE = 0.02
MONTHS = 6


class Command(BaseCommand):
    help = "Load demo data for a province; the same seed gives the same ledger."

    def add_arguments(self, parser):
        parser.add_argument("--province", default="62", metavar="CODE")
        parser.add_argument("--seed", type=int, default=2016)
        parser.add_argument(
            "--scale",
            type=float,
            default=SCALE,
            help="share of the communities that get registers, 1 for all; those of the demo always do",
        )

        parser.add_argument(
            "--months", type=int, default=MONTHS, help="monthly editions computed afterwards from dated facts"
        )

    def handle(self, *, province, seed, scale, months, **options):
        if not 0 <= scale <= 1:
            raise CommandError("The scale is a share: from 0 to 1.")
        if not Region.objects.filter(code=province).exists():
            call_command("load_regions", "--province", province, stdout=self.stdout)
        place = Region.objects.filter(code=province, level=Level.PROVINCE).first()
        if place is None:
            raise CommandError(f"{province} is not the code of a province.")
        if Project.objects.within(place).exists() or Volunteer.objects.within(place).exists():
            self.stdout.write("This province has projects or registers already; nothing was changed.")
            return
        with transaction.atomic():
            cast = self._load(place, seed, scale)
        counting.rebuild_after_load()
        services.refresh()
        begun = time.monotonic()
        made = editions.keep_months(months)
        self.stdout.write(f"{len(made)} monthly editions {time.monotonic() - begun:.1f} s")
        self.stdout.write(f"{supervisions.tell(place)} supervisions")
        begun = time.monotonic()
        self.stdout.write(f"{returns.tell(place, cast)} returns {time.monotonic() - begun:.1f} s")
        groups.publish_due()

    def _load(self, province, seed, scale):
        chance = random.Random(f"{seed}-{province.code}")  # noqa: S311 (reproducible, not secret)
        people.open_offices(province)
        areas = list(people.somewhere(province, chance))
        communities = [community for _area, found in areas for community in found]
        cast = people.Cast(chance, note.ensure_demo_password(settings.HOME))
        if not User.objects.filter(username="community").exists() and communities:
            cast.introduce(communities[0])
        neighbours = list(communities[0].parent.children.filter(closed_on=None)) if communities else []
        loaded = registers.load(
            province, seed=seed, scale=scale, always=[*communities, *neighbours], password=cast.hash
        )
        for model, (rows, seconds) in loaded.spent.items():
            self.stdout.write(f"{model._meta.label} {rows} rows {seconds:.1f} s")
        self.stdout.write(f"{len(areas)} areas, {len(communities)} communities")
        for programme in Programme.objects.active().filter(region=province):
            self._programme(programme, areas, communities, cast, chance)
        return cast

    def _programme(self, programme, areas, communities, cast, chance):
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
        reporting.tell(programme, cast, chance)
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
        for ending in [*stories.endings(PROJECTS, chance), *["at:province_approval"] * ARRIVED]:
            teller.tell(chance.choice(others), ending)
        count = Project.objects.filter(programme=programme).count()
        self.stdout.write(f"{programme.code}: {count} projects")
