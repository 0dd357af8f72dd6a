"""Professional posts of social work, who holds them, and how many posts an organisation has in all."""

from fractions import Fraction

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.facilities.models import ServiceFacility, Station
from communities.models import Region
from communities.models.region import characters
from linkage.foundation import journal
from linkage.foundation.counting import number_of
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from organizations.codes import WITH_SHARE_OF_POSTS
from organizations.models import SocialOrganization
from socialwork import rules
from socialwork.codes import StaffingSource

from .worker import SocialWorker


def days_of(first="valid_from", last="valid_to"):
    """The span of a row as a range of days, both included, for constraints."""
    return Func(F(first), F(last), Value("[]"), function="daterange", output_field=DateRangeField())


class SocialWorkPostQuerySet(EntryQuerySet):
    def on(self, day=None):
        """The posts that exist on that day, held or vacant."""
        day = day or timezone.localdate()
        return self.filter(established_on__lte=day).filter(
            Q(abolished_on__isnull=True) | Q(abolished_on__gt=day)
        )

    def established_in(self, year):
        """岗位开发: the posts newly made in a year (GS-6.6)."""
        return self.filter(established_on__year=year)

    def held(self, on=None):
        return self.on(on).filter(Exists(PostHolding.objects.on(on).filter(post=OuterRef("pk"))))

    def vacant(self, on=None):
        """Nobody sits there that day."""
        return self.on(on).filter(~Exists(PostHolding.objects.on(on).filter(post=OuterRef("pk"))))

    def with_incumbent(self, on=None):
        """Each with the name of who holds it on that day (``incumbent``)."""
        sitting = PostHolding.objects.on(on).filter(post=OuterRef("pk"))
        return self.annotate(incumbent=Subquery(sitting.values("worker__name")[:1]))


@journal.tracked()
class SocialWorkPost(Mergeable):
    """A professional post of social work (CQ-2.1.1, CQ-2.2.3g, CQ-2.2.3i, WH-3.3.1c).

    It belongs to the community ``region``, or to a facility, a station or an organisation there. One row
    is one post: what is counted of a community are posts, held or vacant, not people.
    """

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="social_work_posts",
        verbose_name=_("place"),
        help_text=_(
            "The community the post is meant for, or the street or county; the posts of a community are "
            "counted here 〔重庆2018 二(二)3〕."
        ),
    )
    name = models.CharField(_("name of the post"), max_length=60, db_collation="C")
    establishing_body = models.CharField(
        _("post established by"),
        max_length=100,
        help_text=_("The body that has set up the post, such as the street office or an agency."),
    )
    basis = models.CharField(
        _("basis"), max_length=100, blank=True, help_text=_("Number of the document, where there is one.")
    )
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="social_work_posts",
        verbose_name=_("at the organisation"),
        help_text=_("Where the post is one of a social organisation; otherwise leave empty."),
    )
    facility = models.ForeignKey(
        ServiceFacility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="social_work_posts",
        verbose_name=_("at the facility"),
        help_text=_("Where the post is one of a service centre 〔威海2015 三(三)1〕."),
    )
    station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="social_work_posts",
        verbose_name=_("at the station"),
        help_text=_("Where the post is one of a social work station or studio."),
    )
    staffing_source = models.CharField(
        _("way of filling"),
        max_length=12,
        choices=StaffingSource,
        blank=True,
        help_text=_("As planned; how somebody really came is said with the holding."),
    )
    established_on = models.DateField(_("post established on"), validators=[not_in_the_future])
    abolished_on = models.DateField(_("post abolished on"), null=True, blank=True)

    objects = live(SocialWorkPostQuerySet)
    everything = SocialWorkPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("social work post")
        verbose_name_plural = _("social work posts")
        ordering = ["region__path", "pk"]
        constraints = [
            models.CheckConstraint(
                name="socialworkpost_abolished_after_established",
                condition=Q(abolished_on__isnull=True) | Q(abolished_on__gt=F("established_on")),
                violation_error_message=_("The day of abolition does not lie after that of establishing."),
            ),
            models.CheckConstraint(
                name="socialworkpost_at_one_place",
                condition=Q(organization__isnull=True, facility__isnull=True)
                | Q(organization__isnull=True, station__isnull=True)
                | Q(facility__isnull=True, station__isnull=True),
                violation_error_message=_(
                    "A post is at an organisation, a facility or a station: choose one."
                ),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="socialworkpost_name_characters")]

    def __str__(self):
        return f"{self.name}（{self.seat}）"

    @property
    def seat(self):
        """Where the post is one of."""
        return self.organization or self.facility or self.station or self.region

    def clean(self):
        super().clean()
        problems = {}
        for name in ("facility", "station"):
            seat = getattr(self, name)
            if seat is not None and self.region_id and not _on_one_way(seat.region, self.region):
                problems[name] = _("It lies at another place than the post.")
        if problems:
            raise ValidationError(problems)

    def why_two(self, other):
        """One row is one post, and one post has one holder at a time."""
        mine, theirs = self.holdings.all(), other.holdings.all()
        if any(one.worker_id != two.worker_id and one.meets(two) for one in mine for two in theirs):
            return [_("Two people held them at one time: these are two posts.")]
        return []


def _on_one_way(one, other):
    """Does one of the two places lie in the other?"""
    return one.contains(other) or other.contains(one)


