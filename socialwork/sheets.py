"""The tables of social workers, their posts and what is paid to them."""

from communities.people.sheets import RoleSheet
from linkage.foundation.spreadsheets import describing
from linkage.foundation.spreadsheets.describing import Sheet
from socialwork.models import (
    AllowancePayment,
    AllowanceStandard,
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
