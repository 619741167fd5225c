"""From the caller's sound to whole turns in words: the ear, and what it may not keep.

Next: `telephony.voice.stages.transcribe`, `.take_turns`, then `telephony.voice.line`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from telephony.voice.card_watch import AFTER_MS, BEFORE_MS, CardWatch
from telephony.voice.dialogue import Dialogue, Expecting
from telephony.voice.frames import Audio, Heard, SpeechStarted, SpeechStopped
from telephony.voice.joint import Joint
from telephony.voice.journal import Gate, Journal, Recorder
from telephony.voice.ports import Hearing
from telephony.voice.stages.take_turns import TakeTurns
from telephony.voice.stages.transcribe import Transcribe, Utterance

LAST_WORDS_WITHIN_S: Final = 3.0

TurnTaken = Callable[[Heard, bool], None]


class Listener:
    """Hears one caller; hands on each turn, and whether a card was taken out of it.

    Attributes:
        to_ear: The joint before the ear; the line runs it.
        caller_speaks: The caller is speaking now.
    """

    def __init__(
        self,
        hearing: Hearing,
        *,
        gate: Gate,
        journal: Journal,
        recorder: Recorder,
        dialogue: Callable[[], Dialogue],
        now_ms: Callable[[], int],
        turn_taken: TurnTaken,
    ) -> None:
        """Listen with `hearing`, as far as the gate lets it."""
        self._gate, self._journal, self._recorder = gate, journal, recorder
        self._dialogue, self._now_ms = dialogue, now_ms
        self._turn_taken = turn_taken
        self._transcribe = Transcribe(
            hearing, gate=gate, dialogue=dialogue, emit=self._heard
        )
        self._take_turns = TakeTurns(self._whole_turn)
        self._card_watch = CardWatch()
        self.to_ear = Joint(self._transcribe)
        self.caller_speaks = False
        self._speech_at_ms = 0
        self._words_due = 0

    @property
    def owes_words(self) -> bool:
        """Return whether the ear is at work on what is no mere murmur."""
        return self._words_due > 0 and self.to_ear.is_busy

    @property
    def has_floor(self) -> bool:
        """Return whether the caller speaks, or may be about to go on."""
        return self.caller_speaks or self._take_turns.is_holding

    @property
    def is_busy(self) -> bool:
        """Return whether words are still to come of what was said."""
        return self.to_ear.is_busy or self._take_turns.is_holding

    def follow(self, frame: Audio) -> None:
        """Take 20 ms, in utterances that an ear can hold."""
        if self._transcribe.is_full:
            at_ms = frame.at_ms
            self._end(SpeechStopped(at_ms=at_ms, decided_at_ms=at_ms))
            self._transcribe.start(SpeechStarted(at_ms=at_ms))
        self._transcribe.feed(frame)

    def start(self, frame: SpeechStarted) -> None:
        """Speech has begun."""
        self.caller_speaks = True
        self._speech_at_ms = frame.at_ms
        self._transcribe.start(frame)

    def stop(self, frame: SpeechStopped, *, is_murmur: bool) -> None:
        """Speech has ended; a murmur ("mm-hm" over our words) is no turn."""
        self.caller_speaks = False
        self._end(frame, is_murmur=is_murmur)

    def tick(self) -> None:
        """Let a turn go that waited for its rest."""
        if self._take_turns.is_holding:
            now = self._now_ms()
            self._take_turns.tick(now, caller_speaks=self.caller_speaks)

    async def hear_last_words(self) -> None:
        """Read what was said just before the end; hide what cannot be read."""
        rest = self.to_ear.take_all()
        now = self._now_ms()
        started_at_ms = self._transcribe.stop()
        if started_at_ms is not None:
            stopped = SpeechStopped(at_ms=now, decided_at_ms=now)
            rest.append(Utterance(stopped=stopped, started_at_ms=started_at_ms))
        for utterance in rest:
            try:
                async with asyncio.timeout(LAST_WORDS_WITHIN_S):
                    await self._transcribe.handle(utterance)
            except TimeoutError:
                self._hide(utterance)
        self._take_turns.flush()

    def _end(self, stopped: SpeechStopped, *, is_murmur: bool = False) -> None:
        started_at_ms = self._transcribe.stop()
        if started_at_ms is None:
            # It began before the notice was heard, so nobody reads it: what was kept of
            # its end is not either.
            if self._gate.may_record:
                self._hide_stretch(self._speech_at_ms, stopped.at_ms + AFTER_MS)
            return
        utterance = Utterance(
            stopped=stopped, started_at_ms=started_at_ms, is_void=is_murmur
        )
        if is_murmur and self._card_watch.is_alert:
            # Nobody reads these words, and a card was being read out.
            self._hide(utterance)
        if not is_murmur:
            self._words_due += 1
        self.to_ear.put(utterance)

    def _heard(self, heard: Heard) -> None:
        self._words_due = max(0, self._words_due - 1)
        expecting = self._dialogue().expecting
        self._take_turns.handle(heard, expecting=expecting, now_ms=self._now_ms())

    def _whole_turn(self, heard: Heard) -> None:
        """Take card numbers out before anything else sees the words."""
        expecting = self._dialogue().expecting
        found = self._card_watch.look(
            heard,
            wants_phone=expecting is Expecting.PHONE,
            wants_digits=expecting in {Expecting.PHONE, Expecting.OFFER},
        )
        for from_ms, to_ms in found.hide_ms:
            self._hide_stretch(from_ms, to_ms)
        if found.is_card:
            self._turn_taken(replace(heard, text="", alternatives=()), True)  # noqa: FBT003
        else:
            self._turn_taken(replace(heard, text=found.text), False)  # noqa: FBT003

    def _hide(self, utterance: Utterance) -> None:
        self._hide_stretch(
            utterance.started_at_ms - BEFORE_MS, utterance.stopped.at_ms + AFTER_MS
        )

    def _hide_stretch(self, from_ms: int, to_ms: int) -> None:
        self._recorder.hide(from_ms=from_ms, to_ms=to_ms)
        self._journal.caller_hidden(from_ms=from_ms, to_ms=to_ms)
