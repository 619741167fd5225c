"""A call as a straight line: sound in, words, answer, sound out.

Sound comes in by direct calls (reorder, decode, detect speech). Before the three steps
that wait for a vendor (transcribe, reply, speak) stands a joint, so that they can be
cancelled. When the caller speaks over us, `turn` goes up by one: what belongs to an
older turn is void.

Next: `telephony.voice.stages.reorder`, and on in the order of `take`.
"""

import asyncio
from typing import Final

from telephony.voice.answer_clock import AnswerClock
from telephony.voice.callers_ear import CallersEar
from telephony.voice.dialogue import Dialogue, Expecting
from telephony.voice.frames import (
    Audio,
    BargeIn,
    Encoded,
    Frame,
    Heard,
    Saying,
    SpeechStarted,
    SpeechStopped,
    Spoken,
)
from telephony.voice.hold import Patience, find_hold
from telephony.voice.joint import Joint
from telephony.voice.journal import HowHeard
from telephony.voice.key_gate import PERSON_KEY, KeyGate
from telephony.voice.listener import Listener
from telephony.voice.notice_watch import NoticeWatch
from telephony.voice.pacer import Pacer
from telephony.voice.parts import Parts
from telephony.voice.ports import (
    CallerLeft,
    CallerPressed,
    CallerSaid,
    CallerSilent,
    CallOpened,
    CardSpoken,
    Happening,
    Recognised,
    ToolRefusedError,
    VoiceVendorError,
)
from telephony.voice.stages.decode import Decode
from telephony.voice.stages.detect_speech import DetectSpeech
from telephony.voice.stages.encode import Encode
from telephony.voice.stages.guard import Guard
from telephony.voice.stages.reorder import Reorder
from telephony.voice.stages.reply import Question, Reply
from telephony.voice.stages.speak import Speak

SILENCE_MS: Final = 7_000
PAUSE_MS: Final = 700
# A caller who leaves a message thinks between sentences.
MESSAGE_PAUSE_MS: Final = 1_500
# A caller who has gone waits for nothing, but the staff should know what they wanted.
NOTE_WITHIN_S: Final = 3.0
# A turn that never comes: what is answered to it is not said.
NO_TURN: Final = -1
# Sound from the future is no sound: its time would be a place in the recording.
AHEAD_AT_MOST_MS: Final = 60_000


