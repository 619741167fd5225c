"""The carrier's webhooks: their bodies, their signature, and how they go wrong.

Source:
    Telnyx, "Receiving webhooks": Ed25519 over ``{timestamp}|{raw body}``, headers
    ``telnyx-signature-ed25519`` and ``telnyx-timestamp``; retried when the answer is
    not 2xx; neither ordered nor unique.
"""

import asyncio
import base64
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORGERIES: Final = ("stale", "badsig", "tampered", "unsigned", "otherkey")
ATTEMPTS: Final = 4

Payload = dict[str, Any]


def now_text() -> str:
    """Return this instant as the carrier writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def event(event_type: str, payload: Payload) -> Payload:
    """Return the `data` of one webhook."""
    return {
        "record_type": "event",
        "event_type": event_type,
        "id": str(uuid.uuid4()),
        "occurred_at": now_text(),
        "payload": payload,
    }


def body(data: Payload, *, url: str, attempt: int = 1) -> bytes:
    """Return the raw body that carries `data`."""
    meta = {"attempt": attempt, "delivered_to": url}
    return json.dumps({"data": data, "meta": meta}, separators=(",", ":")).encode()


class Signer:
    """Signs bodies, rightly or in one of the wrong ways."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._other = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        """Return the public key as the portal shows it: 32 bytes in Base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, raw: bytes, *, mode: str = "ok") -> tuple[bytes, dict[str, str]]:
        """Return the body to send and its headers; `mode` is ``ok`` or a forgery."""
        late_s = 3600 if mode == "stale" else 0
        timestamp = str(int(time.time()) - late_s)
        key = self._other if mode == "otherkey" else self._key
        signature = key.sign(timestamp.encode() + b"|" + raw)
        if mode == "badsig":
            signature = bytes(64)
        if mode == "tampered":
            raw = raw.replace(b'"record_type":"event"', b'"record_type":"Event"')
        headers = {"content-type": "application/json"}
        if mode != "unsigned":
            headers["telnyx-signature-ed25519"] = base64.b64encode(signature).decode()
            headers["telnyx-timestamp"] = timestamp
        return raw, headers


@dataclass(slots=True)
class Delivery:
    """One request to the product, and its answer (0: none came)."""

    event_type: str
    mode: str
    status: int
    took_ms: float


@dataclass(slots=True)
class Courier:
    """Carries one call's webhooks to one address.

    Attributes:
        chaos: Any of ``dup``, ``reorder``, and the forgeries.
        wants_more: Whether to try again after an answer that is not 2xx.
    """

    signer: Signer
    client: httpx.AsyncClient
    url: str
    chaos: frozenset[str]
    wants_more: Callable[[], bool] = lambda: True
    sent: list[Delivery] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    retry_s: float = 0.25

    async def deliver(self, data: Payload) -> None:
        """Send the event, its forgeries, and its repeats, as the chaos says."""
        for mode in FORGERIES:
            if mode in self.chaos:
                forged = {**data, "id": str(uuid.uuid4())}
                status = await self._send(forged, mode=mode)
                if 200 <= status < 300:
                    self.problems.append(f"{data['event_type']} {mode} was accepted")
        for _ in range(2 if "dup" in self.chaos else 1):
            await self._deliver_one(data)

    async def deliver_all(self, events: list[Payload]) -> None:
        """Send several events: in order, or all at once and backwards."""
        if "reorder" not in self.chaos:
            for data in events:
                await self.deliver(data)
            return
        async with asyncio.TaskGroup() as group:
            for data in reversed(events):
                group.create_task(self.deliver(data))

    async def _deliver_one(self, data: Payload) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            status = await self._send(data, attempt=attempt)
            if 200 <= status < 300:
                return
            if not self.wants_more():
                break
            await asyncio.sleep(self.retry_s * attempt)
        self.problems.append(f"{data['event_type']} was never accepted ({status})")

    async def _send(self, data: Payload, *, mode: str = "ok", attempt: int = 1) -> int:
        raw, headers = self.signer.sign(
            body(data, url=self.url, attempt=attempt), mode=mode
        )
        start = time.monotonic()
        try:
            answer = await self.client.post(self.url, content=raw, headers=headers)
            status = answer.status_code
        except httpx.HTTPError:
            status = 0
        took_ms = (time.monotonic() - start) * 1000
        self.sent.append(Delivery(data["event_type"], mode, status, took_ms))
        return status
