"""The tables of registers about humans: who somebody is comes from the number, which is sealed at once."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.people import services
from communities.people.models import (
    CommunityOrgan,
    CommunityStaff,
    ContactPerson,
    GridWorker,
    IdentityType,
    Person,
    ResidentLeader,
)
from communities.people.models.person import identity_hash
from linkage.foundation.fields import seal
from linkage.foundation.spreadsheets import describing, kinds
from linkage.foundation.spreadsheets.describing import Column, Sheet, digest
from linkage.foundation.standards import mask_id, read_identity_number

PERSON_NUMBER = "people.person.id_number"  # the column the number is sealed for


class RoleSheet(Sheet):
    """Rows of a ``PersonRole``: known by the number and the place; without a number by name and place."""

    number_required = False
    order = ("name", "id_type", "id_number", "phone")
    aliases = {
        "name": ("姓名", "名字"),
        "phone": ("联系电话", "手机", "手机号", "手机号码", "电话", "联系方式"),
        "region": ("所在社区", "所属社区", "社区", "村（社区）", "地点"),
    }
    related = ("person",)
    at = "region"  # the field whose value and the person together are one row

    @property
    def keys(self):
        return (("person__id_hash", self.at),)

    def first_columns(self):
        return [
            Column(
                "id_type",
                str(Person._meta.get_field("id_type").verbose_name),
                kinds.Code(IdentityType.choices),
                help=_("Empty: resident identity card."),
                aliases=("证件类别",),
            ),
            Column(
                "id_number",
                str(Person._meta.get_field("id_number").verbose_name),
                kinds.Sealed(None, mask_id),
                required=self.number_required,
                aliases=("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号", "身份证件号码"),
            ),
        ]

    def prepare(self, check, lines):
        """Whose numbers are known already; a number that is none is told at its cell."""
        for line in lines:
            line.id_hash, line.identity, line.kind = (
                "",
                "",
                line.given.get("id_type") or IdentityType.RESIDENT,
            )
            text = line.typed.get("id_number")
            if not text or "*" in text:
                continue
            try:
                line.identity = services.normal_number(line.kind, text)
                line.id_hash = identity_hash(line.kind, line.identity)
            except ValidationError as error:
                line.refuse("id_number", error)
            del line.typed["id_number"]
            line.given["id_number"] = line.identity
        hashes = {line.id_hash for line in lines if line.id_hash}
        self.known = {one.id_hash: one for one in Person.objects.filter(id_hash__in=hashes)} if hashes else {}

    def key_parts(self, line):
        return {**line.given, "person__id_hash": line.id_hash}

    def find_more(self, check, lines):
        """By the name at the same place: of a line without a number, or of a row that has none yet."""
        by_name = {}
        for line in lines:
            at = describing.key_value(line.given.get(self.at))
            if line.old is None and isinstance(at, int) and line.given.get("name"):
                by_name.setdefault((line.given["name"], at), []).append(line)
        if not by_name:
            return
        rows = check.standing().filter(
            name__in={name for name, _at in by_name}, **{f"{self.at}__in": {at for _name, at in by_name}}
        )
        found = {}
        for row in rows.order_by("pk"):
            found.setdefault((row.name, getattr(row, f"{self.at}_id")), []).append(row)
        for key, some in by_name.items():
            for line in some:
                self._by_name(line, key, found.get(key, []))

    def _by_name(self, line, key, rows):
        if line.identity:
            rows = [row for row in rows if not row.person.id_hash]
        else:
            line.key = digest("name", key, self.span_of(line))
        people = {row.person_id for row in rows}
        if len(people) > 1:
            line.refuse(
                "name", ValidationError(_("Several people have this name here; give the identity number."))
            )
        elif rows:
            line.old = self.choose(line, rows)

    def put(self, check, line, name, value):
        if name == "phone":
            services.seal_phone(line.new, value)
        elif name not in ("id_type", "id_number"):
            super().put(check, line, name, value)

    def settle(self, check, line):
        """The person behind the row: known, or one to be made together with it."""
        new, old = line.new, line.old
        if old is not None and (not line.identity or old.person.id_hash == line.id_hash):
            return
        known = self.known.get(line.id_hash) if line.id_hash else None
        if known is not None:
            new.person = known
            return
        place = new.place
        facts = {
            "name": new.name,
            "region_id": place and place.pk,
            "id_type": line.kind,
            "id_hash": line.id_hash,
            "id_number": seal(line.identity, PERSON_NUMBER) if line.identity else "",
            "sex": "",
            "birth_date": None,
        }
        if line.identity and line.kind == IdentityType.RESIDENT:
            told = read_identity_number(line.identity)
            facts |= {"sex": told.sex.value, "birth_date": told.birth_date.isoformat()}
        line.beside = {"person": facts}
        new._state.fields_cache["person"] = Person(name=new.name)
        new.person_id = None

    def value_of(self, row, column):
        if column.name == "id_number":
            return row.id_number
        if column.name == "id_type":
            return row.person.id_type if row.id_number else None
        return super().value_of(row, column)

    def before_apply(self, cursor, sheet_import, by):
        """Make the people who are not known yet, each once, and say in the rows who they are."""
        make_people(cursor, sheet_import)


def make_people(cursor, sheet_import):
    good = "sheet_import_id = %s AND outcome IN ('new', 'changed') AND beside ? 'person'"
    sequence = "pg_get_serial_sequence('people_person', 'id')"
    cursor.execute(f"SELECT EXISTS (SELECT FROM foundation_stagedrow WHERE {good})", [sheet_import.pk])
    if not cursor.fetchone()[0]:
        return
    cursor.execute(
        "UPDATE foundation_stagedrow SET beside = jsonb_set(beside, '{person,id}',"
        f" to_jsonb(nextval({sequence}))) WHERE {good}",
        [sheet_import.pk],
    )
    cursor.execute(
        "INSERT INTO people_person (id, region_id, name, id_type, id_number, id_hash, sex, birth_date,"
        " removed_reason) SELECT (p->>'id')::bigint, (p->>'region_id')::bigint, p->>'name', p->>'id_type',"
        " p->>'id_number', p->>'id_hash', p->>'sex', (p->>'birth_date')::date, '' FROM"
        " (SELECT DISTINCT ON (coalesce(nullif(beside->'person'->>'id_hash', ''), number::text))"
        f" beside->'person' AS p FROM foundation_stagedrow WHERE {good} ORDER BY"
        " coalesce(nullif(beside->'person'->>'id_hash', ''), number::text), number) told"
        " ON CONFLICT DO NOTHING",
        [sheet_import.pk],
    )
    cursor.execute(
        "UPDATE foundation_stagedrow s SET values = s.values || jsonb_build_object('person_id', p.id)"
        " FROM people_person p WHERE p.removed_at IS NULL AND"
        " (p.id = (s.beside->'person'->>'id')::bigint OR"
        "  p.id_hash <> '' AND p.id_hash = s.beside->'person'->>'id_hash')"
        f" AND s.{good}".replace("AND outcome", "AND s.outcome").replace("AND beside", "AND s.beside"),
        [sheet_import.pk],
    )


@describing.register
class CommunityStaffSheet(RoleSheet):
    model = CommunityStaff
    order = ("region", *RoleSheet.order, "roles", "work_time", "title")
    examples = {"name": "张三", "region": "雁南街道 › 幸福里社区", "roles": "社区居委会成员"}


@describing.register
class GridWorkerSheet(RoleSheet):
    model = GridWorker
    at = "grid"
    order = ("grid", *RoleSheet.order, "role", "kind")
    related = ("person", "grid__region")


@describing.register
class ContactPersonSheet(RoleSheet):
    model = ContactPerson
    order = ("region", *RoleSheet.order, "unit", "work_time", "matter")

    @property
    def keys(self):
        return (("person__id_hash", "region", "unit"),)


@describing.register
class ResidentLeaderSheet(RoleSheet):
    model = ResidentLeader
    order = ("region", *RoleSheet.order, "strengths")


@describing.register
class CommunityOrganSheet(Sheet):
    model = CommunityOrgan
    keys = (("region", "kind"),)
    order = ("region", "kind", "is_present", "name", "since", "head")
    related = ("head",)


@describing.register
class PersonSheet(Sheet):
    """People are entered with what they are; the list of them goes out, but nothing comes in here."""

    model = Person
    imported = False


__all__ = ["PERSON_NUMBER", "RoleSheet"]
