"""The Celery side of the outbox: one task, sent as a nudge and by the clock."""

from celery import shared_task

from sondervoice.kernel.jobs import run_waiting


@shared_task(name="kernel.run_waiting", ignore_result=True)
def run_waiting_jobs() -> None:
    """Run what waits in the outbox."""
    run_waiting()
