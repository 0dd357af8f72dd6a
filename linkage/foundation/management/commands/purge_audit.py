"""Forget old audit events. Only the owner of the tables may, and never what is younger than 180 days."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from linkage.foundation import roles

LEAST = 180


class Command(BaseCommand):
    help = "Delete audit events older than a number of days (at least 180), as the owner of the tables."

    def add_arguments(self, parser):
        parser.add_argument("--older-than", type=int, required=True, metavar="DAYS")
        parser.add_argument("--database", default="default")

    def handle(self, *args, older_than, database, **options):
        if older_than < LEAST:
            raise CommandError(f"Audit events are kept for at least {LEAST} days.")
        connection = connections[database]
        if not roles.owns_tables(connection):
            raise CommandError("Only the owner of the tables may do this (LINKAGE_ROLE=owner).")
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM foundation_auditevent WHERE at < now() - make_interval(days => %s)", [older_than]
            )
            self.stdout.write(f"{cursor.rowcount} audit events deleted.")
