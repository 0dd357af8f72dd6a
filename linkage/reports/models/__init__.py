"""季报、年报: what is collected of a period, and what each unit has filed."""

from linkage.reports.models.collection import Collection
from linkage.reports.models.filing import FINAL, SENT, Return, ReturnEvent, State

__all__ = ["FINAL", "SENT", "Collection", "Return", "ReturnEvent", "State"]
