"""常用意见: wordings a person or an office uses again and again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from projects.models.record import Verdict


class PhraseQuerySet(models.QuerySet):
    def offered_to(self, user):
        """One's own and those of the offices one works in or administers, the most used first."""
        offices = {post.office_id for post in user.current_posts if post.files or post.administers}
        return self.filter(Q(user_id=user.pk) | Q(office__in=offices)).order_by("-used", "pk")


class Phrase(models.Model):
    """One wording for one verdict, of a person or of an office. ``used`` counts decisions that said so."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="phrases", verbose_name=_("person")
    )
    office = models.ForeignKey(
        Office, models.CASCADE, null=True, related_name="phrases", verbose_name=_("office")
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    text = models.CharField(_("wording"), max_length=200)
    used = models.PositiveIntegerField(_("times used"), default=0)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ["-used", "pk"]
        constraints = [
            models.CheckConstraint(
                name="phrase_of_a_person_or_an_office",
                condition=Q(user__isnull=True, office__isnull=False)
                | Q(user__isnull=False, office__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user", "office", "verdict", "text"], name="phrase_once", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return self.text
