"""Passwords, and who guesses at them."""

from django.apps import AppConfig


class PasswordsConfig(AppConfig):
    """Signing in by password, changing it, and setting it anew by mail."""

    name = "accounts.passwords"
    label = "passwords"

    def ready(self) -> None:
        """Register the jobs."""
        from accounts.passwords import tasks  # noqa: F401, PLC0415 -- needs models
