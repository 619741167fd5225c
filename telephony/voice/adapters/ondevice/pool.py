"""A few ears for all callers, handed out fairly, replaced when they break.

A caller whose question is known beforehand listens live when an ear is free. Whoever
has finished speaking comes first: when no ear is free, the live caller who began last
gives up the ear (the utterance is kept and decoded at once later); when all ears
are finishing somebody else, one waits in the order of arrival.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from telephony.voice.adapters.ondevice.keeper import Keeper
from telephony.voice.adapters.ondevice.pair import VENDOR, Pair
from telephony.voice.ports import VoiceVendorError

# Five callers who stop at the same moment after 6 s of speech are through in 3.6 s with
# two ears, on two cores that had other work as well.
WAIT_S: Final = 8.0

StartPair = Callable[[], Awaitable[Pair]]


class EarPool:
    """Keeps `size` ears ready; `start` first, `stop` last."""

    def __init__(self, start_pair: StartPair, *, size: int) -> None:
        """Make ears by `start_pair`."""
        self._start_pair = start_pair
        self._size = size
        self._free: deque[Pair] = deque()
        self._live: dict[Pair, Callable[[], None]] = {}
        self._waiting: deque[asyncio.Future[Pair]] = deque()
        self._all: set[Pair] = set()
        self._keeper = Keeper(self._add)

    async def start(self) -> None:
        """Start all ears at once and keep them complete from then on.

        Raises:
            VoiceVendorError: If one does not start.
        """
        try:
            await self._keeper.start(self._size)
        except VoiceVendorError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End all processes; stopping twice is harmless."""
        await self._keeper.stop()
        for future in self._waiting:
            future.cancel()
        pairs, self._all = list(self._all), set()
        self._free.clear()
        self._live.clear()
        await asyncio.gather(*(pair.stop() for pair in pairs))

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of all processes."""
        return tuple(pid for pair in self._all for pid in pair.pids)

    def try_live(self, give_up: Callable[[], None]) -> Pair | None:
        """Return an ear for an utterance that has begun, if one is idle.

        Args:
            give_up: Called when somebody who has finished needs the ear: it is no
                longer the caller's from that moment.
        """
        if not self._free or self._waiting:
            return None
        pair = self._free.popleft()
        self._live[pair] = give_up
        return pair

    def hold(self, pair: Pair) -> None:
        """Keep a live ear to its end: its caller has finished speaking."""
        self._live.pop(pair, None)

    async def take(self) -> Pair:
        """Return an ear for an utterance that is over, waiting in turn.

        Raises:
            VoiceVendorError: If none becomes free in `WAIT_S`.
        """
        if self._free:
            return self._free.popleft()
        if self._live:
            pair, give_up = self._live.popitem()
            give_up()
            return pair
        future: asyncio.Future[Pair] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(WAIT_S):
                return await future
        except BaseException as error:
            self._leave_queue(future)
            if isinstance(error, TimeoutError):
                raise VoiceVendorError(VENDOR) from None
            raise

    def _leave_queue(self, future: "asyncio.Future[Pair]") -> None:
        if future in self._waiting:
            self._waiting.remove(future)
        elif future.done() and not future.cancelled():
            self.give_back(future.result())  # it came just too late

    def give_back(self, pair: Pair) -> None:
        """Take an ear back that works."""
        self._live.pop(pair, None)
        if pair not in self._all:
            return
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(pair)
                return
        self._free.append(pair)

    def replace(self, pair: Pair) -> None:
        """Take an ear back that is broken; a new one is started in its place."""
        self._live.pop(pair, None)
        if pair in self._all:
            self._all.discard(pair)
            pair.kill()
            self._keeper.ask()

    async def _add(self) -> None:
        pair = await self._start_pair()
        self._all.add(pair)
        self.give_back(pair)
