"""One valid row of every register at one place: a mark in all that is typed, a number in all that is sealed.

``Rows(place, mark)[Grid]`` makes the row and whatever it hangs on, each once. What a model wants beside
the mark stands in ``MAKERS``; a register without a line there is not made, and ``test_rows`` says which.
"""

import contextlib
import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from stdnum.cn import ric, uscc

from communities.models import Level, Region
from communities.offices.models import User
from communities.people.models.person import identity_hash
from linkage.foundation.choices import CodesField
from linkage.foundation.fields import EncryptedTextField, keyed_hash
from linkage.foundation.ledger import Entry
from organizations.codes import CommonCategory
from organizations.models import ClassificationScheme

DAY = date(2024, 3, 1)  # a day in the past on which everything happens
LATER = date(2025, 3, 1)
HOUR = datetime(2024, 3, 1, 9, tzinfo=timezone.get_default_timezone())
LONG_AGO = datetime(2024, 1, 1, 9, tzinfo=timezone.get_default_timezone())
DOC_NO = "甘民发〔2024〕9号"
NUMBERS = {  # texts that must be of a form
    "doc_no": DOC_NO,
    "decision_doc_no": DOC_NO,
}


def registers():
    """Every model of the registers."""
    found = [model for model in apps.get_models() if issubclass(model, Entry)]
    return sorted(found, key=lambda model: model._meta.label_lower)


ABOVE = {"street": Level.STREET, "county": Level.COUNTY}  # rows that are not kept at a community

# What a row says beside the mark; a model here is that row of the same place, ``at`` where it is kept.
MAKERS = {
    "charity.cappedspending": {"total": 10, "purchased": 1, "year": 2024},
    "charity.charityentity": {"organization": "organizations.socialorganization"},
    "charity.donation": {
        "donor_name": "hidden name",
        "hide_name": True,
        "real_name": "",
        "amount": 100,
        "receipt_on": DAY,
    },
    "charity.fundbudget": {"year": 2024},
    "charity.funddisclosure": {"year": 2024},
    "charity.fundraisingdisclosure": {"disclosed_on": LATER},
    "charity.fundspending": {},
    "charity.funduse": {},
    "charity.publicfundraisingplan": {"starts_on": LATER, "ends_on": LATER},
    "charity.specialfund": {},
    "charity.stockitem": {"unit": "件"},
    "charity.stockmovement": {},
    "communities.affairchange": {"at": "street", "kind": "taken_up"},
    "communities.charitydesignation": {"level": "city", "year": 2024},
    "communities.committeeelection": {
        "eligible": 90,
        "voted": 80,
        "term_from": DAY,
        "term_to": date(2029, 3, 1),
    },
    "communities.communityaffairitem": {"at": "street", "listed_on": DAY},
    "communities.communityplan": {},
    "communities.communityprofile": {"residents": 10, "special_groups": {"minimum_living": 1}},
    "communities.externalid": {},
    "communities.grid": {},
    "communities.powerdutylist": {"at": "street"},
    "communities.powerdutylistpaper": {"size": 1},
    "communities.regiontag": {},
    "communities.residentunit": {},
    "facilities.openedresource": {},
    "facilities.resourceuse": {"starts": "09:00", "ends": "10:00"},
    "facilities.servicefacility": {},
    "facilities.servicepoint": {},
    "facilities.standardcheck": {},
    "facilities.standardcheckpaper": {"size": 1},
    "facilities.station": {"kind": "sw_studio", "facility": "facilities.servicefacility"},
    "facilities.stationcommunity": {},
    "organizations.agencyperformance": {"year": 2024},
    "organizations.annualinspection": {"year": 2024},
    "organizations.creditrecord": {},
    "organizations.employment": {},
    "organizations.hostedagency": {"agency": "other organization"},
    "organizations.hubmember": {"member": "other organization"},
    "organizations.incubationassessment": {},
    "organizations.incubationbase": {"facility": "facilities.servicefacility"},
    "organizations.incubationcase": {},
    "organizations.operatingcontract": {"facility": "facilities.servicefacility", "valid_from": DAY},
    "organizations.organizationcategory": {},
    "organizations.partyorganization": {},
    "organizations.penalty": {"carried_out_on": DAY},
    "organizations.rating": {"valid_to": LATER},
    "organizations.servedcommunity": {},
    "organizations.socialorganization": {
        "tier": "registered",
        "legal_form": "service_institution",
        "uscc": "uscc",
        "filing_street": "the street",
        "registered_on": date(2019, 3, 1),
        "is_charity": True,
        "public_fundraising": True,
    },
    "organizations.statuschange": {"from_status": "preparing", "to_status": "active"},
    "organizations.support": {},
    "organizations.supportpolicy": {"paper": "cultivation"},
    "organizations.tiermove": {"from_tier": "filed", "to_tier": "registered"},
    "people.communityorgan": {"head": "people.communitystaff"},
    "people.communitystaff": {},
    "people.contactperson": {},
    "people.gridworker": {"role": "member", "kind": "full_time"},
    "people.person": {"sex": "male", "birth_date": "birthday"},
    "people.residentleader": {},
    "socialwork.allowancepayment": {"first_day": DAY, "last_day": LATER},
    "socialwork.allowancestandard": {"at": "county", "valid_from": DAY},
    "socialwork.assignment": {},
    "socialwork.award": {},
    "socialwork.certificate": {},
    "socialwork.certificateregistration": {},
    "socialwork.continuingeducation": {},
    "socialwork.conversion": {},
    "socialwork.cooperation": {},
    "socialwork.education": {},
    "socialwork.electedoffice": {},
    "socialwork.examentry": {"year": 2024},
    "socialwork.postholding": {},
    "socialwork.posttotal": {},
    "socialwork.professionalresource": {},
    "socialwork.recruitmentposting": {"closes_on": LATER},
    "socialwork.relatedmajor": {"region": None, "name": "own major", "source": "教育部"},
    "socialwork.socialworker": {},
    "socialwork.socialworkpost": {"organization": "organizations.socialorganization"},
    "volunteers.servicerecord": {"ended_at": HOUR + timedelta(hours=2), "hours": Decimal(2)},
    "volunteers.teammembership": {},
    "volunteers.volunteer": {
        "born_on": "birthday",
        "registered_on": DAY,
        "consented_on": DAY,
    },
    "volunteers.volunteeractivity": {"ends_at": HOUR + timedelta(hours=9)},
    "volunteers.volunteerteam": {"leader": "volunteers.volunteer"},
}


