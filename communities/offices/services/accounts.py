"""What happens to offices, posts and accounts. Every change is journalled."""

import secrets
from datetime import timedelta

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from communities.codes import Duty
from communities.models import Level
from communities.offices import rules
from communities.offices.models import Office, Post, User
from communities.offices.services.closing import end_posts
from linkage.foundation import journal
from linkage.foundation.errors import NotNow

TRIES = 5
LOCKED_FOR = timedelta(minutes=30)
# Read aloud over a telephone without mistakes: no 0/O, 1/l/I.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_NOBODY = make_password(None)


def usual_office_name(region):
    """What the answering office of a place is normally called; exceptions are data on the region."""
    if region.body_name:
        return region.body_name
    name = region.name
    if region.level == Level.PROVINCE:
        return f"{name}民政局" if name.endswith("市") else f"{name}民政厅"
    if region.level in (Level.CITY, Level.COUNTY):
        return f"{name}民政局"
    if region.level == Level.STREET:
        if name.endswith(("街道", "街道办事处")):
            return f"{name.removesuffix('办事处')}办事处"
        return f"{name}人民政府" if name.endswith(("镇", "乡", "苏木")) else f"{name}管理委员会"
    for short, full in (("居委会", "居民委员会"), ("村委会", "村民委员会")):
        if name.endswith(short):
            return name.removesuffix(short) + full
    if name.endswith("委员会"):
        return name
    return f"{name}村民委员会" if region.committee == "villagers" else f"{name}居民委员会"


def sign_in(username, password, *, request=None):
    """The person with this name and password, or None. Five failures in a row lock for 30 minutes.

    The try is counted in the database before the password is looked at, so a hundred at once get
    five looks. Unknown names cost the same time and get the same answer.
    """
    now = timezone.now()
    lock_is_over = Q(locked_until__isnull=False, locked_until__lte=now)
    User.objects.filter(lock_is_over, username=username).update(failed_logins=0, locked_until=None)
    counted = User.objects.filter(username=username, is_active=True, failed_logins__lt=TRIES).update(
        failed_logins=F("failed_logins") + 1,
        locked_until=Case(
            When(failed_logins__gte=TRIES - 1, then=Value(now + LOCKED_FOR)), default=F("locked_until")
        ),
    )
    user = User.objects.filter(username=username).first() if counted else None
    if user is None:
        check_password(password, _NOBODY)
        journal.record("sign_in_refused", facts={"account": username[:150]}, request=request)
        return None
    if not user.check_password(password):
        journal.record("sign_in_refused", target=user, facts={"tries": user.failed_logins}, request=request)
        return None
    User.objects.filter(pk=user.pk).update(failed_logins=0, locked_until=None)
    user.refresh_from_db()
    return user


def is_locked(username):
    """Whether a wrong answer now is due to the lock; only told after the lock was earned."""
    return User.objects.filter(username=username, locked_until__gt=timezone.now()).exists()


@transaction.atomic
def open_office(region, *, by=None, name="", phone="", on=None):
    """The open office that answers for this place, made now if there is none."""
    standing = Office.objects.serving(region).first()
    if standing is not None:
        return standing
    if by is not None and not rules.administers_region(by, region):
        raise PermissionDenied
    try:
        with transaction.atomic():
            office = Office.objects.create(
                region=region,
                name=name.strip() or usual_office_name(region),
                phone=phone,
                opened_on=on or timezone.localdate(),
            )
    except IntegrityError:
        return Office.objects.serving(region).get()
    journal.record("office_opened", by=by, target=office)
    return office


@transaction.atomic
def rename_office(office, name, *, by):
    """Give an office its new name. What it signed under the old one keeps the old one."""
    office = Office.objects.select_for_update().select_related("region").get(pk=office.pk)
    _require_administrator(by, office.region)
    if not name.strip():
        raise ValidationError({"name": _("Enter the name of the office.")})
    old, office.name = office.name, name.strip()
    office.save()
    journal.record("office_renamed", by=by, target=office, facts={"before": old})
    return office


@transaction.atomic
def appoint(user, office, role, *, by, section="", duty="", on=None):
    """Give a person a post. An administrator of a level is appointed only from above it."""
    _require_may_appoint(by, office, role)
    if role not in Post.Role.values:
        raise ValidationError({"role": _("Choose a role.")})
    if duty and duty not in Duty.values:
        raise ValidationError({"duty": _("Choose a part of the registers.")})
    try:
        with transaction.atomic():
            post = Post.objects.create(
                user=user,
                office=office,
                role=role,
                section=section,
                duty=duty,
                valid_from=on or timezone.localdate(),
            )
    except IntegrityError:
        raise NotNow(_("The person holds this post already.")) from None
    if role == Post.Role.ADMINISTRATOR:
        User.objects.filter(pk=user.pk).update(is_staff=True)  # the registers open; the post says which rows
    journal.record("appointed", by=by, target=user, facts={"office": office.pk, "role": role})
    return post


@transaction.atomic
def dismiss(post, *, by):
    """End a post. From the next request on its rights are gone; what was done stays done."""
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("office__region", "user").get(pk=post.pk)
    )
    _require_may_appoint(by, post.office, post.role)
    if post.ended_at is not None:
        raise NotNow(_("This post has ended already."))
    end_posts(Post.objects.filter(pk=post.pk))
    journal.record("dismissed", by=by, target=post.user, facts={"office": post.office_id})


