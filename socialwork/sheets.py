"""The tables of social workers, their posts and what is paid to them."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from communities.people import services
from communities.people.models import IdentityType, Person
from communities.people.models.person import identity_hash
from communities.people.sheets import RoleSheet
from linkage.foundation.spreadsheets import describing, kinds
from linkage.foundation.spreadsheets.describing import Column, Sheet
from linkage.foundation.spreadsheets.parts import PartSheet
from linkage.foundation.standards import mask_id
from socialwork.models import (
    AllowancePayment,
    AllowanceStandard,
    Certificate,
    Cooperation,
    PostTotal,
    ProfessionalResource,
    RecruitmentPosting,
    RelatedMajor,
    SocialWorker,
    SocialWorkPost,
)


@describing.register
class SocialWorkerSheet(RoleSheet):
    model = SocialWorker
    number_required = True
    order = (*RoleSheet.order, "region", "tier", "started_on")
    examples = {"name": "张三", "region": "雁南街道", "started_on": "2016-06-13"}


@describing.register
class ProfessionalResourceSheet(RoleSheet):
    model = ProfessionalResource
    order = (*RoleSheet.order, "region", "professions", "employer")


@describing.register
class SocialWorkPostSheet(Sheet):
    model = SocialWorkPost
    keys = (("region", "name", "establishing_body", "established_on"),)
    related = ("region", "organization", "facility__region", "station__region")


@describing.register
class PostTotalSheet(Sheet):
    model = PostTotal
    keys = (("organization", "as_of"),)
    related = ("organization__region",)


@describing.register
class AllowanceStandardSheet(Sheet):
    model = AllowanceStandard
    keys = (("region", "level", "valid_from"),)
    needed = ("valid_from",)
    order = ("region", "level", "valid_from", "valid_to", "monthly", "basis")


@describing.register
class AllowancePaymentSheet(Sheet):
    model = AllowancePayment
    keys = (("worker", "first_day"),)
    related = ("worker__region",)


@describing.register
class RecruitmentPostingSheet(Sheet):
    model = RecruitmentPosting
    keys = (("region", "title", "opened_on"),)
    related = ("region", "organization")


@describing.register
class CooperationSheet(Sheet):
    model = Cooperation
    keys = (("region", "kind", "partner"),)
    order = ("region", "kind", "partner")


@describing.register
class RelatedMajorSheet(Sheet):
    """One list for the country."""

    model = RelatedMajor
    imported = False


class OfWorkerSheet(PartSheet):
    """Lines of a social worker's entry: whose they are is said by the number, or by a name there is once."""

    parent = "worker"
    leave_out = ("worker",)
    related = ("worker__person", "worker__region")

    def first_columns(self):
        return [
            Column(
                "name",
                str(SocialWorker._meta.get_field("name").verbose_name),
                kinds.Text(SocialWorker._meta.get_field("name").max_length),
                required=True,
                example="张三",
                aliases=("姓名", "社工姓名"),
            ),
            Column(
                "id_number",
                str(Person._meta.get_field("id_number").verbose_name),
                kinds.Sealed(None, mask_id),
                help=_("Where several social workers have this name."),
                aliases=("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号"),
            ),
        ]

    def prepare(self, check, lines):
        for line in lines:
            line.worker, line.id_hash, line.masked = None, "", ""
            text = line.typed.pop("id_number", "")
            if "*" in text:
                line.masked = text
            elif text:
                try:
                    number = services.normal_number(IdentityType.RESIDENT, text)
                    line.id_hash = identity_hash(IdentityType.RESIDENT, number)
                except ValidationError as error:
                    line.refuse("id_number", error)
        names = {line.given["name"] for line in lines if isinstance(line.given.get("name"), str)}
        hashes = {line.id_hash for line in lines if line.id_hash}
        rows = SocialWorker.objects.kept_by(check.user).select_related("person", "region")
        found = {}
        for row in rows.filter(Q(name__in=names) | Q(person__id_hash__in=hashes)).order_by("pk"):
            found.setdefault(row.name, []).append(row)
        for line in lines:
            if not line.problems and isinstance(line.given.get("name"), str):
                self._whose(line, found.get(line.given["name"], []))

    @staticmethod
    def _whose(line, rows):
        if line.id_hash:
            rows = [row for row in rows if row.person.id_hash == line.id_hash]
        elif line.masked:
            rows = [row for row in rows if row.masked("id_number") == line.masked]
        if len(rows) == 1:
            line.worker = rows[0]
        elif describing.NUMBER not in line.given:
            words = (
                _("Several people have this name here; give the identity number.")
                if rows
                else _("There is no social worker with this name and number at your places.")
            )
            line.refuse("name", ValidationError(words))

    def put(self, check, line, name, value):
        if name not in ("name", "id_number"):
            super().put(check, line, name, value)

    def settle(self, check, line):
        if line.old is None:
            line.new.worker = line.worker
        elif line.worker is not None and line.worker.pk != line.old.worker_id:
            raise ValidationError({"name": _("This line belongs to somebody else; that does not change.")})

    def value_of(self, row, column):
        if column.name in ("name", "id_number"):
            return getattr(row.worker, column.name)
        return super().value_of(row, column)


@describing.register
class CertificateSheet(OfWorkerSheet):
    model = Certificate
    keys = (("worker", "number"),)
    order = ("name", "id_number", "level", "number", "passed_on")
    aliases = {"number": ("证书号", "管理号", "证书管理号"), "level": ("证书等级", "等级", "职业水平等级")}
    examples = {"number": "2016062016206214001", "passed_on": "2016-06-13"}

    def key_parts(self, line):
        number = "".join(str(line.given.get("number") or "").split()).upper()
        return {"worker": line.worker, "number": number}

    def settle(self, check, line):
        super().settle(check, line)
        line.new.person = line.new.worker.person
