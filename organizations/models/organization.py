"""A social organisation: what it is, who answers for it, what it does."""

from functools import reduce
from operator import or_

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty, ServiceGroup
from communities.models import Level, Region
from communities.models.region import characters
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.ledger import Mergeable, live, not_in_the_future
from linkage.foundation.standards import mask_phone, normalise_uscc, validate_uscc
from organizations import rules
from organizations.codes import (
    WITH_SHARE_OF_POSTS,
    ActivityDomain,
    HandlingTier,
    OrgForm,
    OrgStatus,
    OrgSubtype,
    Scale,
)
from organizations.models import remarks
from organizations.models.questions import SocialOrganizationQuerySet


def _code_begins_as_its_form_wants():
    """The first two characters of the credit code say the legal form (GB 32100)."""
    return reduce(
        or_,
        (Q(legal_form=form, uscc__startswith=start) for form, start in rules.USCC_BEGINS.items()),
    )


@journal.tracked()
class SocialOrganization(Mergeable):
    """A social organisation of any of the three tiers (CQ-2.2.2).

    ``region`` is where it is at home: a community, or the place of its authority, at any level; it is kept
    there. Tier and status change by the verbs of ``services`` only, which leave a row each.
    """

    duties = (Duty.ORGANIZATION,)
    sealed = {"leader_phone": mask_phone}

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="organizations",
        verbose_name=_("home place"),
        help_text=_(
            "The community it belongs to; for an organisation of a wider circle its street, county or city."
        ),
    )
    name = models.CharField(_("name of the organisation"), max_length=100, db_collation="C")
    tier = models.CharField(
        _("handling tier"),
        max_length=10,
        choices=HandlingTier,
        help_text=_(
            "Registered with civil affairs; or managed and filed by the street; or on the roster of the "
            "community, led by its Party organisation and guided by its committee 〔重庆2018 二(二)2〕."
        ),
    )
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        blank=True,
        db_collation="C",
        validators=[validate_uscc],
        help_text=_("18 characters; needed where the organisation is registered."),
    )
    external_id = models.CharField(
        _("number in another system"), max_length=64, blank=True, help_text=_("For exchange of data.")
    )
    legal_form = models.CharField(_("legal form"), max_length=20, choices=OrgForm, blank=True)
    subtypes = CodesField(_("types"), OrgSubtype)
    is_community_org = models.BooleanField(
        _("community social organisation"),
        default=True,
        help_text=_("It is at home in a community or serves chiefly its residents."),
    )
    status = models.CharField(_("status"), max_length=10, choices=OrgStatus, default=OrgStatus.ACTIVE)
    established_on = models.DateField(
        _("established on"), null=True, blank=True, validators=[not_in_the_future]
    )

    # Registration
    registered_on = models.DateField(
        _("registered on"), null=True, blank=True, validators=[not_in_the_future]
    )
    registration_authority = models.CharField(_("registration authority"), max_length=100, blank=True)
    supervisory_unit = models.CharField(
        _("competent supervisory unit"),
        max_length=100,
        blank=True,
        help_text=_("Empty where the organisation was registered directly."),
    )
    direct_registration = models.BooleanField(
        _("registered directly"),
        default=False,
        help_text=_("Without a competent supervisory unit 〔甘肃2016 四(二)〕."),
    )

    # Filing by the street (WH-3.2.1b)
    filing_number = models.CharField(_("filing number"), max_length=40, blank=True, db_collation="C")
    filing_street = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filed_organizations",
        verbose_name=_("filed with"),
        limit_choices_to={"level__in": [Level.COUNTY, Level.STREET]},
        help_text=_("The street or township; left empty, the one of the home place."),
    )
    filed_on = models.DateField(_("filed on"), null=True, blank=True, validators=[not_in_the_future])
    filing_valid_to = models.DateField(_("filing valid until"), null=True, blank=True)

    # What it is and does (CQ-2.2.2c)
    scale = models.CharField(_("scale"), max_length=10, choices=Scale, blank=True)
    individual_members = models.PositiveIntegerField(_("individual members"), null=True, blank=True)
    unit_members = models.PositiveIntegerField(_("unit members"), null=True, blank=True)
    membership = models.CharField(
        _("make-up of the membership"),
        max_length=200,
        blank=True,
        help_text=_("Who the members are, such as retired teachers, resident leaders, units of the place."),
    )
    business_scope = models.TextField(_("business scope"), max_length=1000, blank=True)
    service_targets = CodesField(_("people served"), ServiceGroup)
    domains = CodesField(
        _("fields of activity"), ActivityDomain, help_text=_("The nine fields of 〔重庆2018 二(一)3〕.")
    )
    initial_funds = models.DecimalField(
        _("registered funds (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)
    founded_by_street = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="founded_organizations",
        verbose_name=_("founded by the street"),
        limit_choices_to={"level": Level.STREET},
        help_text=_("Where a street or township has founded it 〔威海2015 三(三)3〕."),
    )

    # Leader, charter, Party (HB-3.1c)
    leader_name = models.CharField(_("leader"), max_length=50, blank=True)
    leader_phone = EncryptedTextField(_("telephone of the leader"), blank=True, default="")
    leader_phone_hash = models.CharField(
        max_length=64, blank=True, default="", editable=False, db_collation="C"
    )
    leader_recommended = models.BooleanField(
        _("leader recommended by the Party organisation"),
        default=False,
        help_text=_(
            "Recommended by the Party organisation and made leader by the legal way 〔河北2021 三(一)〕."
        ),
    )
    charter_adopted_on = models.DateField(
        _("charter adopted on"), null=True, blank=True, validators=[not_in_the_future]
    )
    charter_party_clause = models.BooleanField(_("Party building stands in the charter"), default=False)
    party_members = models.PositiveIntegerField(
        _("Party members"),
        null=True,
        blank=True,
        help_text=_("Full members working here. From three on a Party organisation is to be built."),
    )

    # Charity (HB-3.2e)
    is_charity = models.BooleanField(_("charitable organisation"), default=False)
    charity_since = models.DateField(
        _("charitable organisation since"), null=True, blank=True, validators=[not_in_the_future]
    )
    public_fundraising = models.BooleanField(_("qualified for public fundraising"), default=False)

    objects = live(SocialOrganizationQuerySet)
    everything = SocialOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("social organisation")
        verbose_name_plural = _("social organisations")
        ordering = ["region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc="") & Q(removed_at__isnull=True),
                name="organization_once_per_uscc",
                violation_error_message=_(
                    "An organisation with this credit code is in the register already; perhaps another place "
                    "keeps it. Ask the level above."
                ),
            ),
            models.UniqueConstraint(
                fields=["filing_street", "filing_number"],
                condition=~Q(filing_number="") & Q(removed_at__isnull=True),
                name="organization_once_per_filing_number",
                violation_error_message=_("This street has given this filing number already."),
            ),
            models.CheckConstraint(
                name="organization_registered_has_code_and_form",
                condition=~Q(tier=HandlingTier.REGISTERED)
                | Q(status=OrgStatus.PREPARING)
                | (~Q(uscc="") & ~Q(legal_form="")),
                violation_error_message=_(
                    "A registered organisation has a unified social credit code and a legal form."
                ),
            ),
            models.CheckConstraint(
                name="organization_code_agrees_with_its_form",
                condition=Q(uscc="")
                | ~Q(legal_form__in=list(rules.USCC_BEGINS))
                | _code_begins_as_its_form_wants(),
                violation_error_message=_("The credit code does not fit the legal form."),
            ),
            models.CheckConstraint(
                name="organization_filed_has_number_and_street",
                condition=~Q(tier=HandlingTier.FILED)
                | (~Q(filing_number="") & Q(filing_street__isnull=False)),
                violation_error_message=_("A filed organisation has a filing number and a street."),
            ),
            models.CheckConstraint(
                name="organization_direct_has_no_supervisor",
                condition=Q(direct_registration=False) | Q(supervisory_unit=""),
                violation_error_message=_(
                    "An organisation registered directly has no competent supervisory unit."
                ),
            ),
            models.CheckConstraint(
                name="organization_only_charities_raise_funds",
                condition=Q(public_fundraising=False) | Q(is_charity=True),
                violation_error_message=_(
                    "Only a charitable organisation can be qualified for public fundraising."
                ),
            ),
            models.CheckConstraint(
                name="organization_funds_not_negative",
                condition=Q(initial_funds__isnull=True) | Q(initial_funds__gte=0),
            ),
        ]
        indexes = [
            GinIndex(characters(F("name")), name="organization_name_characters"),
            GinIndex(fields=["subtypes"], name="organization_subtypes"),
            models.Index(
                fields=["leader_phone_hash"],
                condition=~Q(leader_phone_hash=""),
                name="organization_leader_phone",
            ),
            # Who is registered is asked of all of them (inspections, charters), and they are one in ten.
            models.Index(
                fields=["id", "region", "status", "registered_on"],
                condition=Q(tier=HandlingTier.REGISTERED, removed_at__isnull=True),
                name="organization_registered",
            ),
            models.Index(fields=["uscc"], name="organization_uscc"),
            models.Index(
                fields=["filing_number"],
                condition=~Q(filing_number=""),
                name="organization_filing_number",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_registered(self):
        return self.tier == HandlingTier.REGISTERED

    @property
    def is_working(self):
        return self.status in rules.WORKING

    def clean(self):
        problems = {}
        self.name = "".join((self.name or "").split())
        self.uscc = normalise_uscc(self.uscc)
        beginning = rules.USCC_BEGINS.get(self.legal_form)
        if self.is_registered and self.status != OrgStatus.PREPARING:
            if not self.uscc:
                problems["uscc"] = _("A registered organisation has a unified social credit code.")
            if not self.legal_form:
                problems["legal_form"] = _("A registered organisation has a legal form.")
        if self.uscc and beginning and not self.uscc.startswith(beginning):
            problems["uscc"] = gettext("The credit code of this legal form begins with %s.") % beginning
        if self.tier == HandlingTier.GUIDED and self.region_id and not self.region.is_community:
            problems["region"] = _("What a community guides is at home in that community.")
        problems |= self._wrong_filing() | self._wrong_days()
        if self.direct_registration and self.supervisory_unit:
            problems["supervisory_unit"] = _(
                "An organisation registered directly has no competent supervisory unit."
            )
        if self.public_fundraising and not self.is_charity:
            problems["public_fundraising"] = _(
                "Only a charitable organisation can be qualified for public fundraising."
            )
        if problems:
            raise ValidationError(problems)

    def _wrong_filing(self):
        problems = {}
        if self.tier == HandlingTier.FILED:
            if self.filing_street_id is None and self.region_id:
                self.filing_street = self.region.ancestor_at(Level.STREET)
            if self.filing_street_id is None:
                problems["filing_street"] = _("Say which street or township has filed it.")
            if not self.filing_number:
                problems["filing_number"] = _("A filed organisation has a filing number.")
        if self.filed_on and self.filing_valid_to and self.filing_valid_to < self.filed_on:
            problems["filing_valid_to"] = _("The last day lies before the first.")
        return problems

    def _wrong_days(self):
        if self.established_on and self.registered_on and self.registered_on < self.established_on:
            return {"registered_on": _("Registered before it was established.")}
        return {}

    # What is remarked, though it may stand

    def should_build_party(self):
        """Three Party members or more (党章 30)."""
        return self.is_working and (self.party_members or 0) >= rules.PARTY_MEMBERS

    def party_organization(self, on=None):
        """The Party organisation of that day, or None."""
        return self.party_organizations.standing().on(on).first()

    @property
    def is_held_to_the_share(self):
        """Whether 70 % of its posts are to be social work (CQ-2.2.3h)."""
        return bool(set(self.subtypes) & set(WITH_SHARE_OF_POSTS))

    def warnings(self, on=None):
        """Sentences for the head of the form: what localities may allow, and what should be done."""
        on = on or timezone.localdate()
        if not self.is_working:
            return []
        found = [*remarks.of_the_register(self), *remarks.of_the_days(self, on)]
        if self.should_build_party() and self.party_organization(on) is None:
            found.append(
                gettext("It has %s Party members and no Party organisation yet.") % self.party_members
            )
        return found
