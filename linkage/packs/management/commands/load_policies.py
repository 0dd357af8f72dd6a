"""Load policy packs; without a file, the ones shipped."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linkage.packs.services import load, phase_shift, shipped
from linkage.packs.source import WrongPack


class Command(BaseCommand):
    help = "Load policy packs (docs/policy-packs.md); without a file, the ones shipped. Repeatable."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)

    def handle(self, *, files, **options):
        try:
            phase_shift()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        wrong = []
        for path in files or shipped():
            try:
                loaded = load(path)
            except WrongPack as problem:
                wrong += problem.flaws
                continue
            if loaded.changes:
                done = _("loaded, %(count)d rows changed") % {"count": loaded.changes}
            else:
                done = _("nothing to change")
            self.stdout.write(f"{loaded.file}: {loaded.document.code} {loaded.document.title}: {done}")
        if wrong:
            raise CommandError("\n" + "\n".join(str(flaw) for flaw in wrong))
