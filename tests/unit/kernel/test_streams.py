"""Bodies under ASGI: what they do at their end is done, whoever breaks off."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.http import StreamingHttpResponse
from django.test.client import AsyncRequestFactory

from sondervoice.kernel.streams import for_server

WITHIN_S = 10


class Pieces:
    """Two pieces; says in which thread it ended, and waits before the second."""

    def __init__(self) -> None:
        self.ended_in: list[str] = []
        self.ended = threading.Event()
        self.is_asked = threading.Event()
        self.may_go_on = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield b"first"
            self.is_asked.set()
            self.may_go_on.wait(WITHIN_S)
            yield b"second"
        finally:
            self.ended_in.append(threading.current_thread().name)
            self.ended.set()


@pytest.fixture(autouse=True)
def _no_database(monkeypatch) -> None:
    monkeypatch.setattr(
        "sondervoice.kernel.streams.close_old_connections", lambda: None
    )


@pytest.fixture
def pieces() -> Pieces:
    return Pieces()


@pytest.fixture
def answer(pieces: Pieces) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        for_server(AsyncRequestFactory().get("/"), iter(pieces))
    )


async def _is_set(event: threading.Event) -> bool:
    return await asyncio.to_thread(event.wait, WITHIN_S)


class TestBody:
    async def test_that_is_read_to_its_end_ends_once(self, pieces, answer):
        pieces.may_go_on.set()

        assert [one async for one in answer] == [b"first", b"second"]
        answer.close()

        assert await _is_set(pieces.ended)
        assert len(pieces.ended_in) == 1

    async def test_that_nobody_reads_on_ends_in_a_thread_of_its_own(
        self, pieces, answer
    ):
        assert await anext(aiter(answer)) == b"first"

        answer.close()

        assert await _is_set(pieces.ended)
        assert pieces.ended_in[0].startswith("body")

    async def test_that_is_broken_off_while_a_piece_is_made_ends_after_it(
        self, pieces, answer
    ):
        async def read() -> None:
            async for _ in answer:
                pass

        task = asyncio.create_task(read())
        assert await _is_set(pieces.is_asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        answer.close()
        assert pieces.ended_in == []

        pieces.may_go_on.set()
        assert await _is_set(pieces.ended)
        assert len(pieces.ended_in) == 1
        assert pieces.ended_in[0].startswith("body")
