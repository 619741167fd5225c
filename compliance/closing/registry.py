"""What the apps above do when an account is closed: `compliance` knows none of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

EndCalls = Callable[[datetime], bool]
EndRows = Callable[[UUID], None]
PurgeBilling = Callable[[UUID], None]

_ends: Final[dict[str, EndCalls]] = {}
_rows: Final[dict[str, EndRows]] = {}
_purges: Final[dict[str, PurgeBilling]] = {}


def at_the_end_of_calls(name: str, work: EndCalls) -> None:
    """Have `work` done in the clinic's scope once its grace is over.

    It returns False, having changed nothing, while something still goes on, a call
    say; it is asked again then. Twice is harmless.
    """
    _ends[name] = work


def at_the_end_of_rows(name: str, work: EndRows) -> None:
    """Have `work` done in the clinic's scope when its rows go, for what stays of them.

    It is done again at the second look, and by a restore. Twice is harmless.
    """
    _rows[name] = work


def at_the_end_of_billing(name: str, work: PurgeBilling) -> None:
    """Have `work` done in the clinic's scope when what was paid for is to be gone."""
    _purges[name] = work


def end_calls(*, now: datetime) -> bool:
    """Do what is to be done; return whether nothing goes on any more."""
    return all(work(now) for work in _ends.values())


def end_rows(organization_id: UUID) -> None:
    """Have what stays say no more whose it was, in the open scope."""
    for work in _rows.values():
        work(organization_id)


def purge_billing(organization_id: UUID) -> None:
    """Let go of all that says what was paid for, in the open scope."""
    for work in _purges.values():
        work(organization_id)
