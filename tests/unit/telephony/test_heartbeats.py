import asyncio
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from telephony import heartbeats
from telephony.heartbeats import Heartbeats
from telephony.services.keep_line import Standing, beat_lines


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(heartbeats, "BEAT_S", 0.01)


def _call(number, clinic="alder"):
    return SimpleNamespace(organization_id=clinic, call_id=number, epoch=1)


class Database:
    """Answers what it is told to; notes what it is asked."""

    def __init__(self, *answers):
        self.asked = []
        self.was_asked_twice = asyncio.Event()
        self._answers = list(answers)

    async def __call__(self, question, *, organization_id, lines, now):
        assert question is beat_lines
        self.asked.append((organization_id, [call_id for call_id, _ in lines]))
        if len(self.asked) == 2:
            self.was_asked_twice.set()
        answer = self._answers.pop(0) if self._answers else Standing.OPEN
        if isinstance(answer, Exception):
            raise answer
        return [answer] * len(lines)


def _why(database, *, minutes=1.0):
    async def main():
        beats = Heartbeats(database, minutes_at_most=minutes)
        with beats.hold(_call(1)) as must_end:
            return await asyncio.wait_for(must_end, 5)

    return asyncio.run(main())


class TestHeartbeats:
    @pytest.mark.parametrize("standing", [Standing.GONE, Standing.REPLACED])
    def test_end_a_call_that_is_ours_no_more(self, standing):
        assert _why(Database(Standing.OPEN, standing)) == standing.value

    def test_end_a_call_that_is_too_long(self):
        assert _why(Database(), minutes=0.001) == "too_long"

    def test_go_on_while_the_database_is_away(self):
        database = Database(OperationalError("gone"), Standing.OPEN, Standing.GONE)

        assert _why(database) == "gone"
        assert len(database.asked) == 3

    def test_ask_once_for_all_calls_of_a_clinic(self):
        database = Database()

        async def main():
            beats = Heartbeats(database, minutes_at_most=1)
            with (
                beats.hold(_call(1)),
                beats.hold(_call(2, "birch")),
                beats.hold(_call(3)),
            ):
                await asyncio.wait_for(database.was_asked_twice.wait(), 5)
            return beats._beating

        assert asyncio.run(main()) is None
        assert database.asked[:2] == [("alder", [1, 3]), ("birch", [2])]

    def test_leave_other_calls_alone(self):
        class OneGone(Database):
            async def __call__(self, question, *, organization_id, lines, now):
                del question, organization_id, now
                return [
                    Standing.GONE if call_id == 1 else Standing.OPEN
                    for call_id, _ in lines
                ]

        async def main():
            beats = Heartbeats(OneGone(), minutes_at_most=1)
            with beats.hold(_call(1)) as first, beats.hold(_call(2)) as second:
                await asyncio.wait_for(first, 5)
                return second.done()

        assert asyncio.run(main()) is False
