"""Who records what a community consulted on, and who answers objections."""

from communities.offices.rules import works_for_community

can_record = works_for_community
can_settle = works_for_community
