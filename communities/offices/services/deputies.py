"""Who stands in for whom (AB角): named by the holder of the post or by an administrator of its place."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.offices import rules
from communities.offices.models import Deputy, Post, User
from linkage.foundation import journal
from linkage.foundation.errors import NotNow

LONGEST = timedelta(days=366)


def colleagues(post, day=None):
    """Who may stand in for this post: the others who work in the same office."""
    there = Post.objects.current(day).filter(office=post.office_id, role__in=Post.FILING)
    return User.objects.filter(is_active=True, pk__in=there.values("user")).exclude(pk=post.user_id)


@transaction.atomic
def name_deputy(post, deputy, *, by, starts_on, ends_on, reason):
    """Let a colleague act in this post from a day to a day, both counted."""
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("office__region", "user").get(pk=post.pk)
    )
    by.ask_posts_anew()
    if not rules.may_name_deputy(by, post):
        raise PermissionDenied
    today = timezone.localdate()
    if not post.is_current():
        raise NotNow(_("This post has ended already."))
    problems = {}
    if not post.decides:
        problems["post"] = [_("Only reviewers and leaders have deputies; every clerk of an office files.")]
    if deputy is None or not colleagues(post).filter(pk=deputy.pk).exists():
        problems["deputy"] = [_("Choose a colleague who works in the same office.")]
    if reason not in Deputy.Reason.values:
        problems["reason"] = [_("Choose a reason.")]
    if starts_on < today:
        problems["starts_on"] = [_("A deputy cannot begin in the past.")]
    if ends_on < max(starts_on, today):
        problems["ends_on"] = [_("The last day lies before the first.")]
    elif ends_on - starts_on > LONGEST:
        problems["ends_on"] = [_("At most a year; for longer, appoint somebody.")]
    if problems:
        raise ValidationError(problems)
    if post.deputies.not_over().filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise NotNow(_("On some of these days the post has a deputy already. End that one first."))
    named = Deputy.objects.create(
        post=post, user=deputy, reason=reason, starts_on=starts_on, ends_on=ends_on, named_by=by
    )
    journal.record("deputy_named", by=by, target=post.user, facts={"post": post.pk, "deputy": deputy.pk})
    return named


@transaction.atomic
def end_deputy(deputy, *, by):
    """From the next request on the deputy has no right from this post; what was decided stays decided."""
    deputy = (
        Deputy.objects.select_for_update(of=("self",))
        .select_related("post__office__region", "post__user")
        .get(pk=deputy.pk)
    )
    by.ask_posts_anew()
    if not rules.may_name_deputy(by, deputy.post):
        raise PermissionDenied
    if deputy.ended_at is not None or deputy.ends_on < timezone.localdate():
        raise NotNow(_("This has ended already."))
    deputy.ended_at = timezone.now()
    deputy.save(update_fields=["ended_at"])
    journal.record("deputy_ended", by=by, target=deputy.post.user, facts={"post": deputy.post_id})
    return deputy
