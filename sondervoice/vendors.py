"""The voice vendors of a process, shared by all its calls.

The settings choose who is asked first for each of the three: ear, brain and mouth.
Behind a vendor stands the on-device one, with one breaker for all calls, so that the
second caller does not wait for what has failed the first. The on-device vendors stand
behind nobody: what happens when they fail is written in `telephony.voice.ports`.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from telephony.voice.activity import SharedActivity
from telephony.voice.adapters.ondevice.ear import OnDeviceEar
from telephony.voice.adapters.ondevice.mouth import OnDeviceMouth
from telephony.voice.adapters.rules.brain import RulesBrain
from telephony.voice.adapters.silero import SharedSilero
from telephony.voice.failover.brain import FailoverBrain
from telephony.voice.failover.breaker import Breaker
from telephony.voice.failover.ear import FailoverEar
from telephony.voice.failover.voice import FailoverVoice
from telephony.voice.hold import make_holds
from telephony.voice.ports import LanguageModel, SpeechToText, TextToSpeech

T = TypeVar("T")

# What each setting may name, and how the vendor is made; None: the on-device one alone.
EARS: Final[Mapping[str, Callable[[], SpeechToText] | None]] = {"ondevice": None}
BRAINS: Final[Mapping[str, Callable[[], LanguageModel] | None]] = {"rules": None}
MOUTHS: Final[Mapping[str, Callable[[], TextToSpeech] | None]] = {"ondevice": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """Who hears, thinks, speaks, and notices speech.

    Attributes:
        hold: The sound of "One moment." by language (`telephony.voice.hold`).
    """

    speech_to_text: SpeechToText
    language: LanguageModel
    text_to_speech: TextToSpeech
    activity: SharedActivity
    hold: Mapping[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstVendors:
    """Who is asked before the last resort; None: nobody is."""

    speech_to_text: SpeechToText | None = None
    language: LanguageModel | None = None
    text_to_speech: TextToSpeech | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastResort:
    """Who is left when all vendors are down; the brain is `RulesBrain`."""

    speech_to_text: SpeechToText
    text_to_speech: TextToSpeech
    activity: SharedActivity = field(default_factory=SharedSilero)


class ProcessVendors(Protocol):
    """Starts and stops the vendors of a process."""

    async def start(self) -> Vendors:
        """Return them, ready for the first call."""

    async def stop(self) -> None:
        """Give back what they hold."""


async def put_together(first: FirstVendors, last: LastResort) -> Vendors:
    """Return the vendors of a process: each first one with its last resort behind it.

    The brain of last resort says which languages are heard, so it is told of all.
    """
    now_s = asyncio.get_running_loop().time
    ear, voice = last.speech_to_text, last.text_to_speech
    hold = await make_holds(voice)
    if first.speech_to_text is not None:
        ear = FailoverEar(first.speech_to_text, ear, Breaker(now_s))
    if first.text_to_speech is not None:
        voice = FailoverVoice(first.text_to_speech, voice, Breaker(now_s))
    brain: LanguageModel = RulesBrain(hears=ear.languages)
    if first.language is not None:
        brain = FailoverBrain(first.language, brain, Breaker(now_s))
    return Vendors(
        speech_to_text=ear,
        language=brain,
        text_to_speech=voice,
        activity=last.activity,
        hold=hold,
    )


def chosen_vendors() -> FirstVendors:
    """Return the vendors that the settings name.

    Raises:
        ImproperlyConfigured: If one is not known.
    """
    return FirstVendors(
        speech_to_text=_chosen("STT_VENDOR", EARS),
        language=_chosen("LLM_VENDOR", BRAINS),
        text_to_speech=_chosen("TTS_VENDOR", MOUTHS),
    )


def _chosen(setting: str, known: Mapping[str, Callable[[], T] | None]) -> T | None:
    name = getattr(settings, setting)
    if name not in known:
        there_is = ", ".join(known)
        raise ImproperlyConfigured(f"{setting}: there is no {name!r}, only: {there_is}")
    make = known[name]
    return None if make is None else make()


class OnDeviceVendors:
    """The chosen vendors, and behind them those that need no key: our children."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._first = chosen_vendors()
        self._ear = OnDeviceEar(Path(settings.DATA_DIR) / "cache", settings.EARS)
        self._mouth = OnDeviceMouth()
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> Vendors:
        """Start the children and return the vendors.

        The mouth greets, so it is waited for; the ear is ready before the greeting
        ends, and what is said meanwhile waits for it.
        """
        await self._mouth.start()
        last = LastResort(speech_to_text=self._ear, text_to_speech=self._mouth)
        vendors = await put_together(self._first, last)
        # Last, for its children take both processors for seconds.
        self._starting = asyncio.create_task(self._ear.start())
        return vendors

    async def stop(self) -> None:
        """Stop the children."""
        if self._starting is not None:
            await asyncio.wait({self._starting})
        await self._ear.stop()
        await self._mouth.stop()
