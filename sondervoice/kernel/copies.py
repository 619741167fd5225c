"""The port to copies that others keep: who has them, and how they are made to go.

A holder whose rows have copies at a carrier or vendor also says `copies`; it is asked
in the batch's own transaction, before the rows by which a copy is found are emptied.
`compliance.copies` asks the processor afterwards, as often as it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRef:
    """Where a copy would be, if there is one.

    Attributes:
        processor: The name of whoever may keep it.
        kind: What it is, in one word of ours: ``recordings``.
        reference: By what the processor finds it; may be personal.
        call_id: Whose it is; asked for once, whichever holder comes first.
    """

    processor: str
    kind: str
    reference: str
    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a processor said.

    Attributes:
        status: Its status code, as text.
        found: How many copies it had and was told to delete.
    """

    status: str
    found: int


class Processor(Protocol):
    """Somebody else who may keep a copy. It is asked outside any transaction.

    Both questions raise `VendorError` for an answer that is none; those that mean that
    we may not ask have the category ``status_401`` or ``status_403``.

    Attributes:
        name: Stable, as receipts keep it: ``telnyx``.
        title: As people call it.
        keeps: What we have deleted there, in a sentence.
        keeps_anyway: What nobody can have deleted there, and for how long.
    """

    name: str
    title: str
    keeps: str
    keeps_anyway: str

    def erase(self, reference: str) -> Answer:
        """Have all copies deleted; nothing there is an answer, too. Twice is harmless.

        Some of many may be left: `is_gone` tells.
        """

    def is_gone(self, reference: str) -> bool:
        """Look again, and return whether nothing is there."""


@runtime_checkable
class HasCopies(Protocol):
    """A holder of rows that have copies elsewhere."""

    def copies(self, ids: Sequence[UUID]) -> Sequence[CopyRef]:
        """Return where copies of these rows may be; in the open scope."""


_processors: dict[str, Processor] = {}


def register_processor(processor: Processor) -> None:
    """Have `processor` asked from now on; its name is given once."""
    _processors[processor.name] = processor


def processors() -> tuple[Processor, ...]:
    """Return all, by name."""
    return tuple(_processors[name] for name in sorted(_processors))


def processor_named(name: str) -> Processor:
    """Return the processor of that name.

    Raises:
        KeyError: If there is none.
    """
    return _processors[name]
