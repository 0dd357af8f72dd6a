"""What can be counted of posts: those of communities, and the share of social work at organisations."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from communities.measures import at_open_places, counted
from linkage.foundation.measures import PIECES, Measure, register
from organizations.models import SocialOrganization
from socialwork.models import PostTotal, SocialWorkPost


def _sw_posts(on):
    return at_open_places(SocialWorkPost.objects.on(on), on)


def _sw_posts_filled(on):
    return at_open_places(SocialWorkPost.objects.held(on), on)


def _of_agencies(rows, on):
    agencies = SocialOrganization.objects.held_to_the_share(on).order_by()
    return at_open_places(rows.filter(organization__in=agencies), on, "organization__region").order_by()


def _agency_totals(on):
    return _of_agencies(PostTotal.objects.latest(on), on)


def _agency_posts(on):
    return _agency_totals(on).values(unit=F("organization"), value=F("total"))


def _agency_sw_posts(on):
    return _of_agencies(SocialWorkPost.objects.on(on), on)


MEASURES = [
    register(
        Measure(
            "sw_posts",
            _("social work posts"),
            unit="place",
            basis="CQ-T06, CQ-T07",
            **counted(_sw_posts),
            counted_in=PIECES,
            definition=_("Professional posts of social work meant for the place, held or vacant that day."),
        )
    ),
    register(
        Measure(
            "sw_posts_filled",
            _("social work posts that are held"),
            unit="place",
            basis="CQ-T06, CQ-T07",
            **counted(_sw_posts_filled),
            counted_in=PIECES,
            definition=_("Of the social work posts of the place, those that somebody holds that day."),
        )
    ),
    register(
        Measure(
            "agency_posts",
            _("posts of social-work agencies"),
            unit="organisation",
            basis="CQ-T08",
            rows=_agency_posts,
            behind=lambda on, unit: _agency_totals(on).filter(organization=unit),
            counted_in=PIECES,
            definition=_(
                "Posts of every kind at a social-work agency or an organisation that mainly does social "
                "work, by the newest number it has given."
            ),
        )
    ),
    register(
        Measure(
            "agency_sw_posts",
            _("social work posts of social-work agencies"),
            unit="organisation",
            basis="CQ-T08",
            **counted(_agency_sw_posts, "organization"),
            counted_in=PIECES,
            definition=_(
                "Professional posts of social work at a social-work agency or an organisation that mainly "
                "does social work, held or vacant."
            ),
        )
    ),
]
