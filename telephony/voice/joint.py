"""A joint of the line: a short queue before a stage that waits for a vendor.

The stage's work for one frame can be cancelled without ending the joint: that is what
an interruption does.
"""

import asyncio
from collections import deque
from typing import Generic, Protocol, TypeVar

T_contra = TypeVar("T_contra", contravariant=True)
T = TypeVar("T")


class WaitingStage(Protocol[T_contra]):
    """One step of the line that waits for a vendor."""

    name: str

    async def handle(self, frame: T_contra) -> None:
        """Do the step for one frame; cancelled when its turn is void."""


class Joint(Generic[T]):
    """Feeds one stage, one frame after the other, from a queue of fixed length.

    Attributes:
        dropped: Frames that found the queue full; the oldest makes way.
    """

    def __init__(self, stage: WaitingStage[T], *, most: int = 32) -> None:
        """Stand before `stage` with room for `most` frames."""
        self.dropped = 0
        self._stage = stage
        self._most = most
        self._waiting: deque[T] = deque()
        self._arrived = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._current: T | None = None

    @property
    def is_busy(self) -> bool:
        """Return whether something waits or is being done."""
        return bool(self._waiting) or self._work is not None

    def put(self, frame: T) -> None:
        """Add a frame; never waits."""
        if len(self._waiting) >= self._most:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(frame)
        self._arrived.set()

    def take_all(self) -> list[T]:
        """Return what was not done, the frame under way first, and forget it."""
        rest = [] if self._current is None else [self._current]
        rest += self._waiting
        self._current = None
        self._waiting.clear()
        return rest

    def cancel(self) -> None:
        """Cancel what is being done; what waits is done next."""
        if self._work is not None:
            self._work.cancel()

    def void(self) -> None:
        """Forget what waits and cancel what is being done."""
        self._waiting.clear()
        self.cancel()

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Serve the stage until cancelled; its tasks belong to `group`.

        Raises:
            Exception: What the stage raises ends the line.
        """
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                self._current = self._waiting.popleft()
                work = group.create_task(self._stage.handle(self._current))
                self._work = work
                try:
                    await asyncio.wait({work})
                finally:
                    self._work = None
                self._current = None
                if not work.cancelled() and work.exception() is not None:
                    return
