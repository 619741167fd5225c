from telephony.voice.dialogue import Dialogue, Expecting, Goal
from telephony.voice.journal import HowHeard
from telephony.voice.ports import (
    CallerPressed,
    CallOpened,
    PutThrough,
    Remember,
    Say,
)
from tests.fakes.vendors import ScriptedBrain
from tests.fakes.virtual import NAMED, WRITTEN, VirtualCall, brief, run_virtual

QUESTION = "May I record the call?"
NOTICE_MS = (len(NAMED) + len(WRITTEN)) * 20
ASKING = brief(asks_consent=True, consent_question={"en": QUESTION})


def _answers(moment):
    if moment.happening == CallerPressed(digit="0"):
        return (Say(text="I put you through."), PutThrough())
    if not isinstance(moment.happening, CallOpened):
        return (Say(text="Thank you."),)
    notice = {"is_interruptible": False, "is_disclosure": True}
    asked = Dialogue(language="en", expecting=Expecting.YES_NO, topic="consent")
    return (
        Say(text=NAMED, **notice),
        Say(text=WRITTEN, **notice),
        Remember(dialogue=asked),
        Say(text=QUESTION),
    )


async def _press(digits_at, *, until_ms=NOTICE_MS + 2_000):
    brain = ScriptedBrain(_answers)
    async with VirtualCall(brain=brain, the_brief=ASKING) as call:
        for at_ms, digit in digits_at:
            await call.until_ms(at_ms)
            call.line.press(digit)
        await call.until_ms(until_ms)
        return call, brain.happenings


class TestKeyDuringTheNotice:
    def test_is_no_answer_to_a_question_nobody_has_heard(self):
        call, happenings = run_virtual(_press([(300, "1"), (NOTICE_MS - 60, "1")]))

        assert happenings == [CallOpened()]
        assert call.played.cleared_ms == []
        assert [how for _, how, _ in call.notes.ends] == [HowHeard.FULL] * 3

    def test_for_a_person_is_honoured_when_the_notice_was_heard(self):
        call, happenings = run_virtual(_press([(300, "0")], until_ms=6_000))

        assert happenings == [CallOpened(), CallerPressed(digit="0")]
        assert call.line.ended == "put_through"
        assert [text for text, how, _ in call.notes.ends if how is HowHeard.FULL] == [
            NAMED,
            WRITTEN,
            "I put you through.",
        ]
        assert len(call.notes.disclosed_ms) == 1

    def test_for_a_person_who_is_not_there_leaves_the_other_keys(self):
        def answers(moment):
            if moment.happening != CallerPressed(digit="0"):
                return _answers(moment)
            wants_person = Dialogue(language="en", goal=Goal.PERSON, topic="message")
            return (Remember(dialogue=wants_person), Say(text="Nobody is there."))

        async def main():
            brain = ScriptedBrain(answers, between_s=0.9)
            async with VirtualCall(brain=brain, the_brief=ASKING) as call:
                await call.until_ms(300)
                call.line.press("0")
                await call.until_ms(NOTICE_MS + 3_000)
                call.line.press("3")
                await call.until_ms(NOTICE_MS + 3_200)
                return brain.happenings, call.gate.asked_at_ms

        happenings, asked_ms = run_virtual(main())

        assert happenings == [
            CallOpened(),
            CallerPressed(digit="0"),
            CallerPressed(digit="3"),
        ]
        assert asked_ms == []


class TestKeyBetweenNoticeAndQuestion:
    def test_is_no_answer_while_the_question_is_late(self):
        async def main():
            brain = ScriptedBrain(_answers, between_s=0.9)
            async with VirtualCall(brain=brain, the_brief=ASKING) as call:
                await call.until_ms(NOTICE_MS + 400)
                call.line.press("1")
                asked_ms = [at for text, at in call.notes.began if text == QUESTION]
                await call.until_ms(NOTICE_MS + 4_000)
                return asked_ms, brain.happenings, call.gate, call.notes

        asked_ms, happenings, gate, notes = run_virtual(main())

        assert asked_ms == []
        assert happenings == [CallOpened()]
        assert gate.asked_at_ms == [dict(notes.began)[QUESTION]]


class TestKeyToTheQuestion:
    def test_is_an_answer_from_its_first_sound_on(self):
        call, happenings = run_virtual(_press([(NOTICE_MS + 120, "1")]))

        assert happenings == [CallOpened(), CallerPressed(digit="1")]
        (asked_ms,) = call.gate.asked_at_ms
        assert NOTICE_MS <= asked_ms <= NOTICE_MS + 120


class TestKeyOfACallerWhoCannotHear:
    def test_still_leads_out_once_the_notice_was_given_up(self):
        async def main():
            brain = ScriptedBrain(_answers)
            async with VirtualCall(brain=brain) as call:
                call.played.does_echo = False
                await call.until_ms(NOTICE_MS + 8_000)
                call.line.press("0")
                await call.until_ms(NOTICE_MS + 9_000)
                return brain.happenings, call.gate.may_hear

        assert run_virtual(main()) == (
            [CallOpened(), CallerPressed(digit="0")],
            False,
        )
