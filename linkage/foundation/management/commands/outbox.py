"""Show the effects that were given up, and owe them again after the cause is repaired."""

from django.core.management.base import BaseCommand

from linkage.foundation import outbox
from linkage.foundation.models import Outbox


class Command(BaseCommand):
    help = "List the effects that were given up; --revive owes them again."

    def add_arguments(self, parser):
        parser.add_argument("--revive", action="store_true")

    def handle(self, *args, revive, **options):
        dead = Outbox.objects.dead().order_by("id")
        for effect in dead:
            self.stdout.write(f"{effect.pk} {effect} · {effect.last_error}")
        if revive:
            self.stdout.write(f"{outbox.revive(dead)} owed again.")
