"""Keys, tokens and the REST API."""

from django.apps import AppConfig


class MachinesConfig(AppConfig):
    """How programs come in."""

    name = "accounts.machines"
    label = "machines"

    def ready(self) -> None:
        """Register the jobs of this app, and say what becomes of keys."""
        # All need the models, which are there only now.
        from accounts.left_keys import install_settle_keys  # noqa: PLC0415
        from accounts.machines import tasks  # noqa: F401, PLC0415
        from accounts.machines.services.settle_keys import settle_keys  # noqa: PLC0415

        install_settle_keys(settle_keys)
