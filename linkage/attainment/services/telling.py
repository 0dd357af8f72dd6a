"""What offices are told of supervisions (督办), and who: asked when it is delivered."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.offices.models import Office, Post, people_in
from linkage.attainment.models import Supervision
from linkage.foundation import notices
from linkage.foundation.notices import Telling, teller


def matter(supervision):
    return f"supervision:{supervision.pk}"


def tell_offices(supervision, items):
    """Owe a notice to every office that answers for one of these units."""
    offices = sorted({item.office_id for item in items if item.office_id})
    notices.tell_all(
        "supervision.issued",
        [(f"{supervision.pk}:{pk}", {"supervision": supervision.pk, "office": pk}) for pk in offices],
    )


@teller("supervision.issued")
def issued(facts):
    rows = Supervision.objects.select_for_update(of=("self",)).select_related("target", "office")
    supervision = rows.get(pk=facts["supervision"])
    if not supervision.is_open:
        return None
    office = Office.objects.get(pk=facts["office"])
    count = supervision.items.filter(office=office).count()
    text = ngettext(
        "%(office)s asks for it by %(day)s: %(n)s unit of yours.",
        "%(office)s asks for it by %(day)s: %(n)s units of yours.",
        count,
    ) % {"office": supervision.office.name, "day": date_format(supervision.due_on), "n": count}
    return Telling(
        people_in(office, [*Post.FILING, Post.Role.ADMINISTRATOR]),
        _("Supervised: %(target)s") % {"target": supervision.target.quote},
        matter=matter(supervision),
        url=supervision.get_absolute_url(),
        text=text,
        to_act=True,
    )
