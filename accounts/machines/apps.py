"""Keys, tokens and the REST API."""

from django.apps import AppConfig


class MachinesConfig(AppConfig):
    """How programs come in."""

    name = "accounts.machines"
    label = "machines"

    def ready(self) -> None:
        """Register the jobs of this app."""
        from accounts.machines import tasks  # noqa: F401, PLC0415 -- needs models
