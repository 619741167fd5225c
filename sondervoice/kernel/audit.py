"""The port through which every change says what was done, and by whom.

The entry is written in the transaction of the change itself by the one sink that
`compliance` installs: no sink, no change.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Digest:
    """A keyed hash of a value that the record must not hold, in hexadecimal digits."""

    hex: str


# A member of an enumeration is a word of ours; other text is refused by type.
Fact = UUID | int | bool | Enum | Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the record: ids, counts and names of fields, never their values.

    Attributes:
        action: ``app.subject.past``, as ``recordings.playback.granted``.
        actor_kind: ``user``, ``api_key``, ``caller``, ``carrier`` or ``system``.
        subject_kind: The model's name, as ``call``.
        fields: Names of the fields that were read or changed.
        facts: Further ids, counts, flags and words of our own lists.
    """

    action: str
    organization_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    subject_kind: str
    subject_id: UUID | None
    fields: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))


class AuditSinkMissingError(RuntimeError):
    """Nobody keeps the record, so nothing may be changed."""


Sink = Callable[[Entry], None]
_sinks: list[Sink] = []
_watched: ContextVar[list[Entry] | None] = ContextVar("watched entries", default=None)


def install_sink(sink: Sink) -> None:
    """Make `sink` the one keeper of the record."""
    _sinks[:] = [sink]


def record(entry: Entry) -> None:
    """Write `entry` in the open transaction.

    Raises:
        AuditSinkMissingError: If no sink is installed.
    """
    if not _sinks:
        raise AuditSinkMissingError(entry.action)
    for name, fact in entry.facts.items():
        if not isinstance(fact, Fact):
            raise TypeError(f"audit fact {name} is not an id, a count or a flag")
    _sinks[0](entry)
    if (entries := _watched.get()) is not None:
        entries.append(entry)


@contextmanager
def watch() -> Iterator[list[Entry]]:
    """Yield the list of what is recorded in the block, in turn.

    What a transaction undoes stays in it: whoever opened that one takes it out.
    """
    entries: list[Entry] = []
    token = _watched.set(entries)
    try:
        yield entries
    finally:
        _watched.reset(token)
