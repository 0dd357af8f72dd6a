"""Accounts, and what a person may do today: nothing but what their posts give them."""

from datetime import date

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communities.models import ABOVE, Region
from communities.offices.models.office import Office, Post
from linkage.foundation.asides import Asides
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.journal import tracked
from linkage.foundation.prepared import Prepared
from linkage.foundation.scope import under


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
        return self._in_order(posts)

    def _in_order(self, posts):
        return sorted(posts, key=lambda post: (post.office.region.level, post.user_id != self.pk, post.pk))

    @classmethod
    def with_posts(cls, pk):
        """The active person of this number and their posts, in one question; None for whoever has no own."""
        posts = posts_on(user=pk, day=timezone.localdate())
        user = next((post.user for post in posts if post.user_id == pk), None)
        if user is None or not user.is_active:
            return None
        user.current_posts = user._in_order(posts)
        return user

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

    def place(self, code):
        """The place of this code within one's scope, None where there is none; one's own are at hand."""
        own = [post.office.region for post in self.current_posts]
        found = next((region for region in own if region.code == code), None)
        return found or Region.objects.visible_to(self).filter(code=code).select_related(ABOVE).first()

    @cached_property
    def asides(self):
        """The small questions of the page this person looks at."""
        return Asides(User.objects.filter(pk=self.pk))

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

    def under_administration(self, lookup):
        """What lies at or under a place this person administers; ``lookup`` leads to the path of a region."""
        found = Q(pk__in=[])
        for post in self.current_posts:
            if post.administers:
                found |= under(lookup, post.office.region.path)
        return found

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
    told = {"took_over": Exists(taken_over), "above": _above("office__region")}
    return posts.annotate(**told).select_related("office__region", "user")


NAMED = ("id", "code", "name", "level", "parent_id", "path")


def _above(place):
    """The places above this one, by their codes: joined to the posts, the whole tree would be read."""
    path = Func(OuterRef(f"{place}__path"), Value("/"), function="string_to_array")
    is_on_the_way = Func(
        F("code"), path, template="(%(expressions)s))", arg_joiner=" = ANY (", output_field=BooleanField()
    )
    rows = Region.objects.filter(is_on_the_way, level__lt=OuterRef(f"{place}__level")).order_by("path")
    return ArraySubquery(rows.values(told=JSONObject(**{name: name for name in NAMED})))


# Every request of everybody who has signed in begins with this question.
_posts = Prepared(_posts_on, user=-1, day=date.min)


def posts_on(user, day):
    """Each with its office, the place of that and those above it, which every page names."""
    found = _posts(user=user, day=day)
    for post in found:
        above = [[row[name] for name in NAMED] for row in post.above]
        post.office.region.ancestors = [Region.from_db(DEFAULT_DB_ALIAS, NAMED, row) for row in above]
    return found


def _places(offices):
    """The regions these offices answered for; no question where there are none."""
    if not offices:
        return set()
    return set(Office.objects.filter(pk__in=offices).order_by().values_list("region_id", flat=True))