@transaction.atomic
def change_post(post, *, by, section="", duty=""):
    """Another section or part of the registers, from the next request on; office and role stay."""
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("office__region", "user").get(pk=post.pk)
    )
    _require_may_appoint(by, post.office, post.role)
    if not post.is_current():
        raise NotNow(_("This post has ended already."))
    if duty and duty not in Duty.values:
        raise ValidationError({"duty": _("Choose a part of the registers.")})
    post.section, post.duty = section, duty
    post.save(update_fields=["section", "duty"])
    journal.record("post_changed", by=by, target=post.user, facts={"office": post.office_id})
    return post


@transaction.atomic
def allow_full_exports(post, allowed, *, by, reason):
    """Let whoever files in this post export personal numbers in full, or take that back; with the reason."""
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("office__region", "user").get(pk=post.pk)
    )
    if not rules.may_keep_account(by, post.user):
        raise PermissionDenied
    reason = reason.strip()
    if len(reason) < 2 or len(reason) > 200:
        raise ValidationError({"reason": [_("Give the reason in a few words, at most 200 characters.")]})
    if not (post.is_current() and post.files):
        raise NotNow(_("Only a running post that files can be given this right."))
    if post.full_exports == allowed:
        raise NotNow(_("It is so already."))
    post.full_exports = allowed
    post.save(update_fields=["full_exports"])
    facts = {"office": post.office_id, "role": post.role, "reason": reason}
    kind = "full_exports_allowed" if allowed else "full_exports_withdrawn"
    journal.record(kind, by=by, target=post.user, facts=facts)
    return post


@transaction.atomic
def change_account(user, *, by, name=None, phone=None):
    """The name or telephone of somebody below; what is None stays."""
    user = _account_below(user, by)
    told = {key: value for key, value in {"name": name, "phone": phone}.items() if value is not None}
    if "name" in told and not told["name"].strip():
        raise ValidationError({"name": [_("Enter the person's name.")]})
    for key, value in told.items():
        setattr(user, key, value)
    user.clean_fields()
    user.save(update_fields=list(told))
    journal.record("account_changed", by=by, target=user, facts={"fields": sorted(told)})
    return user


@transaction.atomic
def create_account(*, by, region, username, name, role, section="", duty="", phone="", silent=False):
    """Open an account at the office of a place below. Answers (user, first password), shown once.

    A ``silent`` one opens to nobody before it is given its first password (``first_passwords``).
    """
    office = Office.objects.serving(region).first()
    _require_administrator(by, region)
    problems = {}
    username, name = username.strip(), name.strip()
    if User.objects.filter(username__iexact=username).exists():
        problems["username"] = [_("This account name is taken.")]
    if not name:
        problems["name"] = [_("Enter the person's name.")]
    password = None if silent else new_password()
    user = User(username=username, name=name, phone=phone, must_change_password=True)
    user.set_password(password)
    try:
        user.clean_fields()
    except ValidationError as error:
        for key, texts in error.message_dict.items():
            problems.setdefault(key, texts)
    if problems:
        raise ValidationError(problems)
    office = office or open_office(region, by=by)
    user.save()
    appoint(user, office, role, by=by, section=section, duty=duty)
    journal.record("account_created", by=by, target=user, facts={"office": office.pk, "role": role})
    return user, password


@transaction.atomic
def reset_password(user, *, by):
    """A new first password for somebody below; the lock is lifted, the next sign-in changes it."""
    user = _account_below(user, by)
    password = new_password()
    _set_password(user, password)
    user.must_change_password, user.failed_logins, user.locked_until = True, 0, None
    user.save()
    journal.record("password_reset", by=by, target=user)
    return password


@transaction.atomic
def set_active(user, active, *, by):
    """Close an account, or open it again. A closed one is out at its next request."""
    user = _account_below(user, by)
    if user.is_active == active:
        raise NotNow(_("The account is in this state already."))
    user.is_active = active
    user.save()
    journal.record("account_opened" if active else "account_closed", by=by, target=user)
    return user


@transaction.atomic
def change_password(user, old, new):
    """A person's own new password, checked against the rules of the platform."""
    user = User.objects.select_for_update().get(pk=user.pk)
    problems = {}
    if not user.check_password(old):
        problems["old_password"] = [_("The old password is wrong.")]
    if old == new:
        problems["new_password1"] = [_("Choose a password other than the old one.")]
    try:
        password_validation.validate_password(new, user)
    except ValidationError as error:
        problems.setdefault("new_password1", []).extend(error.messages)
    if problems:
        raise ValidationError(problems)
    _set_password(user, new)
    user.must_change_password = False
    user.save()
    journal.record("password_changed", by=user, target=user)
    return user


def _set_password(user, password):
    """Whoever came in by the old one is out, sessions and the token of the sign-in alike."""
    user.set_password(password)
    Token.objects.filter(user=user).delete()


def new_password():
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(3))


def _require_administrator(by, region):
    if not rules.administers_region(by, region):
        raise PermissionDenied


def _require_may_appoint(by, office, role):
    _require_administrator(by, office.region)
    if role == Post.Role.ADMINISTRATOR and not rules.administers_above(by, office.region):
        raise PermissionDenied


def _account_below(user, by):
    """The account, locked, if all its posts lie where ``by`` administers and none equals their own."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not rules.may_keep_account(by, user):
        raise PermissionDenied
    return user
