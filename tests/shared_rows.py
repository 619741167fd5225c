"""Rows that the tests of a file begin with are made once, not for each of them.

They are made in a transaction around those of the tests, and each test is rolled back
to them. A test that commits, or begins with other rows, does not meet them.
"""

from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

_USES_DATABASE = {"db", "transactional_db"}


class SharedRows:
    """At most one set of rows at a time, by file and by the fixture that stands for it.

    Until `begin` each test makes its own.
    """

    def __init__(self) -> None:
        self._makers: dict[str, Callable[[], Any]] = {}
        self._unblock: Callable[[], Any] | None = None
        self._open: tuple[Path, str] | None = None
        self._value: Any = None
        self._around = ExitStack()

    def share(self, fixture: str, make: Callable[[], Any]) -> None:
        """Say how the rows of a fixture are made."""
        self._makers[fixture] = make

    def begin(self, unblock: Callable[[], Any]) -> None:
        """There is a database now, that is let near by `unblock`."""
        self._unblock = unblock

    def end(self) -> None:
        """Take everything back; the database is about to go."""
        self._close()
        self._unblock = None

    def take(self, fixture: str) -> Any:
        """Return what stands for the rows, a copy of the test's own."""
        if self._open is not None and self._open[1] == fixture:
            return deepcopy(self._value)
        return self._makers[fixture]()

    def get_ready(self, item: pytest.Function) -> None:
        """Before a test: have its rows there, and no others."""
        marks = item.get_closest_marker("django_db")
        if self._unblock is None or not (
            marks or _USES_DATABASE.intersection(item.fixturenames)
        ):
            return
        wanted = self._wanted(item, marks.kwargs if marks else {})
        if wanted != self._open:
            self._close()
            if wanted is not None:
                self._make(wanted)

    def _wanted(
        self, item: pytest.Function, options: dict[str, Any]
    ) -> tuple[Path, str] | None:
        commits = options.get("transaction") or "transactional_db" in item.fixturenames
        if commits or "databases" in options:
            return None
        found = [name for name in self._makers if name in item.fixturenames]
        return (item.path, found[0]) if len(found) == 1 else None

    def _make(self, wanted: tuple[Path, str]) -> None:
        assert self._unblock is not None
        with self._unblock():
            around = transaction.atomic()
            # As the test case's own: what must be outermost may be within.
            around._from_testcase = True
            self._around.enter_context(around)
            self._value = self._makers[wanted[1]]()
        self._open = wanted

    def _close(self) -> None:
        if self._open is None:
            return
        assert self._unblock is not None
        self._open = self._value = None
        with self._unblock():
            transaction.set_rollback(True)
            self._around.close()


SHARED = SharedRows()
