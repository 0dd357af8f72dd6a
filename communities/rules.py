"""Who may change the tree, and what the laws say of a community."""

from datetime import date

import rules


@rules.predicate
def administers(user, region):
    """Holds an administrator's post in this place or above it: may open and receive parts of it."""
    return any(
        post.role == "administrator" and region.path.startswith(post.office.region.path)
        for post in user.current_posts
    )


@rules.predicate
def administers_above(user, region):
    """Holds an administrator's post above this place; of a province, in the province itself."""
    return any(
        post.role == "administrator"
        and region.path.startswith(post.office.region.path)
        and (post.office.region.path != region.path or region.parent_id is None)
        for post in user.current_posts
    )


may_change_parts = administers
may_change = administers_above


# How many households a residents' committee usually has, by the Organic Law as amended (DOMAIN §5.1).
USUAL_HOUSEHOLDS = (1000, 3000)
USUAL_HOUSEHOLDS_SINCE = date(2026, 1, 1)

# Of a residents' or villagers' committee; three years until both laws were amended (组织法 2018-12-29).
TERM_YEARS, FORMER_TERM_YEARS = 5, 3
TERM_YEARS_SINCE = date(2018, 12, 29)


def term_years(day):
    """How many years a committee elected on that day holds office."""
    return TERM_YEARS if day >= TERM_YEARS_SINCE else FORMER_TERM_YEARS
