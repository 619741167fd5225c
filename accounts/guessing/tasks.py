"""What the clock does for the counters."""

from celery import shared_task

from accounts.guessing.services.clear_old_tries import clear_old_tries
from sondervoice.kernel.clock import utc_now


@shared_task(name="accounts.clear_old_tries", ignore_result=True)
def sweep_old_tries() -> None:
    """Clear counters that nobody has touched for a day."""
    clear_old_tries(now=utc_now())
