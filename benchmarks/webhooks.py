"""Acknowledging the carrier's webhooks, beside a Django view that does one INSERT.

Both are views of one process: the same uvicorn, middleware and database connection.
Ours checks the signature, finds the clinic, seals and stores the event and the job that
applies it. Events are signed beforehand; each answer must say that its event was new.
"""

import base64
import http.client
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final
from uuid import uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.bench import Bench
from benchmarks.figures import Figure, middle, spread
from benchmarks.machine import ProcessClock
from benchmarks.serving import HOST, BrokenError, Server, command_of, free_port
from sondervoice.demo.people import ALDER

AT_LEAST: Final = 0.7
SEQUENTIAL: Final = 150
AT_ONCE: Final = 8
CONCURRENT: Final = 400
WARM_UP: Final = 60
OURS: Final = "/webhooks/telnyx/"
PLAIN: Final = "/one-insert/"


@dataclass(frozen=True, slots=True)
class Event:
    """A signed request."""

    body: bytes
    headers: dict[str, str]


def measure(bench: Bench, *, pairs: int) -> list[Figure]:
    """Return the ratios one after the other and eight at once."""
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    _make_table()
    # The clinic whose number is called is made with the first calls.
    bench.next_calls(1)
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.webhook_settings",
        "TELNYX_PUBLIC_KEY": public,
        "ALLOWED_HOSTS": HOST,
    }
    arguments = command_of("web", "sondervoice.asgi:application", port)
    with bench.server(arguments, port, environment, name="web") as server:
        events = _events(key)
        for path in (OURS, PLAIN):
            _post(server, path, list(islice(events, WARM_UP)))
        return [
            _measured(server, events, pairs, at_once=1),
            _measured(server, events, pairs, at_once=AT_ONCE),
        ]


def _measured(
    server: Server, events: Iterator[Event], pairs: int, *, at_once: int
) -> Figure:
    how = "one after the other" if at_once == 1 else f"{at_once} at once"
    name = f"webhooks acknowledged / one INSERT, {how}"
    try:
        seen = _interleaved(server, events, pairs, at_once=at_once)
    except BrokenError as error:
        return Figure(name=name, value=None, goal=AT_LEAST, note=str(error))
    return _figure(seen, name)


def _make_table() -> None:
    owner = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_rows (id uuid PRIMARY KEY, body bytea, "
            "at timestamptz DEFAULT now())"
        )
        connection.execute("GRANT INSERT ON bench_rows TO sv_app")


def _events(key: Ed25519PrivateKey) -> Iterator[Event]:
    """Yield events of new calls to the demo's clinic, without end."""
    while True:
        call_id = f"v3:{uuid4()}"
        payload = {
            "call_control_id": call_id,
            "call_leg_id": str(uuid4()),
            "call_session_id": str(uuid4()),
            "connection_id": "1684641123236054244",
            "client_state": None,
            "direction": "incoming",
            "from": "+13125550136",
            "to": ALDER.number_e164,
            "start_time": "2026-11-20T15:42:00.076316Z",
            "state": "parked",
        }
        data = {
            "record_type": "event",
            "event_type": "call.initiated",
            "id": str(uuid4()),
            "occurred_at": "2026-11-20T15:42:00.076316Z",
            "payload": payload,
        }
        body = json.dumps({"data": data, "meta": {"attempt": 1}}).encode()
        stamp = str(int(time.time()))
        signature = key.sign(stamp.encode() + b"|" + body)
        headers = {
            "content-type": "application/json",
            "telnyx-timestamp": stamp,
            "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
        }
        yield Event(body, headers)


def _interleaved(
    server: Server, events: Iterator[Event], pairs: int, *, at_once: int
) -> list[dict[str, Any]]:
    count = SEQUENTIAL if at_once == 1 else CONCURRENT
    seen = []
    for _ in range(pairs):
        pair = {}
        for name, path in (("ours", OURS), ("plain", PLAIN)):
            batch = list(islice(events, count))
            pair[name] = _timed(server, path, batch, at_once)
        seen.append(pair)
    return seen


def _timed(
    server: Server, path: str, events: list[Event], at_once: int
) -> dict[str, float]:
    shares = [events[first::at_once] for first in range(at_once)]
    clock, began = ProcessClock(server.pid), time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(partial(_post, server, path), shares))
    took = time.perf_counter() - began
    return {
        "a_second": round(len(events) / took, 1),
        "cpu_ms": round(clock.since() / len(events) * 1000, 3),
    }


def _post(server: Server, path: str, events: list[Event]) -> None:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    for event in events:
        connection.request("POST", path, event.body, event.headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200 or not json.loads(text)["is_new"]:
            raise BrokenError(f"{path} answered {answer.status}")
    connection.close()


def _figure(seen: list[dict[str, Any]], name: str) -> Figure:
    ratios = [pair["ours"]["a_second"] / pair["plain"]["a_second"] for pair in seen]
    ours, plain = (
        middle([pair[name]["a_second"] for pair in seen]) for name in ("ours", "plain")
    )
    return Figure(
        name=name,
        value=middle(ratios),
        unit="x",
        goal=AT_LEAST,
        more_is_better=True,
        note=f"{spread(ratios)} of {len(ratios)} pairs; {ours:g}, {plain:g} a second",
        detail={"pairs": seen},
    )
