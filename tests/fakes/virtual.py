"""One call on its line in virtual time: seconds pass in no time.

The loop's clock jumps to the next thing that is due. The caller's frames and the line's
beat come each 20 ms of that clock; the carrier plays, echoes and clears on it.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import numpy as np

from benchmarks.labelled_sound import at_level, band, hum, over_the_telephone
from telephony.voice.dialogue import Brief, Dialogue
from telephony.voice.frames import Audio, Encoded, Heard, Saying
from telephony.voice.journal import HowHeard, TurnTimes
from telephony.voice.line import Line
from telephony.voice.parts import Parts
from telephony.voice.pcm import TO_G711
from tests.fakes.tools import FakeTools
from tests.fakes.vendors import LOUD, ScriptedActivity, ScriptedEar, ScriptedVoice

SILENT = b"\xff" * 160
TONE = TO_G711["PCMU"](LOUD, 2)


def _word() -> list[bytes]:
    """Return the frames of "ah-see": a mouth that moves, hisses and moves on."""
    open_, shut = (
        ((700, 80, 1.0), (1_200, 100, 0.5)),
        ((300, 60, 1.0), (2_200, 120, 0.4)),
    )
    hiss = band(np.random.default_rng(7), 480, 1_500, 0)
    sounds = (hum(0.12, 130, 120, open_), hiss, hum(0.25, 125, 110, shut))
    loud = (1.0, 0.2, 1.0)
    wave = np.concatenate(
        [
            by * sound / np.abs(sound).max()
            for by, sound in zip(loud, sounds, strict=True)
        ]
    )
    ulaw = TO_G711["PCMU"](over_the_telephone(at_level(wave, -15)), 2)
    return [ulaw[at : at + 160] for at in range(0, len(ulaw) // 160 * 160, 160)]


WORD = _word()
# Half a second of "One moment.".
HOLD = {
    ("en", ""): LOUD * 25,
    ("de", ""): LOUD * 30,
    ("en", "911"): LOUD * 100,
    ("de", "911"): LOUD * 110,
}
NAMED = "Hello, this is the AI assistant of Alder Clinic."
WRITTEN = "What you say is written down."


class _Jump(selectors.SelectSelector):
    """Waits for nothing: moves the clock instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("nothing will ever happen again")
        if not ready and timeout:
            self.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to whatever is due next."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now_s


