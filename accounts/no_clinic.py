"""What somebody is told who is signed in and belongs to no clinic.

The apps above know more of it than accounts does: whether the clinic they were in is
closed, say.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

Reason = Callable[[UUID], str]

_USUAL: Final = "You do not belong to a clinic. Its owner can add you."
_reasons: Final[dict[str, Reason]] = {}


def say_why_no_clinic(name: str, reason: Reason) -> None:
    """Let `reason` say it, given the person's id; an empty text says nothing."""
    _reasons[name] = reason


def why_no_clinic(user_id: UUID) -> str:
    """Return a sentence or two for the person."""
    said = (reason(user_id) for reason in _reasons.values())
    return next(filter(None, said), _USUAL)
