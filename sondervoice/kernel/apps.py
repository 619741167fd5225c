"""The kernel as a Django app, so that the outbox has a table."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Words all apps share."""

    name = "sondervoice.kernel"
    label = "kernel"
