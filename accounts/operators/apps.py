"""The people of SonderVoice itself: their grants, their sessions, their pages."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    """Operators: nobody who stands above a clinic."""

    name = "accounts.operators"
    label = "operators"

    def ready(self) -> None:
        """Register the jobs and the operators' pages."""
        # Both need the models, which are there only now.
        from accounts.operators import tasks  # noqa: F401, PLC0415
        from accounts.operators.pages import registered  # noqa: F401, PLC0415
