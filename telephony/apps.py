"""What a call is."""

from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    """Numbers, calls and the carrier."""

    name = "telephony"

    def ready(self) -> None:
        """Register the jobs of this app."""
        from telephony import tasks  # noqa: F401, PLC0415 -- needs models
