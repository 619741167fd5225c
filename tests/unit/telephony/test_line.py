from telephony.voice.frames import Encoded, Saying
from telephony.voice.journal import HowHeard
from telephony.voice.ports import (
    CallerPressed,
    CallerSaid,
    CallerSilent,
    CallOpened,
    HangUp,
    PutThrough,
    Recognised,
    Say,
)
from tests.fakes.vendors import ScriptedEar, ScriptedVoice
from tests.fakes.virtual import (
    NAMED,
    TONE,
    WORD,
    WRITTEN,
    VirtualCall,
    run_virtual,
)
from tests.unit.telephony.answering import HELP, LONG, NOTICE_MS, OPENED_MS, answering


def word(call, at_ms):
    for place, sound in enumerate(WORD):
        from_ms = at_ms // 20 * 20 + 20 * place
        call.speak(from_ms=from_ms, to_ms=from_ms + 20, sound=sound)


class TestOpening:
    def test_says_the_notice_first_and_opens_the_gate_with_its_last_echo(self):
        async def main():
            brain = answering()
            async with VirtualCall(brain=brain) as call:
                await call.until_ms(NOTICE_MS - 200)
                before = call.gate.may_hear
                await call.until_ms(OPENED_MS)
                return call.notes, before, call.gate.may_hear

        notes, before, after = run_virtual(main())

        assert [text for text, _ in notes.began] == [NAMED, WRITTEN, HELP]
        assert (before, after) == (False, True)
        assert [(text, how) for text, how, _ in notes.ends] == [
            (NAMED, HowHeard.FULL),
            (WRITTEN, HowHeard.FULL),
            (HELP, HowHeard.FULL),
        ]
        (heard_ms,) = notes.disclosed_ms
        assert 0 <= heard_ms - NOTICE_MS <= 80
        assert min(notes.caller_ms) >= heard_ms - 20
        assert min(notes.agent_ms) >= heard_ms - 80

    def test_gives_nothing_to_the_ear_before_the_notice_was_heard(self):
        async def main():
            ear = ScriptedEar()
            async with VirtualCall(brain=answering(), ear=ear) as call:
                call.speak(from_ms=100, to_ms=NOTICE_MS - 100)
                await call.until_ms(OPENED_MS + 2_000)
                return ear, call.notes

        ear, notes = run_virtual(main())

        assert ear.fed == []
        assert notes.caller_lines == []

    def test_keeps_the_gate_shut_when_the_carrier_echoes_nothing(self):
        async def main():
            ear = ScriptedEar()
            async with VirtualCall(brain=answering(), ear=ear) as call:
                call.played.does_echo = False
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 1_000)
                await call.until_ms(OPENED_MS + 7_000)
                return call.gate.may_hear, ear.fed, call.notes

        may_hear, fed, notes = run_virtual(main())

        assert (may_hear, fed) == (False, [])
        assert {how for _, how, _ in notes.ends} == {HowHeard.NONE}
        assert notes.caller_ms == notes.agent_ms == notes.disclosed_ms == []

    def test_is_heard_to_its_end_whatever_the_caller_does(self):
        async def main():
            async with VirtualCall(brain=answering()) as call:
                word(call, 300)
                await call.until_ms(500)
                call.line.press("1")
                await call.until_ms(OPENED_MS)
                return call.notes, call.played

        notes, played = run_virtual(main())

        assert played.cleared_ms == []
        assert [how for _, how, _ in notes.ends[:2]] == [HowHeard.FULL] * 2

    def test_is_heard_to_its_end_though_a_key_comes_before_its_sound(self):
        async def main():
            voice = ScriptedVoice(delay_s=0.3)
            async with VirtualCall(brain=answering(), voice=voice) as call:
                await call.until_ms(100)
                call.line.press("0")
                await call.until_ms(OPENED_MS + 2_000)
                return call.notes, call.gate.may_hear

        notes, may_hear = run_virtual(main())

        assert [text for text, _ in notes.began][:2] == [NAMED, WRITTEN]
        assert may_hear

    def test_is_heard_to_its_end_though_a_key_comes_between_its_sentences(self):
        async def main():
            voice = ScriptedVoice(delay_s=0.3)
            async with VirtualCall(brain=answering(), voice=voice) as call:
                await call.until_ms(300 + len(NAMED) * 20 + 140)
                call.line.press("0")
                await call.until_ms(OPENED_MS + 2_000)
                return call.notes, call.gate.may_hear

        notes, may_hear = run_virtual(main())

        assert [text for text, _ in notes.began][:2] == [NAMED, WRITTEN]
        assert may_hear