class Line:
    """One call, from the carrier's frames to the carrier's frames.

    Attributes:
        turn: Goes up when the caller speaks over us.
        ended: ``hang_up`` or ``put_through`` once all is said and heard, else empty.
        has_caller_left: Set when the carrier ends the stream: the caller hung up.
        last_utterance_ms: Where the caller's last turn is, from and to.
    """

    def __init__(self, parts: Parts) -> None:
        """Put the stages in a row."""
        self.turn = 0
        self.ended = ""
        self.has_caller_left = False
        self.last_utterance_ms: tuple[int, int] | None = None
        self._parts = parts
        self._gate, self._journal = parts.gate, parts.journal
        self._recorder = parts.recorder
        self._now_ms = parts.now_ms

        self._spoke_over = False
        self._firm: set[int] = set()
        self._notice_watch = NoticeWatch()
        self._key_gate = KeyGate(parts.brief)
        self._patience = Patience()
        self._has_named_number = False
        self._failure = asyncio.get_running_loop().create_future()
        self._answer_clock = AnswerClock()
        self._quiet_since_ms = 0
        self._silences = 0

        self._build_way_in(parts)
        self._build_way_out(parts)

    def _build_way_in(self, parts: Parts) -> None:
        self._reorder = Reorder(window_ms=60)
        self._decode = Decode(parts.encoding)
        self._detect = DetectSpeech(parts.activity, pause_ms=PAUSE_MS)
        self._ear = CallersEar(parts.ear, parts.dialogue.language)
        self._listener = Listener(
            self._ear,
            gate=parts.gate,
            journal=parts.journal,
            recorder=parts.recorder,
            dialogue=lambda: self._reply.dialogue,
            now_ms=parts.now_ms,
            turn_taken=self._turn_taken,
        )

    def _build_way_out(self, parts: Parts) -> None:
        self._reply = Reply(
            parts.brain,
            brief=parts.brief,
            dialogue=parts.dialogue,
            tools=parts.tools,
            local_now=parts.local_now,
            emit=self._to_guard,
            moved=self._moved,
        )
        self._guard = Guard(self._to_speak)
        self._speak = Speak(parts.voice, self._spoken)
        self._encode = Encode(parts.encoding)
        self._pacer = Pacer(
            parts.out,
            now_ms=parts.now_ms,
            began=self._began,
            ended=self._sentence_ended,
            sent=self._sent,
        )
        self._to_brain = Joint(self._reply)
        self._to_voice = Joint(self._speak, most=256)

    async def run(self) -> None:
        """Greet, and serve the call until cancelled or a stage fails.

        Raises:
            ExceptionGroup: Of what a stage raised.
        """
        async with asyncio.TaskGroup() as group:
            for joint in (self._listener.to_ear, self._to_brain, self._to_voice):
                group.create_task(joint.run(group))
            group.create_task(self._raise_failure())
            self._ask(CallOpened(has_heard_notice=self._gate.may_hear))

    def fail(self, error: Exception) -> None:
        """End the line with what went wrong at a beat: `run` raises it."""
        if not self._failure.done():
            self._failure.set_exception(error)

    async def _raise_failure(self) -> None:
        await self._failure

    async def close(self) -> None:
        """Hear the last words, note what was left undone, give back what is shared."""
        try:
            self._reorder.flush(self._to_decode)
            await self._listener.hear_last_words()
            if self.has_caller_left:
                await self._note_early_end()
        finally:
            self._detect.close()
            await self._ear.close()

    async def _note_early_end(self) -> None:
        try:
            async with asyncio.timeout(NOTE_WITHIN_S):
                await self._reply.handle(Question(happening=CallerLeft(), turn=NO_TURN))
        except (TimeoutError, VoiceVendorError, ToolRefusedError):
            # The call itself is in the list, marked as hung up.
            return

    # What comes in

    def take(self, frame: Encoded) -> None:
        """Take 20 ms from the carrier; returns at once."""
        if frame.at_ms - self._now_ms() <= AHEAD_AT_MOST_MS:
            self._reorder.handle(frame, self._to_decode)

    def press(self, digit: str) -> None:
        """The caller pressed a key."""
        is_notice_over = self._gate.may_hear or self._notice_watch.is_settled
        if not self._key_gate.lets(
            digit,
            dialogue=self._reply.dialogue,
            is_notice_over=is_notice_over,
            now_ms=self._now_ms(),
        ):
            return
        self._interrupt()
        self._silences = 0
        self._ask(CallerPressed(digit=digit))

    def echoed(self, name: str) -> None:
        """The carrier has played everything before this mark."""
        self._pacer.echoed(name)

    def tick(self) -> None:
        """Send what is due and notice silence; called every 20 ms."""
        self._pacer.tick()
        speaking = self._pacer.speaking()
        self._detect.agent_is_speaking = (
            speaking is not None and speaking.is_interruptible
        )
        self._listener.tick()
        now = self._now_ms()
        if self._patience.is_over(
            now,
            is_owed=self._is_owed,
            is_silent=speaking is None and not self._listener.has_floor,
        ):
            self._ask_for_a_moment()
        if self._reply.ending and not self._is_answering:
            self._end(self._reply.ending)
        elif self._is_busy:
            self._quiet_since_ms = now
        elif now - self._quiet_since_ms >= SILENCE_MS:
            self._quiet_since_ms = now
            self._silences += 1
            self._ask(CallerSilent(times=self._silences))

    def _end(self, how: str) -> None:
        if how == "put_through":
            # What is said to the person is none of ours: nothing of it is kept, from
            # before the carrier is asked to transfer.
            self._gate.shut()
        self.ended = how

    @property
    def _is_owed(self) -> bool:
        return (
            self._listener.owes_words
            or self._to_brain.is_busy
            or self._to_voice.is_busy
        )

    @property
    def _is_answering(self) -> bool:
        return (
            not self._pacer.is_idle or self._to_brain.is_busy or self._to_voice.is_busy
        )

    @property
    def _is_busy(self) -> bool:
        return (
            self._is_answering or self._listener.caller_speaks or self._listener.is_busy
        )

    # The caller's sound

    def _to_decode(self, frame: Frame) -> None:
        self._decode.handle(frame, self._to_detect)

    def _to_detect(self, frame: Frame) -> None:
        self._detect.handle(frame, self._noticed)

    def _noticed(self, frame: Frame) -> None:
        if isinstance(frame, Audio):
            if self._gate.may_record:
                self._recorder.caller(frame)
            self._listener.follow(frame)
        elif isinstance(frame, SpeechStarted):
            self._spoke_over = self._pacer.speaking() is not None
            self._listener.start(frame)
        elif isinstance(frame, BargeIn):
            self._spoke_over = False
            self._interrupt()
        elif isinstance(frame, SpeechStopped):
            # Spoken over us and over before we fell silent: "mm-hm" is not a turn.
            is_murmur = self._spoke_over and self._pacer.speaking() is not None
            self._listener.stop(frame, is_murmur=is_murmur)

    # The caller's words

    def _turn_taken(self, heard: Heard, is_card: bool) -> None:  # noqa: FBT001
        self._silences = 0
        self.last_utterance_ms = (heard.started_at_ms, heard.stopped_at_ms)
        if self._gate.may_write:
            self._journal.caller_spoke(
                heard, is_hidden=is_card, language=self._reply.dialogue.language
            )
        self._reply.note("caller", heard.text)
        words = Recognised(
            text=heard.text, is_sure=heard.is_sure, alternatives=heard.alternatives
        )
        happening: Happening = CardSpoken() if is_card else CallerSaid(words=words)
        self._ask(happening, heard=heard)

    def _ask(self, happening: Happening, *, heard: Heard | None = None) -> None:
        if self._reply.ending:
            # Goodbye was said, or a person is being called: that stands.
            return
        question = Question(
            happening=happening,
            turn=self.turn,
            heard=heard,
            heard_at_ms=self._now_ms(),
        )
        self._answer_clock.asked(question)
        self._to_brain.put(question)

    def _interrupt(self) -> None:
        """Stop what is being said: the caller has the floor.

        What must be heard to its end, the notice or an emergency's number, is.
        """
        if self._firm or not self._gate.may_hear:
            return
        self.turn += 1
        if not self._parts.tools.is_busy:
            # What is being written in the clinic's books is finished and remembered.
            self._to_brain.cancel()
        self._to_voice.void()
        if not self._pacer.is_idle:
            self._pacer.clear()

    # Our words

    def _moved(self, dialogue: Dialogue) -> None:
        waits = dialogue.expecting is Expecting.MESSAGE
        self._detect.pause_ms = MESSAGE_PAUSE_MS if waits else PAUSE_MS
        self._ear.turn_to(dialogue.language)
        self._journal.moved(dialogue)

    def _ask_for_a_moment(self) -> None:
        """Say the phrase that needs no vendor, past the joints: whoever is late."""
        wants_number = self._listener.owes_words and not self._has_named_number
        number = self._parts.brief.emergency_number if wants_number else ""
        language = self._reply.dialogue.language
        hold = find_hold(self._parts.hold, language, emergency=number)
        if hold is None:
            return
        saying = self._reply.hold(hold.text, hold.language, self.turn)
        sound = Spoken(pcm=hold.pcm, saying=saying, is_last=True)
        Encode(self._parts.encoding).handle(
            sound, lambda frame: self._pacer.push(frame, saying)
        )

    def _to_guard(self, saying: Saying) -> None:
        self._guard.handle(saying)

    def _to_speak(self, saying: Saying) -> None:
        if not saying.is_interruptible:
            self._firm.add(saying.number)
        elif saying.turn != self.turn:
            return
        self._reply.note("agent", saying.text)
        self._notice_watch.said(saying)
        self._to_voice.put(saying)

    def _spoken(self, spoken: Spoken) -> None:
        if spoken.saying.turn == self.turn or not spoken.saying.is_interruptible:
            self._encode.handle(
                spoken, lambda frame: self._pacer.push(frame, spoken.saying)
            )

    def _began(self, saying: Saying, at_ms: int) -> None:
        self._journal.agent_began(saying, at_ms=at_ms)
        self._key_gate.began(saying, at_ms)
        if self._key_gate.asks(saying):
            self._gate.question_begun(at_ms=at_ms)
        times = self._answer_clock.began(saying, at_ms)
        if times is not None:
            self._journal.answered(times)

    def _sent(self, payload: bytes, at_ms: int) -> None:
        if self._gate.may_record:
            self._recorder.agent(payload, at_ms=at_ms)

    def _sentence_ended(
        self, saying: Saying, at_ms: int, how: HowHeard, share: float
    ) -> None:
        part = _first_words(saying.text, share) if how is HowHeard.PART else ""
        self._journal.agent_ended(saying, at_ms=at_ms, how=how, part=part)
        self._firm.discard(saying.number)
        if saying.is_hold and how is HowHeard.FULL:
            number = self._parts.brief.emergency_number
            self._has_named_number = self._has_named_number or number in saying.text
        if self._notice_watch.ended(saying, how):
            self._gate.notice_heard()
            self._journal.disclosure_heard(at_ms=at_ms, language=saying.language)
        if self._key_gate.wants_person and self._notice_watch.is_settled:
            self._key_gate.wants_person = False
            self.press(PERSON_KEY)


def _first_words(text: str, share: float) -> str:
    """Return the words that fit into this share of a sentence's sound."""
    words = text.split()
    return " ".join(words[: int(len(words) * share)])
