from collections.abc import Iterator

from django.test.client import AsyncRequestFactory, RequestFactory

from recordings.views import _answer

PIECES = (b"first", b"second", b"third")


class Sound:
    size_bytes = 16

    def __init__(self) -> None:
        self.pieces_read = 0

    def read(self, first: int, last: int) -> Iterator[bytes]:
        for piece in PIECES:
            self.pieces_read += 1
            yield piece


class TestSoundOverAsgi:
    async def test_is_read_one_piece_at_a_time(self):
        sound = Sound()
        answer = _answer(AsyncRequestFactory().get("/"), sound)

        body = aiter(answer.streaming_content)
        first = await anext(body)
        read_after_first = sound.pieces_read
        rest = [piece async for piece in body]

        assert answer.is_async
        assert first == b"first"
        assert read_after_first == 1
        assert rest == [b"second", b"third"]


class TestSoundOverWsgi:
    def test_is_read_one_piece_at_a_time(self):
        sound = Sound()
        answer = _answer(RequestFactory().get("/"), sound)

        body = iter(answer.streaming_content)
        first = next(body)

        assert not answer.is_async
        assert first == b"first"
        assert sound.pieces_read == 1
        assert list(body) == [b"second", b"third"]