class TestTurn:
    def test_answers_what_was_said_and_notes_the_times(self):
        async def main():
            ear = ScriptedEar(delay_s=0.1)
            ear.words.append("i need an appointment")
            brain = answering(Say(text="Gladly."))
            async with VirtualCall(brain=brain, ear=ear) as call:
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 1_000)
                await call.until_ms(OPENED_MS + 3_000)
                return call.notes, brain.happenings, ear

        notes, happenings, ear = run_virtual(main())

        words = Recognised(text="i need an appointment", is_sure=True)
        assert happenings == [CallOpened(), CallerSaid(words=words)]
        assert notes.caller_lines == [("i need an appointment", False)]
        (times,) = notes.turns
        assert times.quiet_ms == OPENED_MS + 1_000
        assert times.decided_ms - times.quiet_ms == 700
        assert times.heard_ms - times.decided_ms == 100
        assert 0 <= times.answered_ms - times.heard_ms <= 40
        assert ear.fed[0] >= 1_000 * 16

    def test_hears_nothing_of_what_another_is_asked(self):
        async def main():
            brain = answering(Say(text="Sorry?"))
            async with VirtualCall(brain=brain) as call:
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 400)
                await call.until_ms(OPENED_MS + 2_000)
                return brain.happenings, call.notes

        happenings, notes = run_virtual(main())

        assert happenings[1] == CallerSaid(words=Recognised(text="", is_sure=False))
        assert notes.caller_lines == [("", False)]


class TestBargeIn:
    def test_clears_the_carrier_and_settles_which_part_was_heard(self):
        async def main():
            ear = ScriptedEar()
            ear.words.extend(["your hours please", "stop"])
            brain = answering(Say(text=LONG), Say(text="Anything else?"))
            async with VirtualCall(brain=brain, ear=ear) as call:
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 600)
                await call.until_ms(OPENED_MS + 1_400)
                (began,) = [at for text, at in call.notes.began if text == LONG]
                word(call, began + 600)
                await call.until_ms(began + 1_200)
                return call.notes, call.played, began, call.line.turn

        notes, played, began, turn = run_virtual(main())

        assert turn == 1
        (cleared,) = played.cleared_ms
        assert 0 < cleared - (began + 600) <= 400
        (end,) = [end for end in notes.ends if end[0] == LONG]
        assert end[1] is HowHeard.PART
        assert LONG.startswith(end[2])
        assert 3 <= len(end[2].split()) <= 10
        assert "Anything else?" not in [text for text, _ in notes.began]
        assert all(at <= cleared for at in played.sent_ms)

    def test_leaves_a_sentence_alone_that_must_be_heard(self):
        async def main():
            ear = ScriptedEar()
            ear.words.extend(["my chest hurts"])
            brain = answering(Say(text=LONG, is_interruptible=False))
            async with VirtualCall(brain=brain, ear=ear) as call:
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 600)
                await call.until_ms(OPENED_MS + 1_800)
                word(call, OPENED_MS + 2_000)
                await call.until_ms(OPENED_MS + 3_600)
                return call.notes, call.played

        notes, played = run_virtual(main())

        assert played.cleared_ms == []
        assert (LONG, HowHeard.FULL, "") in notes.ends

    def test_cancels_an_answer_that_is_still_being_thought_of(self):
        async def main():
            brain = answering(Say(text="First."), Say(text=LONG), Say(text="Late."))
            brain.between_s = 5.0
            ear = ScriptedEar()
            ear.words.append("hello")
            async with VirtualCall(brain=brain, ear=ear) as call:
                await call.until_ms(15_000 + OPENED_MS)
                call.line.press("1")
                await call.until_ms(16_000 + OPENED_MS)
                call.line.press("2")
                await call.until_ms(17_000 + OPENED_MS)
                return brain.happenings, [text for text, _ in call.notes.began]

        happenings, began = run_virtual(main())

        assert happenings[-2:] == [CallerPressed(digit="1"), CallerPressed(digit="2")]
        assert began[-2:] == ["First.", "First."]


class TestSilence:
    def test_is_asked_about_twice_and_ends_the_call(self):
        async def main():
            brain = answering(
                Say(text="Are you still there?"), last=(Say(text="Goodbye."), HangUp())
            )
            async with VirtualCall(brain=brain) as call:
                await call.until_ms(60_000)
                return brain.happenings, call.line.ended, call.notes, call.now_ms()

        happenings, ended, notes, at_ms = run_virtual(main())

        assert happenings == [
            CallOpened(),
            *(CallerSilent(times=times) for times in (1, 2, 3)),
        ]
        assert ended == "hang_up"
        assert notes.ends[-1] == ("Goodbye.", HowHeard.FULL, "")
        assert 3 * 7_000 < at_ms - OPENED_MS < 3 * 7_000 + 2_000

    def test_counts_anew_once_the_caller_has_spoken(self):
        async def main():
            ear = ScriptedEar()
            ear.words.append("yes")
            brain = answering(Say(text="Are you still there?"))
            async with VirtualCall(brain=brain, ear=ear) as call:
                call.speak(from_ms=OPENED_MS + 9_000, to_ms=OPENED_MS + 9_400)
                await call.until_ms(OPENED_MS + 20_000)
                return [h for h in brain.happenings if isinstance(h, CallerSilent)]

        assert run_virtual(main()) == [CallerSilent(times=1), CallerSilent(times=1)]


