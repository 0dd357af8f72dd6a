"""What the Celery jobs do, by hand."""

from django.core.management.base import BaseCommand, CommandError

from linkage.attainment import services
from linkage.attainment.services import counting
from linkage.policy.models import PolicyDocument


class Command(BaseCommand):
    help = "Count what has changed; with --full, count everything afresh."

    def add_arguments(self, parser):
        parser.add_argument("--policy", metavar="CODE", help="check that this policy is loaded")
        parser.add_argument("--full", action="store_true", help="count everything afresh")

    def handle(self, *, policy, full, **options):
        if policy and not PolicyDocument.objects.filter(code=policy).exists():
            raise CommandError(f"No policy {policy} is loaded.")
        looked_at = counting.rebuild() if full else services.refresh()
        self.stdout.write(f"{looked_at} units counted")
