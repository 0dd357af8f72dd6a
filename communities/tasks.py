"""What happens to the tree by the clock."""

from celery import shared_task

from communities import services
from linkage.foundation import journal


@shared_task
def apply_due_placements():
    """Daily, just after midnight: changes of places whose day has come, and the registers that go along.

    May run twice.
    """
    changed = services.apply_due()
    with journal.acting(cause="merger"):
        services.hand_on_due()
    return changed
