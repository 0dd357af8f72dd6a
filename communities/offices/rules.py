"""Who may do what for a place. Predicates over a person and a region or another person."""

import rules


@rules.predicate
def sits_in_community(user, region):
    """Holds a filing post in the office of this very community, or in the one that took it over."""
    return region.pk in user.files_for


@rules.predicate
def sits_in_street_above(user, region):
    """Holds a filing post in the street or township this community belongs to."""
    return any(
        post.files
        and post.office.region.level == post.office.region.Level.STREET
        and region.path.startswith(post.office.region.path)
        and region.pk != post.office.region_id
        for post in user.current_posts
    )


@rules.predicate
def administers_region(user, region):
    """Holds an administrator's post at or above this region."""
    return any(
        post.administers and region.path.startswith(post.office.region.path) for post in user.current_posts
    )


works_for_community = sits_in_community | sits_in_street_above


@rules.predicate
def administers_above(user, region):
    """Holds an administrator's post strictly above this region."""
    return any(
        post.administers
        and region.path.startswith(post.office.region.path)
        and region.pk != post.office.region_id
        for post in user.current_posts
    )


@rules.predicate
def may_keep_account(user, other):
    """Every post of the other person lies where this one administers; fellow administrators are above."""
    posts = list(other.posts.current().select_related("office__region")) or list(
        other.posts.select_related("office__region")[:1]
    )
    return bool(posts) and all(
        (administers_above if post.administers else administers_region)(user, post.office.region)
        for post in posts
    )


@rules.predicate
def keeps_calendar(user):
    """Decides or administers in a province: enters the working days of a year for everybody."""
    return any(
        (post.decides or post.administers) and post.office.region.level == post.office.region.Level.PROVINCE
        for post in user.current_posts
    )


@rules.predicate
def holds(user, post):
    """Holds this very post today; a deputy does not."""
    return any(one.pk == post.pk and one.user_id == user.pk for one in user.current_posts)


@rules.predicate
def administers_place_of(user, post):
    return administers_region(user, post.office.region)


may_name_deputy = holds | administers_place_of
