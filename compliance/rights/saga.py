"""The road of one request, checkpoint by checkpoint (pure).

Some steps a person takes: `APPROVED`, `REFUSED`, `CANCELLED`. All others follow by
themselves from what is seen, so that whoever comes next, after a kill or beside another
worker, goes on from the last checkpoint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from sondervoice.kernel.rights import RightsKind


class Checkpoint(StrEnum):
    """Where a request stands.

    `HELD`: what a legal hold does not cover is gone, the rest waits for its release.
    `COPIES`: gone here; the processors' copies are asked for. `PROVED`: none of them
    waits: it is gone and was looked for again, or a person was told of it.
    """

    RECEIVED = "received"
    APPROVED = "approved"
    ERASING = "erasing"
    HELD = "held"
    COPIES = "copies"
    PROVED = "proved"
    PACKED = "packed"
    MARKED = "marked"
    ANSWERED = "answered"
    REFUSED = "refused"
    CANCELLED = "cancelled"


CONCLUDED: Final = frozenset(
    {Checkpoint.ANSWERED, Checkpoint.REFUSED, Checkpoint.CANCELLED}
)
# Which take time of their own; one that takes a day is stuck.
LEGS: Final = frozenset(
    {
        Checkpoint.APPROVED,
        Checkpoint.ERASING,
        Checkpoint.COPIES,
        Checkpoint.PROVED,
        Checkpoint.PACKED,
        Checkpoint.MARKED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is so outside the request.

    Attributes:
        is_run_finished: The last erasing run has looked twice and found nothing it may
            erase.
        is_any_left: Something of the person is still there, held or not.
        is_any_free: Something is still there that no hold covers.
        are_copies_settled: Every processor has answered for its copies.
    """

    is_run_finished: bool = False
    is_any_left: bool = False
    is_any_free: bool = False
    are_copies_settled: bool = False


class ImpossibleStepError(ValueError):
    """A request of this kind cannot go there from here."""


_C: Final = Checkpoint
_DECIDED: Final = frozenset({_C.APPROVED, _C.REFUSED, _C.CANCELLED})
_Road = Mapping[Checkpoint, frozenset[Checkpoint]]


def _straight(*stops: Checkpoint) -> _Road:
    """Return the road from the decision over these stops to the answer."""
    road = {Checkpoint.RECEIVED: _DECIDED}
    way = (Checkpoint.APPROVED, *stops, Checkpoint.ANSWERED)
    road.update((at, frozenset({to})) for at, to in pairwise(way))
    return MappingProxyType(road)


_ROADS: Final[Mapping[RightsKind, _Road]] = MappingProxyType(
    {
        RightsKind.ERASE: MappingProxyType(
            {
                **_straight(_C.ERASING, _C.COPIES, _C.PROVED),
                _C.ERASING: frozenset({_C.HELD, _C.COPIES}),
                _C.HELD: frozenset({_C.ERASING, _C.COPIES}),
            }
        ),
        RightsKind.ACCESS: _straight(_C.PACKED),
        RightsKind.EXPORT: _straight(_C.PACKED),
        RightsKind.RECTIFY: _straight(),
        RightsKind.RESTRICT: _straight(_C.MARKED),
        RightsKind.OBJECT: _straight(_C.MARKED),
    }
)


def require_step(kind: RightsKind, at: Checkpoint, to: Checkpoint) -> None:
    """Let a step pass that the kind's road has.

    Raises:
        ImpossibleStepError: If it has none.
    """
    if to not in _ROADS[kind].get(at, frozenset()):
        raise ImpossibleStepError(f"{kind}: {at} to {to}")


def next_step(kind: RightsKind, at: Checkpoint, seen: Seen) -> Checkpoint | None:
    """Return where the request goes by itself, None while it waits or is over."""
    ahead = _ROADS[kind].get(at, frozenset())
    if not ahead or at is Checkpoint.RECEIVED:
        return None
    if at is Checkpoint.ERASING:
        return _after_run(seen)
    if at is Checkpoint.HELD:
        return _after_hold(seen)
    if at is Checkpoint.COPIES:
        return Checkpoint.PROVED if seen.are_copies_settled else None
    (only,) = ahead
    return only


def _after_run(seen: Seen) -> Checkpoint | None:
    if not seen.is_run_finished:
        return None
    return Checkpoint.HELD if seen.is_any_left else Checkpoint.COPIES


def _after_hold(seen: Seen) -> Checkpoint | None:
    if seen.is_any_free:
        return Checkpoint.ERASING
    return None if seen.is_any_left else Checkpoint.COPIES
