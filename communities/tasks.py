"""What happens to the tree by the clock."""

from celery import shared_task

from communities import services


@shared_task
def apply_due_placements():
    """Daily, just after midnight: changes of places whose day has come. May run twice."""
    return services.apply_due()
