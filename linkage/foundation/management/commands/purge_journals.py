"""Forget old audit events and old row history, as the owner of the tables; made for cron."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from linkage.foundation import retention


class Command(BaseCommand):
    help = "Delete journal rows older than LINKAGE_JOURNAL_DAYS (365; never under 180)."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.JOURNAL_DAYS, help="another age")

    def handle(self, *args, days, **options):
        try:
            gone = retention.purge(days)
        except (retention.TooYoung, PermissionDenied) as reason:
            raise CommandError(str(reason)) from reason
        for table, rows in gone.items():
            self.stdout.write(f"{table} {rows}")
        self.stdout.write(f"{sum(gone.values())} journal rows older than {days} days deleted")
