"""Say whether the night's erasure is finished, for scripts that must wait for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance.retention.jobs import HOUR
from compliance.retention.services.watch_runs import count_late
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.slots import latest_slot


class Command(BaseCommand):
    """`night` ends with 0 when every clinic's last night is finished, else with 1."""

    help = "Fail while the night's erasure is not finished for every clinic."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it."""
        due_at = latest_slot(utc_now(), hour=HOUR)
        night = f"The erasure of {due_at:%Y-%m-%d %H:%M} UTC"
        if late := count_late(due_at=due_at):
            raise CommandError(f"{night} is not finished for {late} clinics.")
        self.stdout.write(f"{night} is finished.")