def run_virtual(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end on a clock of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


class OpenGate:
    """A `Gate` that opens with the notice and keeps everything then."""

    def __init__(self) -> None:
        self.may_hear = self.may_write = self.may_record = False
        self.asked_at_ms: list[int] = []

    def notice_heard(self) -> None:
        self.may_hear = self.may_write = self.may_record = True

    def question_begun(self, *, at_ms: int) -> None:
        self.asked_at_ms.append(at_ms)

    def shut(self) -> None:
        self.may_hear = self.may_write = self.may_record = False


@dataclass
class Notes:
    """A `Journal` and a `Recorder` that remember everything."""

    caller_lines: list[tuple[str, bool]] = field(default_factory=list)
    lines_at: list[tuple[int, int]] = field(default_factory=list)
    began: list[tuple[str, int]] = field(default_factory=list)
    ends: list[tuple[str, HowHeard, str]] = field(default_factory=list)
    disclosed_ms: list[int] = field(default_factory=list)
    turns: list[TurnTimes] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    caller_ms: list[int] = field(default_factory=list)
    agent_ms: list[int] = field(default_factory=list)

    def caller_spoke(self, heard: Heard, *, is_hidden: bool, language: str) -> None:
        self.caller_lines.append((heard.text, is_hidden))
        self.lines_at.append((heard.started_at_ms, heard.stopped_at_ms))

    def caller_hidden(self, *, from_ms: int, to_ms: int) -> None:
        for place, (start_ms, stop_ms) in enumerate(self.lines_at):
            if from_ms <= start_ms and stop_ms <= to_ms:
                self.caller_lines[place] = ("", True)

    def agent_began(self, saying: Saying, *, at_ms: int) -> None:
        self.began.append((saying.text, at_ms))

    def agent_ended(
        self, saying: Saying, *, at_ms: int, how: HowHeard, part: str = ""
    ) -> None:
        self.ends.append((saying.text, how, part))

    def disclosure_heard(self, *, at_ms: int, language: str) -> None:
        self.disclosed_ms.append(at_ms)

    def answered(self, times: TurnTimes) -> None:
        self.turns.append(times)

    def moved(self, dialogue: Dialogue) -> None:
        """Keep no dialogue."""

    def caller(self, frame: Audio) -> None:
        self.caller_ms.append(frame.at_ms)

    def agent(self, payload: bytes, *, at_ms: int) -> None:
        self.agent_ms.append(at_ms)

    def hide(self, *, from_ms: int, to_ms: int) -> None:
        self.hidden.append((from_ms, to_ms))


class Playback:
    """The carrier's end of our sound (`pacer.ToCarrier`): plays it, echoes marks.

    Attributes:
        does_echo: False for a carrier that plays nothing to the caller.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.does_echo = True
        self.frames = 0
        self.sent_ms: list[int] = []
        self.cleared_ms: list[int] = []
        self.echoed: Callable[[str], None] = lambda _name: None
        self._now_ms = now_ms
        self._until_ms = 0
        self._marks: list[tuple[str, asyncio.TimerHandle]] = []

    def media(self, payload: bytes) -> None:
        now = self._now_ms()
        self.frames += 1
        self.sent_ms.append(now)
        self._until_ms = max(self._until_ms, now) + 20

    def mark(self, name: str) -> None:
        if not self.does_echo:
            return
        wait_s = max(0, self._until_ms - self._now_ms()) / 1000
        timer = asyncio.get_running_loop().call_later(wait_s, self.echoed, name)
        self._marks.append((name, timer))

    def clear(self) -> None:
        self.cleared_ms.append(self._now_ms())
        self._until_ms = self._now_ms()
        loop = asyncio.get_running_loop()
        for name, timer in self._marks:
            if timer.when() > loop.time():
                timer.cancel()
                # An echo says that the sound has gone, played or not.
                loop.call_later(0.03, self.echoed, name)
        self._marks.clear()


def brief(**changes: Any) -> Brief:
    """Return Alder Clinic's."""
    values: dict[str, Any] = {
        "clinic_name": "Alder Clinic",
        "timezone": "America/Chicago",
        "languages": ("en",),
        "emergency_number": "911",
        "can_put_through": True,
        "disclosure": {"en": (NAMED, WRITTEN)},
        "keeps_sound": True,
    }
    return Brief(**values | changes)


class Driven:
    """A line and the caller's end of it; let time pass with `until_ms`.

    Args:
        sounds: The caller's 20 ms by their time, from which silence is left out.
    """

    line: Line

    def __init__(self, sounds: Mapping[int, bytes] | None = None) -> None:
        self._began_s = asyncio.get_running_loop().time()
        self.played = Playback(self.now_ms)
        self.sounds = dict(sounds or {})
        self._at_ms = 0

    def now_ms(self) -> int:
        """Return milliseconds since the call began."""
        passed_s = asyncio.get_running_loop().time() - self._began_s
        return round(passed_s * 1000)

    def speak(self, *, from_ms: int, to_ms: int, sound: bytes = TONE) -> None:
        """Let the caller make a sound."""
        for at_ms in range(from_ms // 20 * 20, to_ms, 20):
            self.sounds[at_ms] = sound

    async def until_ms(self, end_ms: int) -> None:
        """Let time pass, 20 ms by 20 ms."""
        while self._at_ms < end_ms and not self.line.ended:
            at_ms = self._at_ms
            self._at_ms += 20
            await asyncio.sleep(max(0.0, (self._at_ms - self.now_ms()) / 1000))
            frame = Encoded(
                payload=self.sounds.get(at_ms, SILENT),
                chunk=self._at_ms // 20,
                at_ms=at_ms,
            )
            self.line.take(frame)
            self.line.tick()


class VirtualCall(Driven):
    """One call; use it as an async context."""

    def __init__(
        self,
        *,
        brain: Any,
        ear: Any = None,
        voice: Any = None,
        tools: Any = None,
        the_brief: Brief | None = None,
        dialogue: Dialogue | None = None,
        sounds: Mapping[int, bytes] | None = None,
    ) -> None:
        super().__init__(sounds)
        self.ear = ear or ScriptedEar()
        self.gate = OpenGate()
        self.notes = Notes()
        self._running: asyncio.Task[None] | None = None
        began_at = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
        self.line = Line(
            Parts(
                brief=the_brief or brief(),
                dialogue=dialogue or Dialogue(language="en"),
                encoding="PCMU",
                activity=ScriptedActivity(),
                ear=self.ear,
                brain=brain,
                voice=voice or ScriptedVoice(),
                hold=HOLD,
                tools=tools or FakeTools(),
                gate=self.gate,
                journal=self.notes,
                recorder=self.notes,
                out=self.played,
                now_ms=self.now_ms,
                local_now=lambda: began_at + timedelta(milliseconds=self.now_ms()),
            )
        )
        self.played.echoed = self.line.echoed

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.line.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self.line.close()
