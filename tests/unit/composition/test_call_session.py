import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Event
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import OperationalError

from recordings.recorder import CallRecorder
from recordings.spool import PIECE_MS, Spool
from sondervoice import voice_line
from sondervoice.voice_line import CallSession
from telephony import call_writer
from telephony.call_writer import CallWriter, Leftovers
from telephony.file_thread import FileThread
from telephony.voice.frames import Audio
from tests.unit.recordings.sealers import make_sealer

LOUD = b"\x00\x20" * 160


class ToyLine:
    async def run(self):
        await asyncio.Event().wait()

    async def close(self):
        """Give nothing back."""


class HungDesk:
    """A database that does not answer: its threads wait until they are let go."""

    def __init__(self):
        self.is_back = Event()
        self._pool = ThreadPoolExecutor(1)

    async def ask(self, question):
        def work():
            if not self.is_back.is_set():
                raise OperationalError("gone")
            return question()

        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


@pytest.fixture(autouse=True)
def scopes(monkeypatch):
    """Open none: there is no database here."""
    monkeypatch.setattr(call_writer.tenancy, "scope", lambda _: nullcontext())


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "one.spool", make_sealer())


@pytest.fixture
def session(spool, monkeypatch):
    monkeypatch.setattr(voice_line, "WRITTEN_WITHIN_S", 0.1)
    monkeypatch.setattr(call_writer, "RETRY_S", 0.01)
    desk = HungDesk()
    rows, sound = CallWriter(desk, uuid4()), FileThread()
    recorder = CallRecorder(spool, encoding="PCMU", submit=sound.submit)
    made = CallSession(
        ToyLine(),
        clock=SimpleNamespace(base_ms=0),
        recorder=recorder,
        writers=(sound, rows),
        leftovers=Leftovers(),
    )
    return SimpleNamespace(
        made=made, desk=desk, rows=rows, sound=sound, recorder=recorder
    )


def _speak(session, *, seconds):
    for at_ms in range(0, seconds * 1_000, 20):
        session.recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))


class TestCallSession:
    def test_loses_a_second_at_most_when_killed_without_a_database(
        self, session, spool
    ):
        written = []

        async def main():
            running = asyncio.create_task(session.made.run())
            await asyncio.sleep(0)
            session.rows.submit(lambda: written.append("row"))
            _speak(session, seconds=10)
            assert await session.sound.finished(within_s=5)
            # Killed here: nothing is closed, and nothing more is written.
            running.cancel()
            session.rows.stop()

        asyncio.run(main())

        kept_ms = len(list(spool.pieces())) * PIECE_MS
        assert written == []
        assert kept_ms >= 9_000

    def test_writes_the_rest_once_the_database_is_back(self, session, caplog):
        written = []

        async def main():
            running = asyncio.create_task(session.made.run())
            await asyncio.sleep(0)
            for number in range(3):
                session.rows.submit(lambda number=number: written.append(number))
            await session.made.close()
            before = list(written)
            session.desk.is_back.set()
            await session.made._leftovers.finished(within_s=5)
            running.cancel()
            return before

        assert asyncio.run(main()) == []
        assert written == [0, 1, 2]
        assert [
            (record.message, record.count)
            for record in caplog.records
            if hasattr(record, "count")
        ] == [("call not written yet", 3)]

    def test_gives_up_in_the_end_and_tells_how_much(self, session, caplog, monkeypatch):
        monkeypatch.setattr(call_writer, "KEEPS_TRYING_S", 0.1)

        async def main():
            session.rows.submit(lambda: None)
            await session.made.close()
            await session.made._leftovers.finished(within_s=5)

        asyncio.run(main())

        assert caplog.records[-1].message == "call never written"
        assert caplog.records[-1].count == 1
