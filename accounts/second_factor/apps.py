"""The second factor: apps, passkeys and recovery codes."""

from django.apps import AppConfig


class SecondFactorConfig(AppConfig):
    """What is shown after the password."""

    name = "accounts.second_factor"
    label = "second_factor"

    def ready(self) -> None:
        """Register the letters that are sent after a change."""
        from accounts.second_factor import tasks  # noqa: F401, PLC0415 -- needs models
