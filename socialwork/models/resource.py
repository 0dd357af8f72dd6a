"""Who else can be won: professionals of other crafts, people to be recruited, partners of a community."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from communities.models.region import characters
from communities.people.models import PersonRole
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.ledger import EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from organizations.models import SocialOrganization
from socialwork.codes import CooperationKind, Preference, Profession


class ProfessionalResourceQuerySet(EntryQuerySet):
    def of(self, *professions):
        return self.filter(professions__overlap=list(professions))


@journal.tracked()
class ProfessionalResource(PersonRole, Spanned, Mergeable):
    """A lawyer, counsellor or other professional who lends a hand (GS-4.3g); the talent pool of HB-3.5a."""

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="professional_resources", verbose_name=_("place")
    )
    professions = CodesField(_("professions"), Profession, blank=False)
    employer = models.CharField(_("work unit"), max_length=100, blank=True)
    licence = models.CharField(
        _("licence"), max_length=60, blank=True, help_text=_("Kind and number of the professional licence.")
    )
    services = models.CharField(
        _("what is offered"), max_length=200, blank=True, help_text=_("Such as legal advice on Saturdays.")
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True, validators=[not_in_the_future])

    objects = live(ProfessionalResourceQuerySet)
    everything = ProfessionalResourceQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("other professional")
        verbose_name_plural = _("other professionals")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "region"],
                condition=Q(removed_at__isnull=True),
                name="professionalresource_once_per_person_and_place",
                violation_error_message=_("This person is in the register of this place already."),
            ),
            models.CheckConstraint(
                name="professionalresource_has_a_profession", condition=~Q(professions=[])
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="professional_name_characters")]


class RecruitmentPostingQuerySet(EntryQuerySet):
    def open(self, on=None):
        on = on or timezone.localdate()
        return self.filter(opened_on__lte=on, closes_on__gte=on)

    def preferring(self, preference):
        return self.filter(preferences__contains=[preference])


@journal.tracked()
class RecruitmentPosting(Mergeable):
    """A call for social workers that says whom it prefers among equals (HB-3.5b, HB-3.5d)."""

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="recruitment_postings", verbose_name=_("place")
    )
    title = models.CharField(_("title"), max_length=100, db_collation="C")
    employer = models.CharField(_("employer"), max_length=100)
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recruitment_postings",
        verbose_name=_("social organisation"),
        help_text=_("Where the employer is one of the register."),
    )
    openings = models.PositiveSmallIntegerField(_("people wanted"), validators=[MinValueValidator(1)])
    requirements = models.TextField(_("requirements of the post"), max_length=1000, blank=True)
    preferences = CodesField(
        _("preferred among equals"),
        Preference,
        help_text=_("Whom 〔河北2021 三(五)〕 wants to be preferred where candidates are equal."),
    )
    opened_on = models.DateField(_("open from"))
    closes_on = models.DateField(_("open until"))
    hired = models.PositiveSmallIntegerField(
        _("people hired"), null=True, blank=True, help_text=_("When it is over.")
    )

    objects = live(RecruitmentPostingQuerySet)
    everything = RecruitmentPostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recruitment posting")
        verbose_name_plural = _("recruitment postings")
        ordering = ["region__path", "pk"]
        constraints = [
            models.CheckConstraint(
                name="recruitmentposting_closes_after_it_opens",
                condition=Q(closes_on__gte=F("opened_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if self.hired is not None and self.openings and self.hired > self.openings:
            raise ValidationError({"hired": _("More than were wanted.")})


@journal.tracked()
class Cooperation(Spanned, Mergeable):
    """A place and a school or enterprise train people together (HB-3.5a)."""

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(Region, models.PROTECT, related_name="cooperations", verbose_name=_("place"))
    kind = models.CharField(_("kind of partnership"), max_length=20, choices=CooperationKind)
    partner = models.CharField(_("partner"), max_length=100, db_collation="C")
    content = models.CharField(
        _("content of the partnership"),
        max_length=200,
        blank=True,
        help_text=_("Such as a community school, places for interns, a base of practice."),
    )

    class Meta(Spanned.Meta):
        verbose_name = _("training partnership")
        verbose_name_plural = _("training partnerships")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "kind", "partner"],
                condition=Q(removed_at__isnull=True),
                name="cooperation_once_per_partner",
                violation_error_message=_("This partnership is in the register already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.partner}"
