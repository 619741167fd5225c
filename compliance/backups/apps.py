"""Backups: what is copied, how it comes back, and what must go again then."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Its commands, its clock, and what the database needs to be dumped whole."""

    name = "compliance.backups"
    label = "backups"

    def ready(self) -> None:
        """Register the clock's tasks and the operators' page."""
        from compliance.backups import (  # noqa: PLC0415 -- needs models
            jobs,  # noqa: F401
            operator_page,  # noqa: F401
        )
