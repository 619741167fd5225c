"""The kind of run by which the engine erases all that callers left."""

from typing import Final

from compliance.retention.events import run_finished
from compliance.retention.selections import register_kind
from sondervoice.kernel.personal_data import Everything

KIND: Final = "closing"


def register() -> None:
    """Let runs of this kind erase everything, and follow those that are finished."""
    register_kind(KIND, lambda _run: Everything())
    run_finished.received_by("compliance.closing_run_finished")
