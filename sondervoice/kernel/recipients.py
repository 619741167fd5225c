"""Who else gets personal data, and that nobody may train anything on them.

Each app registers in `ready()` to whom it sends. What is sent for which purpose the
jobs say themselves (`sondervoice.kernel.jobs`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


class TrainingAllowedError(ValueError):
    """Somebody who may train on what they get was to be registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody beside us who gets personal data.

    Attributes:
        name: Stable, as jobs and vendors say it: ``carrier``.
        title: As people call it.
        gets: What it gets, in a sentence.
        keeps: For how long it says that it keeps that.
        training_allowed: Always False; anything else is refused.
        no_training: What we send or leave out so that nothing is trained on, in a
            sentence; where there is nothing to send, that.
        source: The vendor's own page on it; empty where there is none.
        is_used: Whether this installation has it.
    """

    name: str
    title: str
    gets: str
    keeps: str
    training_allowed: bool = False
    no_training: str
    source: str = ""
    is_used: Callable[[], bool]

    def __post_init__(self) -> None:
        """Refuse one who may train.

        Raises:
            TrainingAllowedError: If it may.
        """
        if self.training_allowed:
            raise TrainingAllowedError(self.name)


_recipients: Final[dict[str, Recipient]] = {}


def register_recipient(recipient: Recipient) -> None:
    """Have `recipient` in the register; its name is given once."""
    _recipients[recipient.name] = recipient


def recipients() -> tuple[Recipient, ...]:
    """Return all that there could be, by name."""
    return tuple(_recipients[name] for name in sorted(_recipients))
