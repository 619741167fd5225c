"""What people deleted, until it cannot come back."""

from django.apps import AppConfig


class BinConfig(AppConfig):
    """The bin."""

    name = "telephony.bin"
    label = "bin"

    def ready(self) -> None:
        """Let a run erase one thing of the bin before the night."""
        from compliance.retention.selections import (  # noqa: PLC0415 -- needs models
            register_kind,
        )
        from telephony.bin.selections import select  # noqa: PLC0415

        register_kind("bin", select)
