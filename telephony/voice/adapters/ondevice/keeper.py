"""Keeps a set of child processes complete: what breaks is started anew."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from telephony.voice.ports import VoiceVendorError

_AGAIN_S: Final = 1.0  # after a start that failed


class Keeper:
    """Calls `add` once for each `ask`, again and again until it works."""

    def __init__(self, add: Callable[[], Awaitable[None]]) -> None:
        """Start what is missing by `add`, which may raise `VoiceVendorError`."""
        self._add = add
        self._missing: asyncio.Queue[None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self, count: int) -> None:
        """Add `count` at once, and keep on from then on.

        Raises:
            VoiceVendorError: If one does not start.
        """
        await asyncio.gather(*(self._add() for _ in range(count)))
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Start no more; stopping twice is harmless."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def ask(self) -> None:
        """Say that one is missing; no wait."""
        self._missing.put_nowait(None)

    async def _keep(self) -> None:
        while True:
            await self._missing.get()
            if not await self._added():
                await asyncio.sleep(_AGAIN_S)
                self.ask()

    async def _added(self) -> bool:
        try:
            await self._add()
        except VoiceVendorError:
            return False
        return True
