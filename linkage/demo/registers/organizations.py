"""The register of social organisations: those of the communities in three tiers, those above them by code.

Organisations and who works there are made up in Python (names, credit codes, sealed telephones); what
hangs on them follows set by set in ``fill``.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from stdnum.cn import uscc

from communities.models import Level
from linkage.demo.registers import words
from linkage.demo.registers.humans import name_of, telephone, telephone_hash
from linkage.foundation.standards import ORGANISATION_WEIGHTS
from organizations.models import Employment, SocialOrganization

FORMS = {"association": "51", "service_institution": "52", "foundation": "53"}
COLUMNS = (
    "region", "name", "tier", "uscc", "legal_form", "subtypes", "is_community_org", "status",
    "established_on", "registered_on", "registration_authority", "direct_registration", "filing_number",
    "filing_street", "filed_on", "filing_valid_to", "scale", "individual_members", "business_scope",
    "service_targets", "domains", "initial_funds", "address", "founded_by_street", "leader_name",
    "leader_phone", "leader_phone_hash", "leader_recommended", "charter_adopted_on",
    "charter_party_clause", "party_members", "is_charity", "charity_since", "public_fundraising",
)  # fmt: skip


def _authority(name):
    return name + ("民政厅" if name.endswith(("省", "自治区")) else "民政局")


def credit_code(form, division, number):
    """A unified social credit code right by both its check characters."""
    body = f"MX{number:06d}"
    total = sum(int(c, 36) * weight for c, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    code = f"{FORMS[form]}{division}{body}{'0123456789X'[-total % 11]}"
    return code + uscc.calc_check_digit(code)


class Organizations:
    def __init__(self, loading, humans):
        self.today, self.humans = loading.today, humans
        self.table = loading.table(SocialOrganization, *COLUMNS)
        self.seal = self.table.seal("leader_phone")
        self.staff = loading.table(
            Employment, "organization", "person", "name", "phone", "phone_hash", "kind", "position",
            "qualification", "education", "working_since", "social_insurance", "housing_fund", "valid_from",
        )  # fmt: skip
        self.seal_staff = self.staff.seal("phone")
        self.numbers = count(1)

    def at_home(self, place, chance):
        """The organisations of one community."""
        themes = words.THEMES if place.is_rural else words.URBAN_THEMES
        for number, theme in enumerate(chance.sample(themes, place.organizations), 1):
            drawn = chance.random()
            if theme.registers_as and drawn < 0.35:  # a tenth of all, as such themes are three in ten
                self._registered(place, theme, chance)
            elif chance.random() < 0.39 and place.street:
                self._filed(place, theme, chance, number)
            else:
                self._guided(place, theme, chance)

    def above(self, place, chance):
        """The federations, agencies, foundations of a street, county, city or province."""
        if place.level == Level.STREET:
            kinds = words.AT_STREETS
        elif place.is_area:
            kinds = words.AT_COUNTIES
        else:
            kinds = words.AT_CITIES if place.level == Level.CITY else words.AT_PROVINCES
        for theme, least, most in kinds:
            for _number in range(chance.randint(least, most)):
                self._registered(place, theme, chance)

    def _registered(self, place, theme, chance):
        lower = place.level == Level.COMMUNITY
        form = theme.registers_as
        founded = self._day(chance, 400, 4_500)
        registered = founded + timedelta(days=20 + int(chance.random() * 200))
        charity = form == "foundation" or chance.random() < (0.08 if lower else 0.15)
        name = f"{place.area_name}{place.label}" if lower else place.name
        serial = next(self.numbers)
        key = self._add(
            place,
            f"{name}{theme.formal.format(words.AGENCIES[serial % len(words.AGENCIES)])}",
            theme,
            chance,
            tier="registered",
            uscc=credit_code(form, place.division, serial),
            legal_form=form,
            is_community_org=lower,
            status=self._status(chance),
            established_on=founded,
            registered_on=registered,
            registration_authority=_authority(place.area_name if lower else place.name),
            direct_registration=True,
            scale="medium" if lower else "large",
            initial_funds=Decimal(words.FUNDS[form] * (1 + int(chance.random() * 5))),
            founded_by_street=place.id if place.level == Level.STREET else None,
            charter_adopted_on=founded,
            charter_party_clause=chance.random() < 0.7,
            party_members=int(chance.random() * 7),
            is_charity=charity,
            charity_since=registered if charity else None,
            public_fundraising=form == "foundation" and chance.random() < 0.3,
        )
        self._employ(
            key, place, chance, registered, least=2 if lower else 4, agency="sw_agency" in theme.subtypes
        )

    def _filed(self, place, theme, chance, number):
        founded = self._day(chance, 200, 3_500)
        filed = founded + timedelta(days=30 + int(chance.random() * 120))
        self._add(
            place,
            place.label + theme.name,
            theme,
            chance,
            tier="filed",
            status=self._status(chance),
            established_on=founded,
            filing_number=f"备{filed.year}-{place.code[-6:]}-{number:02d}",
            filing_street=place.street,
            filed_on=filed,
            filing_valid_to=max(filed, self.today) + timedelta(days=int(chance.random() * 900) - 60),
            scale="medium",
            charter_adopted_on=founded if chance.random() < 0.6 else None,
            charter_party_clause=chance.random() < 0.3,
            party_members=int(chance.random() * 5),
        )

    def _guided(self, place, theme, chance):
        self._add(
            place,
            place.label + theme.name,
            theme,
            chance,
            tier="guided",
            status="active" if chance.random() < 0.98 else "preparing",
            established_on=self._day(chance, 60, 2_500),
            scale="small",
            party_members=int(chance.random() * 4),
        )

    def _add(self, place, name, theme, chance, **facts):
        phone = telephone(chance) if chance.random() < 0.7 else ""
        facts |= {
            "region": place.id,
            "name": name,
            "subtypes": list(theme.subtypes),
            "individual_members": 8
            + int(chance.random() * 60)
            + (45 if facts["tier"] == "registered" else 0),
            "business_scope": theme.scope,
            "service_targets": list(theme.targets),
            "domains": list(theme.domains),
            "address": f"{place.label}综合服务站" if place.level == Level.COMMUNITY else "",
            "leader_name": name_of(chance, chance.random() < 0.4),
            "leader_phone": self.seal(phone),
            "leader_phone_hash": telephone_hash(phone),
            "leader_recommended": chance.random() < 0.2,
        }
        empty = NOTHING
        return self.table.add(*[facts.get(column, empty.get(column)) for column in COLUMNS])

    def _employ(self, key, place, chance, since, *, least, agency):
        for number in range(least + int(chance.random() * 3)):
            person, name, born = self.humans.person(place, chance, 24, 58)
            phone = telephone(chance) if number == 0 else ""
            begun = since + timedelta(days=int(chance.random() * max((self.today - since).days, 1)))
            full = agency or number == 0 or chance.random() < 0.6
            self.staff.add(
                key,
                person,
                name,
                self.seal_staff(phone),
                telephone_hash(phone),
                "full_time" if full else "part_time",
                words.POSITIONS[min(number, len(words.POSITIONS) - 1)],
                chance.choice(("assistant", "assistant", "intermediate", "")) if agency else "",
                chance.choice(("high_school", "college", "bachelor", "bachelor")),
                max(begun - timedelta(days=int(chance.random() * 1_500)), born + timedelta(days=365 * 18)),
                full or None,
                (chance.random() < 0.7) if full else None,
                begun,
            )

    def _day(self, chance, latest, earliest):
        return self.today - timedelta(days=latest + int(chance.random() * (earliest - latest)))

    @staticmethod
    def _status(chance):
        drawn = chance.random()
        for status, share in (
            ("abnormal", 0.02),
            ("rectifying", 0.01),
            ("cancelled", 0.015),
            ("revoked", 0.005),
        ):
            if drawn < share:
                return status
            drawn -= share
        return "active"


NOTHING = {
    "uscc": "", "legal_form": "", "registration_authority": "", "direct_registration": False,
    "filing_number": "", "is_community_org": True, "charter_party_clause": False, "is_charity": False,
    "public_fundraising": False,
}  # fmt: skip