@journal.tracked()
class PostHolding(Spanned, Entry):
    """Who holds a post, from when to when, and how they came to it (WH-3.3.1d, WH-3.3.3b, YZ-2.3c)."""

    region_path = "post__region__path"
    duties = (Duty.SOCIAL_WORK,)

    post = models.ForeignKey(
        SocialWorkPost, models.CASCADE, related_name="holdings", verbose_name=_("social work post")
    )
    worker = models.ForeignKey(
        SocialWorker, models.CASCADE, related_name="holdings", verbose_name=_("social worker")
    )
    staffing_source = models.CharField(_("came by"), max_length=12, choices=StaffingSource)

    class Meta(Spanned.Meta):
        verbose_name = _("holding of a post")
        verbose_name_plural = _("holdings of posts")
        ordering = ["post__region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="postholding_one_at_a_time",
                expressions=[("post", RangeOperators.EQUAL), (days_of(), RangeOperators.OVERLAPS)],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("Somebody holds this post in these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.worker} · {self.post}"

    def clean(self):
        super().clean()
        problems = {}
        if self.post_id and self.valid_from and self.valid_from < self.post.established_on:
            problems["valid_from"] = _("Before the post was established.")
        ended = self.post.abolished_on if self.post_id else None
        if ended and (self.valid_to is None or self.valid_to >= ended):
            problems["valid_to"] = _("The post was abolished on %s.") % ended
        if problems:
            raise ValidationError(problems)


class PostTotalQuerySet(EntryQuerySet):
    def latest(self, on=None):
        """The newest row of each organisation that is not of a later day."""
        on = on or timezone.localdate()
        newer = self.model.objects.filter(
            organization=OuterRef("organization"), as_of__lte=on, as_of__gt=OuterRef("as_of")
        )
        return self.filter(as_of__lte=on).filter(~Exists(newer))

    def with_professional_posts(self):
        """Each with the number of social work posts its organisation had on that day."""
        theirs = SocialWorkPost.objects.filter(
            Q(abolished_on__isnull=True) | Q(abolished_on__gt=OuterRef("as_of")),
            organization=OuterRef("organization"),
            established_on__lte=OuterRef("as_of"),
        )
        return self.annotate(professional=number_of(theirs))

    def short_of_the_share(self, on=None):
        """Agencies and the like with less than 70 % professional posts (CQ-2.2.3h), by their latest row."""
        share = rules.PROFESSIONAL_SHARE
        return (
            self.latest(on)
            .filter(organization__subtypes__overlap=list(WITH_SHARE_OF_POSTS))
            .with_professional_posts()
            .filter(LessThan(F("professional") * share.denominator, F("total") * share.numerator))
        )


@journal.tracked()
class PostTotal(Entry):
    """How many posts an organisation has in all on a day: below the line of the 70 % rule (CQ-2.2.3h)."""

    region_path = "organization__region__path"
    duties = (Duty.SOCIAL_WORK, Duty.ORGANIZATION)

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="post_totals",
        verbose_name=_("social organisation"),
    )
    as_of = models.DateField(_("as of"), validators=[not_in_the_future])
    total = models.PositiveIntegerField(
        _("posts in all"),
        validators=[MinValueValidator(1)],
        help_text=_("Posts of every kind, held or vacant, the professional ones among them."),
    )
    source = models.CharField(_("source"), max_length=100)

    objects = live(PostTotalQuerySet)
    everything = PostTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("number of posts of an organisation")
        verbose_name_plural = _("numbers of posts of organisations")
        ordering = ["organization__region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "as_of"],
                condition=Q(removed_at__isnull=True),
                name="posttotal_once_per_day",
                violation_error_message=_("The number of that day is in the register already."),
            ),
            models.CheckConstraint(name="posttotal_positive", condition=Q(total__gt=0)),
        ]

    def __str__(self):
        return f"{self.organization} {self.as_of}"

    @property
    def professional_posts(self):
        """Social work posts among them; a list has asked for all its rows at once."""
        if "professional" not in self.__dict__:
            posts = SocialWorkPost.objects.on(self.as_of)
            self.professional = posts.filter(organization=self.organization_id).count()
        return self.professional

    @property
    def share(self):
        return Fraction(self.professional_posts, self.total)

    def warnings(self, on=None):
        facts = {"posts": self.professional_posts, "total": self.total}
        if self.professional_posts > self.total:
            text = gettext("The register has %(posts)s social work posts of it, more than posts in all.")
            return [text % facts]
        if self.organization.is_held_to_the_share and self.share < rules.PROFESSIONAL_SHARE:
            text = gettext(
                "Social work posts are %(posts)s of %(total)s; of an agency and of an organisation that "
                "mainly does social work they are at least 70%% 〔重庆2018 二(二)3〕."
            )
            return [text % facts]
        return []


def post_share(organization, on=None):
    """The share of social work posts among all posts of an organisation on a day, exactly (CQ-2.2.3h).

    None where nobody has said how many posts there are: an unknown share is not a share of nothing.
    """
    latest = PostTotal.objects.latest(on).filter(organization=organization).first()
    if latest is None:
        return None
    posts = SocialWorkPost.objects.on(on).filter(organization=organization).count()
    return Fraction(posts, latest.total)
