import asyncio
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import DataError, OperationalError

from telephony import call_writer
from telephony.call_writer import CallWriter

ORGANIZATION_ID = UUID("01985f00-0000-7000-8000-0000000000a1")


@pytest.fixture(autouse=True)
def scopes(monkeypatch):
    """Note each transaction; there is no database here."""
    opened = []

    @contextmanager
    def scope(organization_id):
        opened.append(organization_id)
        yield

    monkeypatch.setattr(call_writer.tenancy, "scope", scope)
    return opened


class HereDesk:
    async def ask(self, question):
        await asyncio.sleep(0)
        return question()


def _run(works, *, within_s=1.0):
    async def main():
        writer = CallWriter(HereDesk(), ORGANIZATION_ID)
        writer.start()
        for work in works:
            writer.submit(work)
        is_done = await writer.finished(within_s=within_s)
        is_alive = not writer._running.done()
        writer.stop()
        await asyncio.gather(writer._running, return_exceptions=True)
        return is_done, is_alive

    return asyncio.run(main())


def _fails(error, *, times, then=lambda: None):
    left = [times]

    def work():
        if left[0]:
            left[0] -= 1
            raise error
        then()

    return work


class TestCallWriter:
    def test_works_in_order(self):
        done = []

        assert _run([lambda n=n: done.append(n) for n in range(50)]) == (True, True)
        assert done == list(range(50))

    def test_does_what_comes_together_in_one_transaction(self, scopes):
        _run([lambda: None] * 7)

        assert scopes == [ORGANIZATION_ID]

    def test_waits_a_moment_for_the_rest_of_a_turn(self, scopes):
        async def main():
            writer = CallWriter(HereDesk(), ORGANIZATION_ID)
            writer.start()
            for _ in range(3):
                writer.submit(lambda: None)
                await asyncio.sleep(0.01)
            assert scopes == []
            await writer.finished(within_s=1)
            writer.stop()

        asyncio.run(main())

        assert scopes == [ORGANIZATION_ID]

    def test_tries_again_while_the_database_is_away(self, monkeypatch):
        monkeypatch.setattr(call_writer, "RETRY_S", 0.01)
        done = []
        away = _fails(OperationalError("gone"), times=3, then=lambda: done.append(1))

        assert _run([away, lambda: done.append(2)]) == (True, True)
        assert done == [1, 2]

    def test_lets_go_of_what_can_never_be_written(self):
        done = []
        works = [
            lambda: done.append(0),
            _fails(DataError("integer out of range"), times=99),
            lambda: done.append(1),
            _fails(OSError("No space left on device"), times=99),
            lambda: done.append(2),
        ]

        assert _run(works) == (True, True)
        # The first was undone with the transaction that was spoiled, and done again.
        assert done == [0, 0, 1, 2]

    def test_tells_when_not_all_was_written(self, monkeypatch):
        monkeypatch.setattr(call_writer, "RETRY_S", 0.01)

        away = _fails(OperationalError("gone"), times=10_000)

        assert _run([away], within_s=0.05) == (False, True)

    def test_keeps_the_newest_when_too_much_waits(self, monkeypatch):
        monkeypatch.setattr(call_writer, "WAITING_AT_MOST", 3)
        done = []

        _run([lambda n=n: done.append(n) for n in range(5)])

        assert done == [2, 3, 4]
