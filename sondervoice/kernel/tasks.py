"""The Celery side of the outbox: one task, sent as a nudge and by the clock."""

from celery import shared_task

from sondervoice.kernel.jobs import run_slow, run_waiting


@shared_task(name="kernel.run_waiting", ignore_result=True)
def run_waiting_jobs() -> None:
    """Run what waits in the outbox."""
    run_waiting()


@shared_task(name="kernel.run_slow", ignore_result=True)
def run_slow_jobs() -> None:
    """Run some of what waits in the slow queue."""
    run_slow()
