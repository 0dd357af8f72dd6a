"""What happens to the tree by the clock."""

from celery import shared_task

from communities import services
from linkage.foundation import journal


@shared_task
def apply_due_placements():
    """Changes of places whose day has come, and the registers that go along. May run twice.

    The readings call it after midnight, when the days that are over have been kept.
    """
    changed = services.apply_due()
    with journal.acting(cause="merger"):
        services.hand_on_due()
    return changed
