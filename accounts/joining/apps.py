"""How clinics and people come in, and go."""

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """Sign-up, invitations, members."""

    name = "accounts.joining"
    label = "joining"

    def ready(self) -> None:
        """Register the jobs, and say who reaches whom."""
        # All need the models, which are there only now.
        from accounts.joining import tasks  # noqa: F401, PLC0415
        from accounts.reach import install_reaches  # noqa: PLC0415
        from accounts.roles.selectors.reach import reaches  # noqa: PLC0415

        install_reaches(reaches)
