"""Load policy packs; without a file, the ones shipped."""

from itertools import chain
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linkage.packs.reading import Pack
from linkage.packs.services import examples, load, phase_shift, shipped
from linkage.packs.source import WrongPack
from linkage.policy.models import PolicyDocument


class Command(BaseCommand):
    help = "Load policy packs (docs/policy-packs.md); without a file, the ones shipped. Repeatable."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument(
            "--examples", action="store_true", help="The example programmes of territories that are loaded."
        )

    def handle(self, *, files, **options):
        try:
            phase_shift()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        wrong = []
        for path in chain(files or shipped(), self._examples() if options["examples"] else []):
            try:
                loaded = load(path)
            except WrongPack as problem:
                wrong += problem.flaws
                continue
            if loaded.changes:
                done = _("loaded, %(count)d rows changed") % {"count": loaded.changes}
            else:
                done = _("nothing to change")
            self.stdout.write(f"{loaded.file}: {loaded.document.code} {loaded.title}: {done}")
        if wrong:
            raise CommandError("\n" + "\n".join(str(flaw) for flaw in wrong))

    def _examples(self):
        """Those whose document and territory are here by now; of the others it is said they are left out."""
        for path in examples():
            if PolicyDocument.objects.filter(code=Pack(path).belongs_to, region__isnull=False).exists():
                yield path
            else:
                self.stdout.write(_("%(file)s: left out, its territory is not loaded") % {"file": path.name})
