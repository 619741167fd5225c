"""What one call's line is built of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from telephony.voice.activity import Activity
from telephony.voice.dialogue import Brief, Dialogue
from telephony.voice.journal import Gate, Journal, Recorder
from telephony.voice.pacer import ToCarrier
from telephony.voice.ports import LanguageModel, SpeechToText, TextToSpeech, Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one call's line is built of; see `sondervoice.voice_line`.

    Attributes:
        hold: The sound of "One moment.", see `telephony.voice.hold.make_holds`.
        encoding: ``PCMU`` or ``PCMA``, as the carrier said at the start.
        now_ms: Milliseconds since the call was answered.
        local_now: This instant in the clinic's time zone.
    """

    brief: Brief
    dialogue: Dialogue
    encoding: str
    activity: Activity
    ear: SpeechToText
    brain: LanguageModel
    voice: TextToSpeech
    hold: Mapping[tuple[str, str], bytes]
    tools: Tools
    gate: Gate
    journal: Journal
    recorder: Recorder
    out: ToCarrier
    now_ms: Callable[[], int]
    local_now: Callable[[], datetime]
