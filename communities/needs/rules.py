"""Who keeps the needs library of a community."""

from communities.offices.rules import works_for_community

can_keep_needs = works_for_community
