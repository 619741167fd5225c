"""How clinics and people come in, and go."""

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """Sign-up, invitations, members."""

    name = "accounts.joining"
    label = "joining"

    def ready(self) -> None:
        """Register the jobs."""
        from accounts.joining import tasks  # noqa: F401, PLC0415 -- needs models
