"""The registry of what becomes of a clinic's rows when its account is closed.

Each app says of each of its models that belongs to a clinic when its rows go, or why
they stay; a test walks all models. `compliance` deletes by it and knows no app.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class Leaves(IntEnum):
    """When rows go at closing.

    `WITH_THE_DOORS` are the ways in: keys, invitations, a directory. They go once the
    last call has ended. `WITH_THE_DATA` go when nothing of callers is left, and
    `WITH_THE_PEOPLE` after the keys of the clinic are destroyed.
    """

    WITH_THE_DOORS = 1
    WITH_THE_DATA = 2
    WITH_THE_PEOPLE = 3


_leaving: Final[dict[str, Leaves]] = {}
_staying: Final[dict[str, str]] = {}


def rows_leave(when: Leaves, *models: str) -> None:
    """Have the rows of these models deleted then, each by its name: ``joining.SignUp``.

    Saying it again is harmless.
    """
    _leaving.update(dict.fromkeys(models, when))


def rows_stay(reasons: Mapping[str, str]) -> None:
    """Say why the rows of models stay, each by its name, with a sentence."""
    _staying.update(reasons)


def leaving() -> Mapping[str, Leaves]:
    """Return all models whose rows go."""
    return _leaving


def staying() -> Mapping[str, str]:
    """Return all models whose rows stay, with the reason."""
    return _staying
