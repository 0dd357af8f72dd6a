"""A pack read and checked, table by table: everything wrong with it is found before anything is loaded."""

import hashlib

from django.utils.translation import gettext as _

from linkage.packs import agreement
from linkage.packs.fields import Wrong, code, like
from linkage.packs.schema import OF_A_PROGRAMME, REQUIRED, SCHEMA, TABLES
from linkage.packs.source import Source, WrongPack


class Row(dict):
    """One table of a pack with its fields read; a field that was refused is None, but still ``given``."""

    def __init__(self, place, given=()):
        super().__init__()
        self.place = place
        self.given = set(given)


class Pack:
    """What one file says, ready to be handed to the apps."""

    def __init__(self, path):
        self.source = Source(path)
        self.flaws = []
        if self.source.tables.get("schema") != SCHEMA:
            self.refuse(("schema",), _("must be %(schema)d") % {"schema": SCHEMA})
            raise WrongPack(self.flaws)
        self._refuse_unknown((), self.source.tables, {"schema": None, **_inner(())})
        self.belongs_to = self._belongs_to()
        self.document = None if self.belongs_to else self._single("document")
        self.clauses = self._several("clause")
        self.targets = self._several("target")
        self.benchmarks = self._several("benchmark")
        self.programme = self._single("programme")
        if self.programme is not None:
            self.programme["pilots"] = self._single("programme", "pilots")
            for name in ("pilot_area", "phase", "track", "quota", "step", "criterion", "form_row"):
                self.programme[name] = self._several("programme", name)
        for name in OF_A_PROGRAMME if self.belongs_to else REQUIRED:
            self._require(name)
        agreement.check(self)
        if self.flaws:
            raise WrongPack(sorted(self.flaws, key=lambda flaw: flaw.line))

    @property
    def name(self):
        return self.source.name

    @property
    def version(self):
        return hashlib.sha256(self.source.raw).hexdigest()

    def refuse(self, place, reason):
        self.flaws.append(self.source.flaw(place, reason))

    def _belongs_to(self):
        """The code of the document in another file that this one gives a programme; empty for a document."""
        found = self.source.tables.get("document")
        if not isinstance(found, str):
            return ""
        for name in ("clause", "target", "benchmark"):
            if name in self.source.tables:
                self.refuse((name,), _("stands in the file of the document"))
        try:
            return code(found)
        except Wrong as wrong:
            self.refuse(("document",), wrong)
            return "?"

    def _require(self, name):
        around = self.source.tables if len(name) == 1 else self.source.tables.get(name[0])
        if isinstance(around, dict) and not around.get(name[-1]):
            self.refuse(name, _("this table is missing"))

    def _raw(self, name):
        around = self.source.tables
        for part in name[:-1]:
            around = around.get(part)
            if not isinstance(around, dict):
                return None
        return around.get(name[-1])

    def _single(self, *name):
        raw = self._raw(name)
        if raw is None:
            return None
        if not isinstance(raw, dict):
            self.refuse(name, _("must be one table, [%(name)s]") % {"name": ".".join(name)})
            return None
        return self._row(name, name, raw)

    def _several(self, *name):
        raw = self._raw(name)
        if raw is None:
            return []
        if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
            self.refuse(name, _("must be a list of tables, [[%(name)s]]") % {"name": ".".join(name)})
            return []
        return [self._row(name, (*name, index), one) for index, one in enumerate(raw)]

    def _row(self, name, place, raw):
        fields, _several = TABLES[name]
        self._refuse_unknown(place, raw, {**fields, **_inner(name)})
        row = Row(place, raw)
        for field, rule in fields.items():
            row[field] = rule.default
            if field not in raw:
                if rule.required:
                    row[field] = None
                    self.refuse((*place, field), _("is missing"))
                continue
            try:
                row[field] = rule.read(raw[field])
            except Wrong as wrong:
                row[field] = None
                self.refuse((*place, field), wrong)
        return row

    def _refuse_unknown(self, place, raw, known):
        for field in raw:
            if field not in known:
                self.refuse((*place, field), _("is not a field of this schema") + like(field, known))


def _inner(name):
    """The tables that stand inside a table."""
    return {table[-1]: None for table in TABLES if table[:-1] == name}
