"""What units are told of their returns: what was sent back or reopened, and why."""

from django.utils.translation import gettext as _

from communities.offices.models import Office, Post, people_in
from linkage.foundation import notices
from linkage.foundation.notices import Telling, teller
from linkage.reports.models import ReturnEvent


def tell_back(event):
    notices.tell("return.back", event.pk, event=event.pk)


@teller("return.back")
def back(facts):
    event = ReturnEvent.objects.select_related("of__collection__region", "of__region").get(pk=facts["event"])
    filed = event.of
    if not filed.is_open:
        return None
    office = Office.objects.serving(filed.region).first()
    if office is None:
        return None
    return Telling(
        people_in(office, [*Post.FILING]),
        _("Sent back: %(title)s") % {"title": filed.collection.title},
        url=filed.get_absolute_url(),
        text=f"{event.office_name}：{event.reason}",
        to_act=True,
    )
