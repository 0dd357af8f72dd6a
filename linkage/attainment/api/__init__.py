"""Statistics over REST: measures, targets, attainment by place, who falls short, editions, totals.

Everything is read, nothing of it changed; the figures are the standing readings of the pages. One sees places
under one's posts and documents that bind or concern them; another place, another document and one that
does not exist are answered alike. Figures of special groups are told only as the published tables of
``groups``, small ones withheld; no measure counts them. Bulk exports are jobs (``exports``).
"""

from linkage.attainment.api.doors import (
    AttainmentViewSet,
    EditionViewSet,
    MeasureViewSet,
    TargetViewSet,
    TotalViewSet,
)
from linkage.attainment.api.exports import ExportViewSet
from linkage.attainment.api.groups import GroupTableViewSet

__all__ = [
    "AttainmentViewSet",
    "EditionViewSet",
    "ExportViewSet",
    "GroupTableViewSet",
    "MeasureViewSet",
    "TargetViewSet",
    "TotalViewSet",
]
