"""The kernel as a Django app, so that the outbox has a table."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Words all apps share."""

    name = "sondervoice.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Have workers listen to the outbox, and ids be asked for as one array."""
        from sondervoice.kernel import lookups, nudge  # noqa: F401, PLC0415 -- models

        lookups.install()
