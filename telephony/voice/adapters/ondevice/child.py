"""A child process of ours, seen from the loop of the media process."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from telephony.voice.adapters.ondevice.protocol import (
    Kind,
    Message,
    ProtocolError,
    pack,
    read_async,
)
from telephony.voice.ports import VoiceVendorError

HANG_S: Final = 2.5
_START_S: Final = 20.0
_STOP_S: Final = 0.5
_UNREAD_BYTES: Final = 1 << 20  # a child this far behind (a minute of sound) has hung
_ROOT: Final = Path(__file__).resolve().parents[4]
# A child gets no setting and no secret of ours; one thread each, or numpy starts one
# for every core.
_ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


class Child:
    """One process that answers length-prefixed messages; see `protocol`."""

    def __init__(self, process: asyncio.subprocess.Process, vendor: str) -> None:
        self._process = process
        self._vendor = vendor

    @classmethod
    async def start(cls, vendor: str, module: str, *arguments: str) -> "Child":
        """Start ``python -m module`` and wait until it is ready.

        Raises:
            VoiceVendorError: If it does not become ready.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments,
            cwd=_ROOT, env=_ENVIRONMENT, start_new_session=True,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # it might say what was heard
        )  # fmt: skip
        child = cls(process, vendor)
        try:
            await child.receive(within_s=_START_S)
        except BaseException:
            await child.stop()
            raise
        return child

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, kind: Kind, body: bytes = b"") -> None:
        """Send a message without waiting.

        Raises:
            VoiceVendorError: If the child is gone or no longer reads.
        """
        pipe = self._process.stdin
        if pipe is None or pipe.is_closing():
            raise VoiceVendorError(self._vendor)
        if pipe.transport.get_write_buffer_size() > _UNREAD_BYTES:
            raise VoiceVendorError(self._vendor)
        pipe.write(pack(kind, body))

    async def receive(self, *, within_s: float = HANG_S) -> Message:
        """Return the next message.

        Raises:
            VoiceVendorError: If none comes in time, or the child has gone or failed.
        """
        pipe = self._process.stdout
        if pipe is None:
            raise VoiceVendorError(self._vendor)
        try:
            async with asyncio.timeout(within_s):
                message = await read_async(pipe)
        except (TimeoutError, asyncio.IncompleteReadError, ProtocolError, OSError):
            raise VoiceVendorError(self._vendor) from None
        if message.kind is Kind.FAILED:
            raise VoiceVendorError(self._vendor, is_permanent=True)
        return message

    async def stop(self) -> None:
        """End the process: by closing its input, and by force if that is not enough."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_S):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End the process by force, without waiting."""
        if self._process.returncode is None:
            self._process.kill()
