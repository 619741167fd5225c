"""Whether the open clinic's account is being closed, or is closed: a port.

The closing stands above accounts, so they ask by this word; `compliance.closing`
answers.
"""

from collections.abc import Callable

IsBeingClosed = Callable[[], bool]

_installed: list[IsBeingClosed] = []


def install_is_being_closed(is_so: IsBeingClosed) -> None:
    """Let this one answer; the last that is installed does."""
    _installed[:] = [is_so]


def is_being_closed() -> bool:
    """Return whether a closing of the open clinic stands."""
    (is_so,) = _installed
    return is_so()
