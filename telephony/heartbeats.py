"""Signs of life for all calls of the media process, a clinic's together.

A sign for each call would be a transaction for each: at eighty calls a twentieth of the
process's time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import Error as DatabaseError

from sondervoice.kernel.clock import utc_now
from telephony.services import keep_line
from telephony.services.keep_line import Standing
from telephony.services.open_stream import OpenedCall

logger = logging.getLogger(__name__)

BEAT_S: Final = 5.0

Ask = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Held:
    """A call we hold.

    Attributes:
        must_end: Becomes why the line must end: a `Standing`, or ``too_long``.
        until_s: The loop's time at which the call is too long.
    """

    call: OpenedCall
    must_end: asyncio.Future[str]
    until_s: float


class Heartbeats:
    """Tells the database which calls live, and each call when it must end."""

    def __init__(self, ask: Ask, *, minutes_at_most: float) -> None:
        """Ask the database by `ask`; let a call last for so long."""
        self._ask = ask
        self._seconds_at_most = minutes_at_most * 60
        self._held: dict[int, _Held] = {}
        self._number = 0
        self._beating: asyncio.Task[None] | None = None

    @contextmanager
    def hold(self, call: OpenedCall) -> Iterator[asyncio.Future[str]]:
        """Give signs of life; the future tells when the call must end, and why."""
        loop = asyncio.get_running_loop()
        must_end: asyncio.Future[str] = loop.create_future()
        self._number += 1
        number = self._number
        until_s = loop.time() + self._seconds_at_most
        self._held[number] = _Held(call, must_end, until_s)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        try:
            yield must_end
        finally:
            del self._held[number]
            must_end.cancel()
            if not self._held and self._beating is not None:
                self._beating.cancel()
                self._beating = None

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self._end_long_calls()
            calls = sorted(self._held.values(), key=_clinic)
            clinics = [(key, list(held)) for key, held in groupby(calls, key=_clinic)]
            # Side by side: one clinic whose rows are locked must not let others die.
            signs = (self._give_sign(*clinic) for clinic in clinics)
            for failed in await asyncio.gather(*signs, return_exceptions=True):
                if isinstance(failed, Exception):
                    logger.error("beat failed", exc_info=failed)

    def _end_long_calls(self) -> None:
        now_s = asyncio.get_running_loop().time()
        for held in self._held.values():
            if now_s >= held.until_s:
                _end(held, "too_long")

    async def _give_sign(self, organization_id: UUID, calls: list[_Held]) -> None:
        try:
            standings = await self._ask(
                keep_line.beat_lines,
                organization_id=organization_id,
                lines=[(held.call.call_id, held.call.epoch) for held in calls],
                now=utc_now(),
            )
        except DatabaseError:
            # The caller is better served by a call that goes on without a record of
            # this beat than by one that ends with the database.
            logger.warning("beat not written")
            return
        for held, standing in zip(calls, standings, strict=True):
            if standing is not Standing.OPEN:
                _end(held, standing.value)


def _clinic(held: _Held) -> UUID:
    return held.call.organization_id


def _end(held: _Held, why: str) -> None:
    if not held.must_end.done():
        held.must_end.set_result(why)