# What a row that points elsewhere says otherwise, so that it does not stand in the way of the rows there.
LEANING = {
    "charity.charityentity": {"facility": None},
    "organizations.incubationcase": {"status": "declined", "ended_on": LATER},
    "organizations.operatingcontract": {"station": None, "base": None},
    "socialwork.assignment": {"is_home": False},
    "socialwork.socialworkpost": {"station": None},
    "volunteers.servicerecord": {"started_at": LONG_AGO, "ended_at": LONG_AGO + timedelta(hours=2)},
}


class DoesNotFit(AssertionError):
    """A row that is not valid here."""


class Rows:
    """The rows of one place, with what they say; ``numbers`` are those that only stand sealed.

    ``mark`` is a text, or a function that says the text of a place.
    """

    def __init__(self, place, mark):
        self.place, self.mark_of = place, mark if callable(mark) else lambda _region: mark
        self.mark = mark = self.mark_of(place)
        self.by = User.objects.order_by("pk").first()
        self.seed = zlib.crc32(f"{place.code} {mark}".encode())
        self.hidden = f"秘{mark}"  # a name its bearer does not want to be told
        self.made = {}
        self.birthday = date(1987, self.seed // 28 % 12 + 1, self.seed % 28 + 1)
        self.id_number = identity_number(place.code, self.birthday, self.seed)
        self.phones = {}

    def __getitem__(self, model):
        model = apps.get_model(model) if isinstance(model, str) else model
        if model not in self.made:
            self.made[model] = self._saved(model)
        return self.made[model]

    def all(self):
        return {model: self[model] for model in registers()}

    def fitting(self):
        """Those for which there is room beside the rows that stand at this place already."""
        for model in registers():
            with contextlib.suppress(DoesNotFit):
                self[model]
        return self.made

    def leaning_on(self, others):
        """Rows kept here that point at those of another place: one for each way there is to do so."""
        found = {}
        for number, (model, field) in enumerate(_ways()):
            fresh = Rows(self.place, partial(self._numbered, number))
            given = {field.name: others[field.related_model], **LEANING.get(model._meta.label_lower, {})}
            row = fresh._built(model, given)
            try:
                with transaction.atomic():
                    row.save()
            except IntegrityError:
                continue
            found[f"{model._meta.label_lower}.{field.name}"] = row
        return found

    def _numbered(self, number, region):
        return f"{self.mark_of(region)} {number}"

    @property
    def numbers(self):
        """Every identity number and telephone kept at this place."""
        return [self.id_number, *self.phones.values()]

    def _saved(self, model):
        row = self._built(model, {})
        try:
            row.full_clean()
        except ValidationError as error:
            raise DoesNotFit(f"{model._meta.label}: {error}") from error
        row.save()
        return model.everything.get(pk=row.pk)

    def _built(self, model, given):
        values = {**MAKERS[model._meta.label_lower], **given}
        at = self.place.ancestor_at(ABOVE[values.pop("at")]) if "at" in values else self.place
        row = model()
        for field in model._meta.local_concrete_fields:
            if field.name in values:
                setattr(row, field.name, self._meant(values[field.name]))
            elif not _comes_by_itself(field):
                value = self._value(field, at)
                if value is not None:
                    setattr(row, field.name, value)
        return row

    def _meant(self, value):
        if not isinstance(value, str):
            return value
        if value == "the street":
            return self.place.ancestor_at(Level.STREET)
        if value == "hidden name":
            return self.hidden
        if value == "birthday":
            return self.birthday
        if value == "own major":
            return f"专业{self.place.code}"  # one list for all places: no mark
        if value == "uscc":
            return credit_code(self.place.code, self.seed)
        if value == "other organization":
            return self._other_organization()
        return self[value] if value in MAKERS else value

    def _other_organization(self):
        model = apps.get_model("organizations.socialorganization")
        if "other" not in self.made:
            code = credit_code(self.place.code, self.seed + 1)
            other = self._built(model, {"uscc": code, "filing_number": ""})
            other.save()
            self.made["other"] = other
        return self.made["other"]

    def _value(self, field, at):
        if isinstance(field, models.ForeignKey):
            return None if field.null else self._other(field.related_model, at)
        if isinstance(field, EncryptedTextField):
            return self.id_number if field.name == "id_number" else self._phone(field)
        if field.name.endswith("_hash"):
            return self._hash(field)
        if isinstance(field, CodesField):
            return [next(iter(field.codes))]
        if field.choices:
            return None if field.blank or field.has_default() else field.flatchoices[0][0]
        if isinstance(field, (models.CharField, models.TextField)):
            return self._text(field, self.mark_of(at))
        return None if field.null or field.has_default() or field.blank else self._figure(field)

    def _other(self, model, at):
        if model is Region:
            return at
        if model._meta.label == settings.AUTH_USER_MODEL:
            return self.by
        if issubclass(model, Entry):
            return self[model]
        return self._of_a_list(model)

    @staticmethod
    def _of_a_list(model):
        """Classes are no register: one list for all places, without a mark."""
        scheme, _new = ClassificationScheme.objects.get_or_create(code="test")
        return model.objects.get_or_create(scheme=scheme, code="test", common=CommonCategory.values[0])[0]

    def _phone(self, field):
        key = f"{field.model._meta.label_lower}.{field.name}"
        if key not in self.phones:
            self.phones[key] = f"13{(self.seed + len(self.phones) * 7919) % 10**9:09d}"
        return self.phones[key]

    def _hash(self, field):
        sealed = field.name.removesuffix("_hash")
        if sealed == "id":
            return identity_hash("resident", self.id_number)
        return keyed_hash(f"phone:{self._phone(field.model._meta.get_field(sealed))}")

    @staticmethod
    def _text(field, mark):
        if field.name in NUMBERS:
            return NUMBERS[field.name]
        try:
            field.run_validators(mark)
        except ValidationError as error:
            raise AssertionError(f"{field.model._meta.label}.{field.name} takes no mark: {error}") from error
        return mark

    @staticmethod
    def _figure(field):
        if isinstance(field, models.DateTimeField):
            return HOUR
        return DAY if isinstance(field, models.DateField) else 1


def _ways():
    """Each column in which a row of a register may point at one that another place keeps."""
    for model in registers():
        root = model.region_path.partition("__")[0]
        for field in model._meta.local_fields:
            elsewhere = field.name not in (root, "merged_into")
            if elsewhere and field.related_model and issubclass(field.related_model, Entry):
                yield model, field


def _comes_by_itself(field):
    generated = getattr(field, "generated", False) or getattr(field, "auto_now_add", False)
    later = field.name.startswith("removed_") or field.name == "merged_into"
    return field.primary_key or generated or later or field.has_db_default()


def make(model, place, mark):
    """One row of this register at this place."""
    return Rows(place, mark)[model]


def identity_number(code, birthday, seed):
    """A valid number of nobody: a man of the division of the place."""
    number = f"{code[:6]:0<6}{birthday:%Y%m%d}{seed % 500 * 2 + 1:03d}0"
    return number[:17] + ric.calc_check_digit(number)


def credit_code(code, seed):
    number = f"52{code[:6]:0<6}{seed % 10**9:09d}"
    return number + uscc.calc_check_digit(number)
