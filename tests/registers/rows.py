"""One valid row of every register at one place: a mark in all that is typed, a number in all that is sealed.

``Rows(place, mark)[Grid]`` makes the row and whatever it hangs on, each once. What a model wants beside
the mark stands in ``MAKERS``; a register without a line there is not made, and ``test_rows`` says which.
"""

import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
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

# What a row says beside the mark; a model here is that row of the same place.
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
    "communities.affairchange": {"item": "communities.communityaffairitem", "kind": "taken_up"},
    "communities.charitydesignation": {"level": "city", "year": 2024},
    "communities.committeeelection": {
        "eligible": 90,
        "voted": 80,
        "term_from": DAY,
        "term_to": date(2029, 3, 1),
    },
    "communities.communityaffairitem": {"region": "street", "listed_on": DAY},
    "communities.communityplan": {},
    "communities.communityprofile": {"residents": 10, "special_groups": {"minimum_living": 1}},
    "communities.externalid": {},
    "communities.grid": {},
    "communities.powerdutylist": {"region": "street"},
    "communities.regiontag": {},
    "communities.residentunit": {},
    "facilities.openedresource": {},
    "facilities.resourceuse": {"starts": "09:00", "ends": "10:00"},
    "facilities.servicefacility": {},
    "facilities.servicepoint": {},
    "facilities.standardcheck": {},
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
        "filing_street": "street",
        "registered_on": date(2019, 3, 1),
        "is_charity": True,
        "public_fundraising": True,
    },
    "organizations.statuschange": {"from_status": "preparing", "to_status": "active"},
    "organizations.support": {},
    "organizations.supportpolicy": {},
    "organizations.tiermove": {"from_tier": "filed", "to_tier": "registered"},
    "people.communityorgan": {"head": "people.communitystaff"},
    "people.communitystaff": {},
    "people.contactperson": {},
    "people.gridworker": {"role": "member", "kind": "full_time"},
    "people.person": {"sex": "male", "birth_date": date(1987, 6, 5)},
    "people.residentleader": {},
    "socialwork.allowancepayment": {"first_day": DAY, "last_day": LATER},
    "socialwork.allowancestandard": {"region": "county", "valid_from": DAY},
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
    "socialwork.relatedmajor": {"region": None},
    "socialwork.socialworker": {},
    "socialwork.socialworkpost": {"organization": "organizations.socialorganization"},
    "volunteers.servicerecord": {"ended_at": HOUR + timedelta(hours=2), "hours": Decimal(2)},
    "volunteers.teammembership": {},
    "volunteers.volunteer": {
        "born_on": date(1987, 6, 5),
        "registered_on": DAY,
        "consented_on": DAY,
    },
    "volunteers.volunteeractivity": {"ends_at": HOUR + timedelta(hours=9)},
    "volunteers.volunteerteam": {"leader": "volunteers.volunteer"},
}


class Rows:
    """The rows of one place, with what they say; ``numbers`` are those that only stand sealed."""

    def __init__(self, place, mark):
        self.place, self.mark = place, mark
        self.by = User.objects.order_by("pk").first()
        self.seed = zlib.crc32(f"{place.code} {mark}".encode())
        self.hidden = f"秘{mark}"  # a name its bearer does not want to be told
        self.made = {}
        self.id_number = identity_number(place.code, self.seed)
        self.phones = {}

    def __getitem__(self, model):
        model = apps.get_model(model) if isinstance(model, str) else model
        if model not in self.made:
            self.made[model] = self._saved(model)
        return self.made[model]

    def all(self):
        return {model: self[model] for model in registers()}

    @property
    def numbers(self):
        """Every identity number and telephone kept at this place."""
        return [self.id_number, *self.phones.values()]

    def _saved(self, model):
        row = self._built(model, {})
        try:
            row.full_clean()
        except ValidationError as error:
            raise AssertionError(f"{model._meta.label}: {error}") from error
        row.save()
        return model.everything.get(pk=row.pk)

    def _built(self, model, given):
        values = {**MAKERS[model._meta.label_lower], **given}
        row = model()
        for field in model._meta.local_concrete_fields:
            if field.name in values:
                setattr(row, field.name, self._meant(values[field.name]))
            elif not _comes_by_itself(field):
                value = self._value(model, field)
                if value is not None:
                    setattr(row, field.name, value)
        return row

    def _meant(self, value):
        if not isinstance(value, str):
            return value
        if value in ABOVE:
            return self.place.ancestor_at(ABOVE[value])
        if value == "hidden name":
            return self.hidden
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

    def _value(self, model, field):
        if isinstance(field, models.ForeignKey):
            return None if field.null else self._other(field.related_model)
        if isinstance(field, EncryptedTextField):
            return self.id_number if field.name == "id_number" else self._phone(model, field)
        if field.name.endswith("_hash"):
            return self._hash(field)
        if isinstance(field, CodesField):
            return [next(iter(field.codes))]
        if field.choices:
            return None if field.blank or field.has_default() else field.flatchoices[0][0]
        if isinstance(field, (models.CharField, models.TextField)):
            return self._text(model, field)
        return None if field.null or field.has_default() or field.blank else self._figure(field)

    def _other(self, model):
        if model is Region:
            return self.place
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

    def _phone(self, model, field):
        key = f"{model._meta.label_lower}.{field.name}"
        if key not in self.phones:
            self.phones[key] = f"13{(self.seed + len(self.phones) * 7919) % 10**9:09d}"
        return self.phones[key]

    def _hash(self, field):
        sealed = field.name.removesuffix("_hash")
        if sealed == "id":
            return identity_hash("resident", self.id_number)
        return keyed_hash(f"phone:{self._phone(field.model, field.model._meta.get_field(sealed))}")

    def _text(self, model, field):
        if field.name in NUMBERS:
            return NUMBERS[field.name]
        try:
            field.run_validators(self.mark)
        except ValidationError as error:
            raise AssertionError(f"{model._meta.label}.{field.name} takes no mark: {error}") from error
        return self.mark

    @staticmethod
    def _figure(field):
        if isinstance(field, models.DateTimeField):
            return HOUR
        return DAY if isinstance(field, models.DateField) else 1


def _comes_by_itself(field):
    generated = getattr(field, "generated", False) or getattr(field, "auto_now_add", False)
    later = field.name.startswith("removed_") or field.name == "merged_into"
    return field.primary_key or generated or later or field.has_db_default()


def make(model, place, mark):
    """One row of this register at this place."""
    return Rows(place, mark)[model]


def identity_number(code, seed):
    """A valid number of nobody: the division of the place, born on 5 June 1987, a man."""
    number = f"{code[:6]:0<6}19870605{seed % 500 * 2 + 1:03d}0"
    return number[:17] + ric.calc_check_digit(number)


def credit_code(code, seed):
    number = f"52{code[:6]:0<6}{seed % 10**9:09d}"
    return number + uscc.calc_check_digit(number)
