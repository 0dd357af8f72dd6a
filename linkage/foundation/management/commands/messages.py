"""Gather the messages of the sources into the Chinese catalogue."""

from django.core.management.base import BaseCommand

from linkage.foundation import catalogue


class Command(BaseCommand):
    help = "Write locale/zh_Hans anew from the sources and list what has no Chinese yet."
    requires_system_checks = []

    def handle(self, *args, **options):
        merged = catalogue.merge(catalogue.collect(), catalogue.read())
        catalogue.FILE.parent.mkdir(parents=True, exist_ok=True)
        catalogue.FILE.write_text(catalogue.written(merged))
        missing = catalogue.gaps(merged)
        for message in missing:
            self.stdout.write(f"  {message.id}")
        self.stdout.write(f"{len(merged)} messages, {len(missing)} without Chinese")
