"""A registered volunteer, and the questions asked of all of them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Level, Region
from communities.models.region import characters
from communities.people.models import PersonRole
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.ledger import EntryQuerySet, Mergeable, live, not_in_the_future
from linkage.foundation.standards import mask_birthday, mask_phone
from socialwork.models import Certificate
from socialwork.volunteers import rules
from socialwork.volunteers.codes import LEADING, AvailableTime, GuardianRelation, VolunteerTag


class NextNumber(Func):
    """ZY0000000001 and so on, from a sequence: it says nothing of the person (MZ/T 061)."""

    template = "('ZY' || lpad(nextval('volunteers_number')::text, 10, '0'))"


def birthday(years):
    """The day on which somebody born on ``born_on`` reaches an age, in the database."""
    return Func(
        F("born_on"),
        template=f"((%(expressions)s + interval '{int(years)} years')::date)",
        output_field=models.DateField(),
    )


class VolunteerQuerySet(EntryQuerySet):
    def registered(self, on=None):
        """注册志愿者 on a day (GS-T13)."""
        on = on or timezone.localdate()
        return self.filter(registered_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))

    def people(self):
        """The human beings among these rows, each once."""
        return self.order_by().values("person").distinct()

    def residents(self):
        return self.filter(is_resident=True)

    def tagged(self, *tags):
        return self.filter(tags__overlap=list(tags))

    def party_members(self):
        return self.tagged(VolunteerTag.PARTY_MEMBER)

    def leading(self):
        """带头加入 (HB-3.5e): cadres, committee members, community staff, grid workers."""
        return self.tagged(*LEADING)

    def of_stars(self, number):
        """Those with exactly so many stars, by the sums the database keeps."""
        least, below = rules.star_span(number)
        served = VolunteerHours.objects.filter(volunteer=OuterRef("pk"), hours__gte=least)
        if below is not None:
            served = served.filter(hours__lt=below)
        if least == 0:
            beyond = VolunteerHours.objects.filter(volunteer=OuterRef("pk"), hours__gte=below)
            return self.filter(~Exists(beyond))
        return self.filter(Exists(served))

    def preferred_for_posts(self, on=None, *, known=None):
        """Volunteers who have passed the examination and are registered (HB-3.5d).

        ``known``: only by these certificates, such as those somebody sees.
        """
        on = on or timezone.localdate()
        certificates = Certificate.objects.all() if known is None else known
        theirs = certificates.registered(on).filter(person=OuterRef("person"))
        return self.registered(on).filter(Exists(theirs))


@journal.tracked()
class Volunteer(PersonRole, Mergeable):
    """A volunteer registered in a community (GS-4.3d, HB-3.5f, WH-3.4.1b).

    Registered of one's own will (志愿服务条例 7); a minor with the consent of a guardian, who under
    fourteen also consents to the personal data (个人信息保护法 31).
    """

    duties = (Duty.SOCIAL_WORK,)
    sealed = {**PersonRole.sealed, "guardian_phone": mask_phone, "born_on": mask_birthday}

    number = models.CharField(
        _("volunteer number"), max_length=12, db_default=NextNumber(), editable=False, db_collation="C"
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="volunteers",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    born_on = models.DateField(
        _("born on"),
        blank=True,
        help_text=_("Read from a resident identity number; with other papers type it."),
    )
    is_resident = models.BooleanField(
        _("resident of the community"),
        default=True,
        help_text=_("Or somebody from elsewhere who serves here."),
    )
    tags = CodesField(_("volunteer is also"), VolunteerTag)
    skills = models.CharField(
        _("skills"), max_length=200, blank=True, help_text=_("Such as first aid, hairdressing, legal advice.")
    )
    available = CodesField(_("time available"), AvailableTime)
    registered_on = models.DateField(
        _("registered as volunteer on"), default=timezone.localdate, validators=[not_in_the_future]
    )
    ended_on = models.DateField(
        _("registration ended on"),
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text=_("When the volunteer no longer wishes to be one. The service records stay."),
    )

    # Consent
    consented_on = models.DateField(
        _("own will declared on"),
        default=timezone.localdate,
        validators=[not_in_the_future],
        help_text=_("Nobody is registered against their will 〔志愿服务条例 7〕."),
    )
    may_publish = models.BooleanField(
        _("agrees to be named in public"),
        default=False,
        help_text=_("Without this nothing of the person is published 〔志愿服务条例 20〕."),
    )
    guardian_name = models.CharField(_("guardian"), max_length=50, blank=True, db_collation="C")
    guardian_phone = EncryptedTextField(_("telephone of the guardian"), blank=True, default="")
    guardian_relation = models.CharField(
        _("relation of the guardian"), max_length=12, choices=GuardianRelation, blank=True
    )
    guardian_consent_on = models.DateField(
        _("guardian consented on"),
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text=_("Needed of everybody under 18."),
    )
    data_consent_on = models.DateField(
        _("guardian consented to the data on"),
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text=_("Needed of everybody under 14, beside the consent above 〔个人信息保护法 31〕."),
    )

    objects = live(VolunteerQuerySet)
    everything = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ["region__path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="volunteer_number_once"),
            models.UniqueConstraint(
                fields=["person", "region"],
                condition=Q(removed_at__isnull=True),
                name="volunteer_once_per_person_and_community",
                violation_error_message=_("This person is a volunteer of this community already."),
            ),
            models.CheckConstraint(
                name="volunteer_ends_after_registering",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("registered_on")),
                violation_error_message=_("The end lies before the registration."),
            ),
            models.CheckConstraint(
                name="volunteer_minor_has_consent_of_guardian",
                condition=Q(registered_on__gte=birthday(rules.ADULT))
                | (~Q(guardian_name="") & ~Q(guardian_relation="") & Q(guardian_consent_on__isnull=False)),
                violation_error_message=_("A minor is registered only with the consent of a guardian."),
            ),
            models.CheckConstraint(
                name="volunteer_child_has_consent_to_data",
                condition=Q(registered_on__gte=birthday(rules.OWN_DATA)) | Q(data_consent_on__isnull=False),
                violation_error_message=_("Under 14 a guardian also consents to the personal data."),
            ),
        ]
        indexes = [
            GinIndex(characters(F("name")), name="volunteer_name_characters"),
            GinIndex(fields=["tags"], name="volunteer_tags"),
            models.Index(fields=["ended_on"], condition=Q(ended_on__isnull=False), name="volunteer_ended"),
            models.Index(fields=["phone_hash"], condition=~Q(phone_hash=""), name="volunteer_phone"),
        ]

    def __str__(self):
        return f"{self.name}（{self.number}）" if self.pk else self.name

    @property
    def hours(self):
        """Verified hours, as the database keeps them (``select_related("total")`` in lists)."""
        try:
            return self.total.hours
        except VolunteerHours.DoesNotExist:
            return 0

    @property
    def stars(self):
        return rules.stars(self.hours)

    def is_registered(self, on=None):
        on = on or timezone.localdate()
        return self.registered_on <= on and (self.ended_on is None or self.ended_on > on)

    def clean(self):
        super().clean()
        problems = {}
        if self.region_id and not self.region.is_community:
            problems["region"] = _("Choose a community.")
        if self.born_on and self.born_on > timezone.localdate():
            problems["born_on"] = _("This day has not come yet.")
        elif self.born_on and self.registered_on:
            problems |= self._consent_problems()
        if self.consented_on and self.registered_on and self.consented_on > self.registered_on:
            problems["consented_on"] = _("The will is declared before the registration.")
        if problems:
            raise ValidationError(problems)

    def _consent_problems(self):
        age = rules.age_on(self.born_on, self.registered_on)
        if age < 0:
            return {"registered_on": _("Before the day of birth.")}
        if age >= rules.ADULT:
            return {}
        words = _("Needed of a minor 〔民法典 17、27〕.")
        wanted = ("guardian_name", "guardian_phone", "guardian_relation", "guardian_consent_on")
        problems = {name: words for name in wanted if not getattr(self, name)}
        if age < rules.OWN_DATA and not self.data_consent_on:
            problems["data_consent_on"] = _("Needed under 14 〔个人信息保护法 31〕.")
        return problems


class VolunteerHours(models.Model):
    """The verified hours of a volunteer, kept by triggers on the service records; nobody writes here.

    Beside the volunteer, not in it: a form that saves a volunteer must not save an old sum.
    """

    volunteer = models.OneToOneField(
        Volunteer,
        models.CASCADE,
        primary_key=True,
        related_name="total",
        db_constraint=False,  # a merge moves the records, and with them the sums, by itself
        verbose_name=_("volunteer"),
    )
    hours = models.DecimalField(_("verified hours"), max_digits=9, decimal_places=2, default=0)
    records = models.IntegerField(_("verified records"), default=0)

    class Meta:
        verbose_name = _("verified hours of a volunteer")
        verbose_name_plural = _("verified hours of volunteers")
        indexes = [models.Index(fields=["hours"], name="volunteerhours_hours")]

    def __str__(self):
        return str(self.hours)


def star_choices():
    """``[(5, "★★★★★"), …, (0, "—")]`` of the steps in force."""
    steps = len(settings.STAR_HOURS)
    return [(number, "★" * number or "—") for number in range(steps, -1, -1)]
