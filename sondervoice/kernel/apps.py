"""The kernel as a Django app, so that the outbox has a table."""

from typing import Final

from django.apps import AppConfig

from sondervoice.kernel.purposes import (
    Basis,
    Held,
    Purpose,
    Subject,
    Use,
    state_held,
)

_OUTBOX: Final = Held(
    name="kernel.outbox",
    use=Use(
        title="What is still to be done, in ids and without names",
        of=Subject.CALLERS,
        purpose=Purpose.RUNNING,
        basis=Basis.SERVICE,
        kept="Seven days after it is done",
    ),
    columns=frozenset(
        {
            "kernel.OutboxJob.ids",
            "kernel.OutboxJob.task",
            "kernel.OutboxJob.failure_code",
            "kernel.OutboxJob.purpose",
        }
    ),
)


class KernelConfig(AppConfig):
    """Words all apps share."""

    name = "sondervoice.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Have workers listen to the outbox, and ids be asked for as one array."""
        from sondervoice.kernel import lookups, nudge  # noqa: F401, PLC0415 -- models

        lookups.install()
        state_held([_OUTBOX])
