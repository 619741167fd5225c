"""One ear: two processes, between them three readings of the sound and the guard."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telephony.voice.adapters.ondevice.child import Child
from telephony.voice.adapters.ondevice.protocol import Kind
from telephony.voice.adapters.ondevice.voting import Readings
from telephony.voice.dialogue import Expecting
from telephony.voice.ports import VoiceVendorError

VENDOR: Final = "ondevice-ear"
_MODULE: Final = "telephony.voice.adapters.ondevice.ear_child"
# 0.2 s: small enough that a child is never long with one piece, so that silence of
# `HANG_S` means it hangs and not that it works.
_PIECE_BYTES: Final = 3_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an utterance is expected to answer.

    Attributes:
        offered: Grammar rules of this moment, by name.
        choices: The words of each slot on offer.
    """

    state: Expecting
    offered: Mapping[str, str]
    choices: tuple[frozenset[str], ...] = ()


class Pair:
    """The two children of one ear; decodes one utterance at a time."""

    def __init__(self, children: tuple[Child, Child]) -> None:
        """Take over two children that are ready."""
        self._children = children
        self._number = 0

    @classmethod
    async def start(cls, models: Path) -> "Pair":
        """Start both processes and wait until they are ready.

        Raises:
            VoiceVendorError: If one does not start.
        """
        starting = (
            Child.start(VENDOR, _MODULE, str(models), role)
            for role in ("script", "trigrams")
        )
        done = await asyncio.gather(*starting, return_exceptions=True)
        children = [child for child in done if isinstance(child, Child)]
        if len(children) != 2:
            await asyncio.gather(*(child.stop() for child in children))
            raise VoiceVendorError(VENDOR)
        return cls((children[0], children[1]))

    @property
    def pids(self) -> tuple[int, int]:
        """The two processes' ids."""
        return self._children[0].pid, self._children[1].pid

    def listen(self, question: Question) -> None:
        """Begin an utterance; one that was not finished is forgotten.

        Raises:
            VoiceVendorError: If a child is gone. So do `feed` and `forget`.
        """
        self._number += 1
        order = {
            "number": self._number,
            "state": question.state.value,
            "offered": dict(question.offered),
        }
        self._send(Kind.LISTEN, json.dumps(order).encode())

    def feed(self, pcm: bytes) -> None:
        """Give both children sound of the utterance, in pieces."""
        for start in range(0, len(pcm), _PIECE_BYTES):
            self._send(Kind.SOUND, pcm[start : start + _PIECE_BYTES])

    def forget(self) -> None:
        """Drop the utterance."""
        self._send(Kind.FORGET)

    async def finish(self) -> Readings:
        """End the utterance and return what was made of it.

        Raises:
            VoiceVendorError: If a child is gone, or silent for too long.
        """
        self._send(Kind.FINISH)
        heard: dict[str, str] = {}
        for child in self._children:
            heard.update(await self._heard_by(child))
        return Readings(**heard)

    async def _heard_by(self, child: Child) -> dict[str, str]:
        while True:
            message = await child.receive()
            if message.kind is not Kind.HEARD:
                continue
            answer = json.loads(message.body)
            if answer["number"] == self._number:  # else of an utterance given up
                heard: dict[str, str] = answer["heard"]
                return heard

    def _send(self, kind: Kind, body: bytes = b"") -> None:
        for child in self._children:
            child.send(kind, body)

    async def stop(self) -> None:
        """End both processes."""
        await asyncio.gather(*(child.stop() for child in self._children))

    def kill(self) -> None:
        """End both processes by force."""
        for child in self._children:
            child.kill()
