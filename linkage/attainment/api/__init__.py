"""Statistics over REST: measures, targets, attainment by place, who falls short, editions, totals.

Everything is read, nothing is changed; the figures are the standing readings of the pages. One sees places
under one's posts and documents that bind or concern them; another place, another document and one that
does not exist are answered alike. There are no figures of special groups (children at risk, disabled
people, people on minimum living …) here at all, by community or otherwise: no measure counts them, so there
are no small cells to hide.
"""

from linkage.attainment.api.doors import (
    AttainmentViewSet,
    EditionViewSet,
    MeasureViewSet,
    TargetViewSet,
    TotalViewSet,
)

__all__ = ["AttainmentViewSet", "EditionViewSet", "MeasureViewSet", "TargetViewSet", "TotalViewSet"]
