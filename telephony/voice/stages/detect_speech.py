"""Notices when the caller speaks, stops, and speaks over us.

Two gates: loudness and webrtcvad (2 µs) keep silence away from the shared neural
detector, whose word counts. Its probability arrives with the next flush, so a decision
is one frame late and nothing waits.

Next: `telephony.voice.stages.transcribe`.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

import webrtcvad

from telephony.voice.activity import (
    ENDS_BELOW,
    GATE_STAYS_OPEN_MS,
    ONSET_AT_MOST_BACK_MS,
    SILENT_BELOW,
    STANDS_OUT_AT,
    STARTS_AT,
    Activity,
)
from telephony.voice.background import Background
from telephony.voice.barge_in import BargeInJudge
from telephony.voice.frames import (
    FRAME_MS,
    SAMPLE_RATE_HZ,
    Audio,
    BargeIn,
    Frame,
    SpeechStarted,
    SpeechStopped,
)
from telephony.voice.pcm import root_mean_square

# 0 lets most through, 3 least; at 3 quiet onsets are cut off.
_STRICTNESS: Final = 2

# What came just before the gate opened goes to the detector with it.
_PRE_ROLL_FRAMES: Final = 2


class DetectSpeech:
    """Emits each `Audio` onwards, and what was noticed after it; other frames pass.

    Attributes:
        pause_ms: Quiet that ends an utterance; may be set during the call.
        agent_is_speaking: Set by the line; only then is there a `BargeIn`, after the
            `SpeechStarted` it belongs to and at most once for each.
    """

    name = "detect_speech"

    def __init__(
        self,
        activity: Activity,
        *,
        pause_ms: int = 700,
        judge: BargeInJudge | None = None,
    ) -> None:
        """Listen with one call's `activity`; only lessons bring a `judge`."""
        self.pause_ms = pause_ms
        self.agent_is_speaking = False
        self._activity = activity
        self._is_speech = webrtcvad.Vad(_STRICTNESS).is_speech
        self._judge = judge or BargeInJudge()
        self._before: deque[bytes] = deque(maxlen=_PRE_ROLL_FRAMES)
        self._gate_is_open = False
        self._opened_at_ms = 0
        self._loud_until_ms = 0
        self._is_speaking = False
        self._spoke_until_ms = 0
        self._may_barge_in = True
        self._background = Background()

    def handle(self, frame: Frame, emit: Callable[[Frame], None]) -> None:
        """Emit the frame and what it tells."""
        emit(frame)
        if type(frame) is not Audio:
            return
        loudness = root_mean_square(frame.pcm, 2)
        self._background.hear(loudness)
        is_loud = loudness >= SILENT_BELOW and (
            loudness > STANDS_OUT_AT * self._background.quietest
            or self._is_speech(frame.pcm, SAMPLE_RATE_HZ)
        )
        if is_loud or self._gate_is_open:
            self._pass_gate(frame, loudness, is_loud=is_loud)
            self._notice_speech(frame, loudness, emit)
        else:
            self._before.append(frame.pcm)
        if self._is_speaking:
            self._notice_pause(frame.at_ms + FRAME_MS, emit)

    def close(self) -> None:
        """Give the activity back; closing twice is harmless."""
        self._activity.close()

    def _pass_gate(self, frame: Audio, loudness: int, *, is_loud: bool) -> None:
        now_ms = frame.at_ms + FRAME_MS
        if is_loud:
            self._loud_until_ms = now_ms
        if not self._gate_is_open:
            self._open_gate(frame.at_ms)
        elif now_ms - self._loud_until_ms > GATE_STAYS_OPEN_MS:
            self._shut_gate(frame.pcm)
            return
        self._activity.feed(frame.pcm)

    def _open_gate(self, at_ms: int) -> None:
        self._gate_is_open = True
        self._opened_at_ms = at_ms
        self._judge.begin()
        for pcm in self._before:
            self._activity.feed(pcm)
        self._before.clear()

    def _shut_gate(self, pcm: bytes) -> None:
        self._gate_is_open = False
        self._before.append(pcm)
        self._activity.rest()

    def _notice_speech(
        self, frame: Audio, loudness: int, emit: Callable[[Frame], None]
    ) -> None:
        now_ms = frame.at_ms + FRAME_MS
        probability = self._activity.probability
        takes_turn = self._takes_turn(frame.pcm, loudness, probability)
        # Who takes the turn speaks, though the detector may need 200 ms more to say so.
        if (takes_turn or probability >= STARTS_AT) and not self._is_speaking:
            self._is_speaking = True
            self._may_barge_in = True
            self._spoke_until_ms = self._loud_until_ms
            onset_ms = max(self._opened_at_ms, now_ms - ONSET_AT_MOST_BACK_MS)
            emit(SpeechStarted(at_ms=onset_ms))
        if probability >= ENDS_BELOW:
            self._spoke_until_ms = self._loud_until_ms
        if takes_turn:
            self._may_barge_in = False
            emit(BargeIn(at_ms=now_ms))

    def _takes_turn(self, pcm: bytes, loudness: int, probability: float) -> bool:
        if not self.agent_is_speaking:
            self._judge.begin()
            return False
        if not self._gate_is_open or not self._may_barge_in:
            return False
        return self._judge.weigh(
            pcm,
            loudness=loudness,
            probability=probability,
            background=self._background,
        )

    def _notice_pause(self, now_ms: int, emit: Callable[[Frame], None]) -> None:
        if now_ms - self._spoke_until_ms >= self.pause_ms:
            self._is_speaking = False
            self._may_barge_in = True
            emit(SpeechStopped(at_ms=self._spoke_until_ms, decided_at_ms=now_ms))
