"""Without Redis: worker and clock in the web process.

The broker is in memory; nothing is lost with it, since all work is rows of the outbox.
"""

import threading
from collections.abc import Awaitable, Callable
from typing import Any, Final

from celery.beat import Scheduler, Service
from celery.signals import worker_ready
from celery.worker import WorkController
from django.conf import settings

from sondervoice.celery import app

WORKERS: Final = 4

ASGI = Callable[[Any, Any, Any], Awaitable[None]]


def with_worker(web: Any) -> ASGI:
    """Return the web application, which starts the others with its lifespan.

    A process that runs beside a real worker gets the application as it is.
    """
    if not settings.ALL_IN_ONE:
        return _without_lifespan(web, start=lambda: None)
    return _without_lifespan(web, start=_start_threads)


def _without_lifespan(web: Any, *, start: Callable[[], None]) -> ASGI:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await web(scope, receive, send)
            return
        await receive()
        start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    return application


def _start_threads() -> None:
    for target in (_work, _keep_time):
        threading.Thread(target=target, name=target.__name__, daemon=True).start()


def _work() -> None:
    """Run a Celery worker; no signal handlers, since this is not the main thread."""
    worker = WorkController(
        app=app,
        pool_cls="threads",
        concurrency=WORKERS,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        # Celery's own program says this; a bare worker leaves it to us, and without it
        # nobody listens to the outbox.
        ready_callback=_say_ready,
    )
    worker.start()


def _say_ready(consumer: Any) -> None:
    worker_ready.send(sender=consumer)


def _keep_time() -> None:
    Service(app, scheduler_cls=Scheduler, max_interval=5).start(embedded_process=False)
