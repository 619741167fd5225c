"""The second factor: apps, passkeys and recovery codes."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class SecondFactorConfig(AppConfig):
    """What is shown after the password."""

    name = "accounts.second_factor"
    label = "second_factor"

    def ready(self) -> None:
        """Register the letters, and forget what was shown before a sign-in."""
        from accounts.second_factor import tasks  # noqa: F401, PLC0415 -- needs models
        from accounts.second_factor.proof import (  # noqa: PLC0415 -- needs models
            forget_at_sign_in,
        )

        user_logged_in.connect(forget_at_sign_in)
