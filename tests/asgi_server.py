"""The web process as it is served: pages and WebSockets on one port, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @property
    def port(self) -> int:
        return self.servers[0].sockets[0].getsockname()[1]


@contextmanager
def asgi_server() -> Iterator[str]:
    """Serve `sondervoice.asgi` until the block is left; yield its ``http://host:port``."""
    from sondervoice.asgi import application  # noqa: PLC0415 -- sets Django up

    server = _Server(
        uvicorn.Config(
            ASGIStaticFilesHandler(application),
            port=0,
            ws="websockets-sansio",
            log_level="error",
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listens.wait(20)
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.should_exit = True
        thread.join(20)
