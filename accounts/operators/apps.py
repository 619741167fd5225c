"""The people of SonderVoice itself: their grants, their sessions, their pages."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    """Operators: nobody who stands above a clinic."""

    name = "accounts.operators"
    label = "operators"

    def ready(self) -> None:
        """Register the jobs and pages, and say whose agencies wait."""
        # All need the models, which are there only now.
        from accounts.operators import tasks  # noqa: F401, PLC0415
        from accounts.operators.pages import registered  # noqa: F401, PLC0415
        from accounts.operators.selectors.ownership import (  # noqa: PLC0415
            is_owner_closed_lately,
        )
        from accounts.owner_closed import (  # noqa: PLC0415
            install_is_owner_closed_lately,
        )

        install_is_owner_closed_lately(is_owner_closed_lately)
