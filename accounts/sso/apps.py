"""Single sign-on: people come in through their clinic's directory, or Google's."""

from django.apps import AppConfig


class SsoConfig(AppConfig):
    """Who vouches for whom."""

    name = "accounts.sso"
    label = "sso"

    def ready(self) -> None:
        """Register the jobs."""
        from accounts.sso import tasks  # noqa: F401, PLC0415 -- needs the models
