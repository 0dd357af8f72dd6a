"""Who may do what with a periodic return. Asked of the posts as they are at that moment."""

from communities.models import Level
from communities.offices.models import Office


def opening_office(user):
    """The office for whose territory this person may open a period; None without one.

    Reviewers, leaders and administrators of a county, city or province, the highest first.
    """
    offices = [
        post.office
        for post in user.current_posts
        if (post.decides or post.administers) and post.office.region.level <= Level.COUNTY
    ]
    return min(offices, key=lambda office: len(office.region.path), default=None)


def fills_for(user, region):
    """Fills in and files for this unit: whoever files in its office, or in one that took it over."""
    return region.pk in user.files_for


def answers_for(user, region):
    """Receives, sends back and reopens what the units below this place file: who decides there."""
    return deciding_office(user, region) is not None


def deciding_office(user, region):
    """The office of this place for which the person decides, or the one that took it over; None without."""
    office = Office.objects.filter(region=region, pk__in=user.deciding_offices).order_by("-pk").first()
    return office.heir if office else None


def filing_office(user, region):
    """Their office as it is named on the return."""
    found = [post.office for post in user.current_posts if post.files]
    own = [office for office in found if office.region_id == region.pk]
    return (own or found or [None])[0]
