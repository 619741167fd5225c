"""The voice vendors of a process, shared by all its calls."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from telephony.voice.activity import SharedActivity
from telephony.voice.adapters.ondevice.ear import OnDeviceEar
from telephony.voice.adapters.ondevice.mouth import OnDeviceMouth
from telephony.voice.adapters.rules.brain import RulesBrain
from telephony.voice.adapters.silero import SharedSilero
from telephony.voice.ports import LanguageModel, SpeechToText, TextToSpeech


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """Who hears, thinks, speaks, and notices speech."""

    speech_to_text: SpeechToText
    language: LanguageModel
    text_to_speech: TextToSpeech
    activity: SharedActivity


class OnDeviceVendors:
    """The vendors that need no key: children of this process."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._ear = OnDeviceEar(Path(settings.DATA_DIR) / "cache", settings.EARS)
        self._mouth = OnDeviceMouth()
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> Vendors:
        """Start the children and return the vendors.

        The mouth greets, so it is waited for; the ear is ready before the greeting
        ends, and what is said meanwhile waits for it.
        """
        await self._mouth.start()
        self._starting = asyncio.create_task(self._ear.start())
        return Vendors(
            speech_to_text=self._ear,
            language=RulesBrain(hears=self._ear.languages),
            text_to_speech=self._mouth,
            activity=SharedSilero(),
        )

    async def stop(self) -> None:
        """Stop the children."""
        if self._starting is not None:
            await asyncio.wait({self._starting})
        await self._ear.stop()
        await self._mouth.stop()
