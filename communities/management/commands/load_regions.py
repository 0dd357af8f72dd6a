"""Load the region tree; repeatable without change."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from communities import services
from communities.services import divisions


class Command(BaseCommand):
    help = "Load the region tree from the shipped data (NBS 2023) or from a CSV file of code,name."

    def add_arguments(self, parser):
        parser.add_argument("--province", nargs="+", metavar="CODE", help="provinces by code, such as 62")
        parser.add_argument("--all", action="store_true", help="the whole nation")
        parser.add_argument("--file", metavar="CSV", help="a file of code,name instead (.csv or .csv.xz)")

    def handle(self, *args, province, file, **options):
        if not (province or file or options["all"]) or (province and options["all"]):
            raise CommandError(_("Say what to load: --province CODE…, --all or --file CSV."))
        path = Path(file) if file else divisions.DIVISIONS
        basis = path.name if file else divisions.EDITION
        try:
            loaded = services.load(
                divisions.places(path, provinces=set(province) if province else None), basis=basis
            )
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        except divisions.WrongRow as problem:
            raise CommandError(str(problem)) from problem
        except ValidationError as problem:
            raise CommandError("\n".join(problem.messages)) from problem
        for level, count in loaded.levels.items():
            self.stdout.write(f"{level.label} {count}")
        if not loaded.added and not loaded.changed:
            self.stdout.write(_("Nothing to change: all of it is there."))
        else:
            self.stdout.write(
                _("Added %(added)d, changed %(changed)d.")
                % {"added": loaded.added, "changed": loaded.changed}
            )
        if loaded.kept:
            self.stdout.write(_("Left as decided: %d.") % loaded.kept)
