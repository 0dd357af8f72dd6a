"""AB角: who stands in for whom in a post, from a day to a day."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.offices.models.office import Post
from linkage.foundation.journal import tracked
from linkage.foundation.scope import ScopedQuerySet


class DeputyQuerySet(ScopedQuerySet):
    region_path = "post__office__region__path"

    def not_over(self, day=None):
        return self.filter(ended_at__isnull=True, ends_on__gte=day or timezone.localdate())

    def standing(self, day=None):
        """Those that count today: the holder still has an open account, the deputy a post of their own.

        Whether the post itself still runs, ``Post.current()`` says. Asked anew at every request, so
        nothing has to be switched off when a day is over or a person is gone.
        """
        day = day or timezone.localdate()
        own = Post.objects.current(day).filter(
            user=OuterRef("user"), office=OuterRef("post__office"), role__in=Post.FILING
        )
        return self.not_over(day).filter(Exists(own), starts_on__lte=day, post__user__is_active=True)


class DayRange(Func):
    """The days from one to another, both counted."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s, '[]')"


@tracked()
class Deputy(models.Model):
    """代理: a colleague acts in a post while its holder is away, never for longer than a year.

    A deputy has what the post has and no more, and cannot hand it on: who stands in for the deputy
    stands in the deputy's own posts only.
    """

    class Reason(models.TextChoices):
        LEAVE = "leave", _("leave")
        TRAVEL = "travel", _("business trip")
        TRAINING = "training", _("training")
        OTHER = "other", _("other duties")

    post = models.ForeignKey(Post, models.CASCADE, related_name="deputies", verbose_name=_("post"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deputyships", verbose_name=_("deputy")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("to"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("named by")
    )

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="deputy_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on"))
            ),
            ExclusionConstraint(
                name="deputy_one_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (DayRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self):
        return _("%(deputy)s (for %(holder)s)") % {"deputy": self.user, "holder": self.post.user}

    @property
    def is_running(self):
        return self.starts_on <= timezone.localdate()


def people_in(office, roles):
    """``{user pk: audience}``: who holds such a post today in the office that answers, or stands in there."""
    heir = office.heir
    held = Post.objects.current().filter(office=heir, role__in=roles)
    deputies = Deputy.objects.standing().filter(post__in=held)
    found = {*held.values_list("user_id", flat=True), *deputies.values_list("user_id", flat=True)}
    return dict.fromkeys(sorted(found), f"office:{heir.pk}")
