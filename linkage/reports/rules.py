"""Who may do what with a periodic return. Asked of the posts as they are at that moment."""

from communities.models import Level


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
    """Receives, sends back and reopens what the units below this place file: who decides there.

    None for nobody's place: the return of the office that opened the period answers to nobody above.
    """
    return region is not None and any(
        post.decides and post.office.region_id == region.pk for post in user.current_posts
    )


def deciding_office(user, region):
    found = [
        post.office for post in user.current_posts if post.decides and post.office.region_id == region.pk
    ]
    return found[0] if found else None


def filing_office(user, region):
    """Their office as it is named on the return."""
    found = [post.office for post in user.current_posts if post.files]
    own = [office for office in found if office.region_id == region.pk]
    return (own or found or [None])[0]