class TestKeys:
    def test_stop_what_is_said_and_reach_the_brain(self):
        async def main():
            brain = answering(Say(text="Thank you."))
            async with VirtualCall(brain=brain) as call:
                await call.until_ms(NOTICE_MS + 200)
                call.line.press("1")
                await call.until_ms(OPENED_MS + 1_000)
                return brain.happenings, call.notes, call.played

        happenings, notes, played = run_virtual(main())

        assert happenings == [CallOpened(), CallerPressed(digit="1")]
        assert len(played.cleared_ms) == 1
        assert (HELP, HowHeard.PART, "How can") in notes.ends
        assert notes.began[-1][0] == "Thank you."


class TestEnd:
    def test_waits_until_the_last_word_was_heard(self):
        async def main():
            brain = answering(Say(text="I put you through."), PutThrough())
            async with VirtualCall(brain=brain) as call:
                await call.until_ms(OPENED_MS)
                call.line.press("0")
                await call.until_ms(OPENED_MS + 9_000)
                return call.line.ended, call.notes.ends[-1], call.now_ms()

        ended, last, at_ms = run_virtual(main())

        assert ended == "put_through"
        assert last == ("I put you through.", HowHeard.FULL, "")
        assert 18 * 20 <= at_ms - OPENED_MS <= 18 * 20 + 200

    def test_gives_back_what_the_call_held(self):
        async def main():
            async with VirtualCall(brain=answering()) as call:
                await call.until_ms(100)
                saying = call.line._pacer.speaking()
            return call.ear.is_closed, call.line._detect._activity.is_closed, saying

        is_closed, is_given_back, saying = run_virtual(main())

        assert (is_closed, is_given_back) == (True, True)
        assert isinstance(saying, Saying)

    def test_keeps_nothing_once_a_person_is_called(self):
        async def main():
            ear = ScriptedEar()
            ear.words.append("what i say to the person")
            brain = answering(Say(text="I put you through."), PutThrough())
            async with VirtualCall(brain=brain, ear=ear) as call:
                await call.until_ms(OPENED_MS)
                call.line.press("0")
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 2_000)
                await call.until_ms(OPENED_MS + 9_000)
                ended_ms = call.now_ms()
                kept = len(call.notes.caller_ms)
                call.line.take(_encoded(call.line._reorder._next, ended_ms))
            return call, kept, ended_ms

        call, kept, ended_ms = run_virtual(main())

        gate = call.gate
        assert call.line.ended == "put_through"
        assert (gate.may_hear, gate.may_write, gate.may_record) == (False,) * 3
        assert len(call.notes.caller_ms) == kept
        assert max(call.notes.caller_ms) < ended_ms
        assert call.notes.caller_lines == []

    def test_keeps_the_last_frames_that_waited_for_one_before_them(self):
        async def main():
            async with VirtualCall(brain=answering()) as call:
                await call.until_ms(OPENED_MS)
                at_ms = call.now_ms()
                call.line.take(_encoded(call.line._reorder._next + 1, at_ms))
                before = at_ms in call.notes.caller_ms
            return before, at_ms in call.notes.caller_ms

        assert run_virtual(main()) == (False, True)

    def test_comes_with_what_failed_at_a_beat(self):
        async def main():
            error = ValueError()
            async with VirtualCall(brain=answering()) as call:
                await call.until_ms(100)
                call.line.fail(error)
                call.line.fail(ValueError("a second one changes nothing"))
                await call.until_ms(200)
                return error, call._running.exception()

        error, ended = run_virtual(main())

        assert ended.exceptions == (error,)

    def test_takes_no_sound_from_the_future(self):
        async def main():
            async with VirtualCall(brain=answering()) as call:
                await call.until_ms(OPENED_MS)
                before = len(call.notes.caller_ms)
                frame = call.line._reorder._next
                call.line.take(_encoded(frame, call.now_ms() + 61_000))
                at_most = call.now_ms()
                await call.until_ms(OPENED_MS + 100)
                return before, call.notes.caller_ms, at_most

        before, kept_ms, at_ms = run_virtual(main())

        assert len(kept_ms) > before
        assert max(kept_ms) <= at_ms + 100


def _encoded(chunk, at_ms):
    return Encoded(payload=TONE, chunk=chunk, at_ms=at_ms)
