"""Who answers for a place: offices act, people hold posts in them, rights follow the post."""

import copy
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.journal import tracked
from linkage.foundation.prepared import Prepared
from linkage.foundation.scope import ScopedQuerySet, under


class OfficeQuerySet(ScopedQuerySet):
    def open_on(self, day):
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def serving(self, region, day=None):
        """The open office that answers for this very region."""
        return self.open_on(day or timezone.localdate()).filter(region=region)


@tracked()
class Office(models.Model):
    """The body that answers for a region at one level. Its name is data (DOMAIN §0.5)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="offices", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=100)
    phone = models.CharField(_("office telephone"), max_length=40, blank=True)
    opened_on = models.DateField(_("opened on"), default=timezone.localdate)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("taken over by"),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["region__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=Q(closed_on__isnull=True), name="office_one_open_per_region"
            ),
            models.CheckConstraint(
                name="office_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="office_successor_only_when_closed",
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def level(self):
        return self.region.level

    @property
    def is_closed(self):
        """Nobody answers here any more from today on; who took it over, ``heir`` says."""
        return self.closed_on is not None and self.closed_on <= timezone.localdate()

    @property
    def heir(self):
        """The office that answers today: this one, or whoever took it over in the end."""
        office, seen = self, set()
        while office.successor_id and office.pk not in seen:
            seen.add(office.pk)
            office = office.successor
        return office


class PostQuerySet(ScopedQuerySet):
    region_path = "office__region__path"

    def current(self, day=None):
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day, ended_at__isnull=True).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def nearest_administrators(self, region):
        """Those who keep accounts today, in this place or the nearest one above it that has any."""
        above = [region.pk, *(place.pk for place in region.ancestors)]
        posts = self.current().filter(role="administrator", office__region__in=above, user__is_active=True)
        found = list(posts.select_related("user", "office__region").order_by("-office__region__level", "pk"))
        return [post for post in found if post.office.region_id == found[0].office.region_id]


@tracked()
class Post(models.Model):
    """A person's appointment to an office, from a day to a day."""

    class Role(models.TextChoices):
        CLERK = "clerk", _("clerk")
        REVIEWER = "reviewer", _("reviewer")
        LEADER = "leader", _("leader")
        OBSERVER = "observer", _("observer")
        ADMINISTRATOR = "administrator", _("administrator")

    DECIDING = (Role.REVIEWER, Role.LEADER)
    FILING = (Role.CLERK, Role.REVIEWER, Role.LEADER)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", verbose_name=_("person")
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts", verbose_name=_("office"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    section = models.CharField(_("section"), max_length=40, blank=True)
    duty = models.CharField(
        _("registers kept"),
        max_length=20,
        choices=Duty,
        blank=True,
        help_text=_("The part of the registers this post sees and writes; without a choice, all of them."),
    )
    full_exports = models.BooleanField(
        _("may export full numbers"),
        default=False,
        editable=False,
        help_text=_("Given by an administrator with a reason; each such export is written down."),
    )
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office", "role"],
                condition=Q(valid_to__isnull=True, ended_at__isnull=True),
                name="post_held_once",
            ),
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.office} · {self.get_role_display()}"

    def is_current(self, day=None):
        """The same as ``current()`` of the queryset, for a row at hand."""
        day = day or timezone.localdate()
        ended = self.ended_at is not None or (self.valid_to is not None and self.valid_to < day)
        return self.valid_from <= day and not ended

    def narrowed_to(self, place):
        """This post as it looks at no more than one place, and only looks; None where they do not meet."""
        region = self.office.region
        if not (region.contains(place) or place.contains(region)):
            return None
        narrowed, narrowed.office = copy.copy(self), copy.copy(self.office)
        narrowed.role, narrowed.took_over = self.Role.OBSERVER, False
        narrowed.office.region = place if region.contains(place) else region
        return narrowed

    def signed_by(self, user):
        """How a person signs in this post: with the own name, a deputy with both names."""
        if self.user_id == user.pk:
            return str(user)
        return _("%(deputy)s (for %(holder)s)") % {"deputy": user, "holder": self.user}

    @property
    def told(self):
        """What rights hang on; of a post read as one of ``current_posts``."""
        office = self.office
        rights = self.role, self.section, self.duty, self.full_exports
        return self.office_id, *rights, office.region.path, self.took_over

    @property
    def decides(self):
        return self.role in self.DECIDING

    @property
    def files(self):
        return self.role in self.FILING

    @property
    def leads(self):
        return self.role == self.Role.LEADER

    @property
    def administers(self):
        return self.role == self.Role.ADMINISTRATOR


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The people with a post, past or present, under the places where this person holds one."""
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        theirs = Q()
        for post in user.current_posts:
            theirs |= under("posts__office__region__path", post.office.region.path)
        return self.filter(theirs).distinct()


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    """Creates accounts and answers the questions of ``UserQuerySet``."""


@tracked(exclude=["last_login", "failed_logins", "locked_until"])
class User(AbstractUser):
    """An account. It has rights only through its posts; superusers need posts too."""

    name = models.CharField(_("name"), max_length=50, blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True, default="")
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    failed_logins = models.PositiveSmallIntegerField(_("failed sign-ins"), default=0, editable=False)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True, editable=False)

    first_name = None
    last_name = None

    objects = AccountManager()
    narrowed_to = None  # the place of the token by which this person comes, if it has one

    REQUIRED_FIELDS = ["name"]

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    @cached_property
    def current_posts(self):
        """Posts held today in open offices or in offices taken over by an open one, main one first, and
        behind one's own those of colleagues one stands in for today.

        Cached on the instance, and every request loads a new instance: a changed post bites at once.
        """
        if not self.is_active:
            return []
        posts = posts_on(user=self.pk, day=timezone.localdate())
        if self.narrowed_to is not None:
            posts = filter(None, [post.narrowed_to(self.narrowed_to) for post in posts])
        return sorted(posts, key=lambda post: (post.office.region.level, post.user_id != self.pk, post.pk))

    def narrow_to(self, place):
        """From here on this person looks at what lies both under their posts and under this place.

        Every ``visible_to`` reads ``current_posts``, so nothing else has to know. The offices are not
        acted for: neither does one decide, nor see what an office is party to elsewhere.
        """
        self.narrowed_to = place
        self._forget_posts()

    def ask_posts_anew(self):
        """Forget what was known of the posts unless it still stands: they may have ended meanwhile.

        The question is asked of the database each time.
        """
        if "current_posts" in self.__dict__:
            now = posts_on(user=self.pk, day=timezone.localdate())
            if {post.pk: post.told for post in now} == {post.pk: post.told for post in self.current_posts}:
                return
        self._forget_posts()

    def _forget_posts(self):
        for name in (
            *("current_posts", "deciding_offices", "working_offices", "decides_as"),
            *("answerable_offices", "_taken_over"),
            *("files_for", "places_taken_over"),
        ):
            self.__dict__.pop(name, None)

    @property
    def main_post(self):
        return self.current_posts[0] if self.current_posts else None

    @property
    def home_region(self):
        return self.main_post.office.region if self.main_post else None

    @cached_property
    def deciding_offices(self):
        """Ids of the offices this person decides for: their own and every one those took over."""
        return self.with_predecessors({post.office_id for post in self.current_posts if post.decides})

    @cached_property
    def answerable_offices(self):
        """Ids of all offices this person sits in, whatever the role, with every one those took over."""
        if self.narrowed_to is not None:
            return set()
        return self.with_predecessors({post.office_id for post in self.current_posts})

    @cached_property
    def working_offices(self):
        """Ids of the offices this person works in themselves, and of every one those took over."""
        posts = [post for post in self.current_posts if post.files and post.user_id == self.pk]
        return self.with_predecessors({post.office_id for post in posts})

    @cached_property
    def files_for(self):
        """Ids of the places this person files for: of the own offices and of every one these took over."""
        own = {post.office_id: post.office.region_id for post in self.current_posts if post.files}
        return set(own.values()) | _places(self.with_predecessors(set(own)) - set(own))

    @cached_property
    def places_taken_over(self):
        """Ids of the places whose offices were taken over by one this person sits in."""
        return _places(self.answerable_offices - {post.office_id for post in self.current_posts})

    @cached_property
    def decides_as(self):
        """For oneself and for each one stands in for: ``(holder, offices decided for, those led)``, ids."""
        found = {}
        for post in self.current_posts:
            if post.decides:
                decided, led = found.setdefault(post.user_id, (set(), set()))
                decided.add(post.office_id)
                led |= {post.office_id} if post.leads else set()
        return [
            (holder, self.with_predecessors(decided), self.with_predecessors(led))
            for holder, (decided, led) in found.items()
        ]

    def with_predecessors(self, found):
        """Ids of these offices of this person and of every one they took over, however far back."""
        edge = found
        while edge:
            edge = {office for taker in edge for office in self._taken_over.get(taker, ())} - found
            found = found | edge
        return found

    @cached_property
    def _taken_over(self):
        """Office id to the ids of those it took over, for every office of this person, however far back."""
        found, edge = {}, {post.office_id for post in self.current_posts if post.took_over}
        while edge:
            taken = Office.objects.filter(successor__in=edge).order_by().values_list("successor_id", "pk")
            edge = set()
            for taker, office in taken:
                found.setdefault(taker, set()).add(office)
                edge.add(office)
            edge -= set(found)
        return found

    @property
    def audiences(self):
        """The capacities in which this person is told things: "office:12" for each office they answer for."""
        return [f"office:{pk}" for pk in sorted(self.answerable_offices)]

    def decides_for(self, office):
        """Does this person hold a deciding post in ``office``, or in its successor, today?"""
        return office is not None and office.pk in self.deciding_offices

    def posts_deciding_for(self, office):
        """The posts by which this person decides for ``office`` or its successor, one's own first."""
        deciding = [post for post in self.current_posts if post.decides]
        theirs = [post for post in deciding if office.pk in self.with_predecessors({post.office_id})]
        return sorted(theirs, key=lambda post: post.user_id != self.pk)

    @property
    def administers(self):
        return any(post.administers for post in self.current_posts)

    @property
    def is_locked(self):
        return self.locked_until is not None and self.locked_until > timezone.now()


def _posts_on(user, day):
    """The posts one holds on that day, and those in which one stands in for colleagues."""
    taken_over = Office.objects.filter(successor=OuterRef("office"))
    deputies = Post._meta.get_field("deputies").related_model.objects
    held = Post.objects.filter(user=user).order_by().values("pk")
    lent = deputies.standing(day).filter(user=user).order_by().values("post")
    posts = Post.objects.filter(pk__in=held.union(lent, all=True)).current(day)
    return posts.annotate(took_over=Exists(taken_over)).select_related("office__region", "user")


# Every request of everybody who has signed in begins with this question.
posts_on = Prepared(_posts_on, user=-1, day=date.min)


def _places(offices):
    """The regions these offices answered for; no question where there are none."""
    if not offices:
        return set()
    return set(Office.objects.filter(pk__in=offices).order_by().values_list("region_id", flat=True))
