"""Copies that others keep of what we erase."""

from django.apps import AppConfig

from compliance.copies.personal_data import HELD, WITHOUT_HOLDER
from sondervoice.kernel import personal_data, purposes


class CopiesConfig(AppConfig):
    """Copies that others keep of what we erase."""

    name = "compliance.copies"
    label = "copies"

    def ready(self) -> None:
        """Register the jobs, and follow each run that is finished."""
        from compliance.copies import jobs  # noqa: F401, PLC0415 -- needs models
        from compliance.retention.events import run_finished  # noqa: PLC0415

        run_finished.received_by("compliance.settle_run")
        personal_data.state_without_holder(WITHOUT_HOLDER)
        purposes.state_held(HELD)
