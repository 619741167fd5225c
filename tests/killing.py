"""A worker that dies: a fork of this process, killed in the midst of its work.

An exception would unwind: what stands in a `finally` would run, and files would be
closed. A process that is killed leaves all of that undone.
"""

import os
import signal
import traceback
from collections.abc import Callable

from django.db import connections


class KillingClock:
    """Counts the things that are done, and kills the process at one of them."""

    def __init__(self, patch, at: int) -> None:
        """Kill at the given step, counted from 0; at none if it is below."""
        self.steps, self._patch, self._at = 0, patch, at

    def watch(self, owner: object, name: str, counts=lambda *_args: True) -> None:
        """Take two steps whenever it is called: before it and after it."""
        real = getattr(owner, name)

        def watched(*args, **options):
            if not counts(*args):
                return real(*args, **options)
            self._step()
            answer = real(*args, **options)
            self._step()
            return answer

        self._patch.setattr(owner, name, watched)

    def _step(self) -> None:
        self.steps += 1
        if self.steps - 1 == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


def is_killed(work: Callable[[], object]) -> bool:
    """Do the work in a fork, and wait; return whether it was killed before its end.

    Raises:
        AssertionError: If it failed otherwise; its words are on stderr.
    """
    child = os.fork()
    if child == 0:
        _work_and_exit(work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the work failed"
    return False


def _work_and_exit(work: Callable[[], object]) -> None:
    """Work on connections of one's own; nothing of the parent's is tidied up."""
    inherited = []
    for connection in connections.all(initialized_only=True):
        inherited.append(connection.connection)
        connection.connection = None
    try:
        work()
    except BaseException:  # noqa: BLE001 -- the parent says that it failed
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
