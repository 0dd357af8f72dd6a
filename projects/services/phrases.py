"""常用意见: kept by a person for oneself, or by who decides in an office for all who work there."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communities.offices.models import User
from projects import rules
from projects.models import Phrase, Verdict

MOST = 30  # of a person or of an office


@transaction.atomic
def keep(text, verdict, *, by, office=None):
    """Keep a wording, for oneself or for the ``office``. The same twice is one."""
    if office is not None and not rules.keeps_phrases_of(by, office):
        raise PermissionDenied
    text, problems = text.strip(), {}
    if not text:
        problems["text"] = [_("Write the opinion.")]
    elif len(text) > 200:
        problems["text"] = [_("At most %(limit)s characters.") % {"limit": 200}]
    if verdict not in Verdict.values:
        problems["verdict"] = [_("Choose agree, return or disagree.")]
    User.objects.select_for_update().get(pk=by.pk)  # two windows at once do not pass the limit
    owner = {"office": office} if office else {"user": by}
    if Phrase.objects.filter(**owner).count() >= MOST:
        problems["text"] = [_("At most %(limit)s wordings. Remove one you no longer use.") % {"limit": MOST}]
    if problems:
        raise ValidationError(problems)
    return Phrase.objects.get_or_create(**owner, verdict=verdict, text=text)[0]


@transaction.atomic
def remove(phrase, *, by):
    """Take a wording away; what was said with it stays."""
    if not rules.keeps_phrase(by, phrase):
        raise PermissionDenied
    phrase.delete()


def used(text, *, by):
    """Somebody has decided with these words: they come first next time."""
    Phrase.objects.offered_to(by).filter(text=text.strip()).order_by().update(used=F("used") + 1)
