import asyncio

import pytest

from sondervoice.media_process import MediaProcess
from sondervoice.routing import media_router


class BrokenStream:
    async def __call__(self, scope, receive, send):
        raise ValueError("of a session, not of the router")


def _serve(path):
    process, sent = MediaProcess(), []
    process._router = media_router(BrokenStream())

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    asyncio.run(process({"type": "websocket", "path": path}, receive, send))
    return sent


class TestMediaProcess:
    @pytest.mark.parametrize("path", ["/", "/media/", "/media/telnyx/", "/ws/a/b/"])
    def test_refuses_an_address_that_is_no_streams(self, path):
        assert _serve(path) == [{"type": "websocket.close", "code": 4404}]

    def test_hides_no_error_of_a_session(self):
        with pytest.raises(ValueError, match="of a session"):
            _serve("/media/telnyx/one-time-token/")
