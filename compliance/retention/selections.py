"""What a run erases, by its kind.

A night goes by the clocks. Whoever asks for another run registers its kind once, in
`ready()`, with the function that says of a run what it selects.
"""

from collections.abc import Callable
from typing import Final

from compliance.retention.models import RetentionRun
from sondervoice.kernel.personal_data import Selection, TimeUp

Select = Callable[[RetentionRun], Selection]

_kinds: Final[dict[str, Select]] = {
    RetentionRun.NIGHT: lambda run: TimeUp(run.due_at),
}


def register_kind(kind: str, select: Select) -> None:
    """Let runs of this kind erase what `select` returns, asked in the clinic's scope.

    It is asked again before each batch, and must return the same each time.
    """
    _kinds[kind] = select


def selection_of(run: RetentionRun) -> Selection:
    """Return what the run erases.

    Raises:
        KeyError: If nobody registered its kind.
    """
    return _kinds[run.kind](run)
