"""What people deleted, until it cannot come back."""

from django.apps import AppConfig


class BinConfig(AppConfig):
    """The bin."""

    name = "telephony.bin"
    label = "bin"

    def ready(self) -> None:
        """Let a run erase what left the bin before the night."""
        from compliance.retention.selections import (  # noqa: PLC0415 -- needs models
            register_kind,
        )
        from sondervoice.kernel.personal_data import TimeUp  # noqa: PLC0415

        register_kind("bin", lambda run: TimeUp(run.due_at))
