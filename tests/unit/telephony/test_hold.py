import pytest

from telephony.voice.dialogue import Dialogue
from telephony.voice.frames import FRAME_MS
from telephony.voice.hold import HOLD_AFTER_MS, hold_words, make_holds
from telephony.voice.journal import HowHeard
from telephony.voice.ports import CallerSaid, CallOpened, Remember, Say
from tests.fakes.vendors import (
    LOUD,
    ScriptedBrain,
    ScriptedEar,
    ScriptedVoice,
    broken,
    hanging,
)
from tests.fakes.virtual import NAMED, WRITTEN, VirtualCall, run_virtual

HELP = "How can I help you?"
GLADLY = "Gladly."
HOLD = hold_words("en")
HOLD_AND_NUMBER = hold_words("en", "911")
SPEAKS_MS = (len(NAMED) + len(WRITTEN) + len(HELP)) * 20 + 400
DECIDED_MS = SPEAKS_MS + 600 + 700
WITHIN_MS = 1_500


def _answers(moment):
    if isinstance(moment.happening, CallOpened):
        notice = {"is_interruptible": False, "is_disclosure": True}
        return (Say(text=NAMED, **notice), Say(text=WRITTEN, **notice), Say(text=HELP))
    return (Say(text=GLADLY),)


async def _one_turn(*, ear=None, brain=None, voice=None):
    ear = ear or ScriptedEar()
    ear.words.extend(["hello", "and again"])
    brain = brain or ScriptedBrain(_answers)
    async with VirtualCall(brain=brain, ear=ear, voice=voice) as call:
        call.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
        await call.until_ms(DECIDED_MS + 5_000)
        return call.notes


def _said(notes):
    """Return what was said after the greeting, and when."""
    return notes.began[3:]


class TestCallerWhoWaits:
    def test_for_the_ear_is_asked_for_a_moment_once(self):
        notes = run_virtual(_one_turn(ear=ScriptedEar(delay_s=4.0)))

        assert [text for text, _ in _said(notes)] == [HOLD_AND_NUMBER, GLADLY]
        hold_ms = _said(notes)[0][1]
        assert hold_ms - DECIDED_MS == HOLD_AFTER_MS
        assert HOLD_AFTER_MS < WITHIN_MS

    def test_for_the_brain_after_the_ear_is_not_asked_twice(self):
        async def main():
            brain = ScriptedBrain(_answers)
            ear = ScriptedEar(delay_s=1.0)
            async with VirtualCall(brain=brain, ear=ear) as call:
                ear.words.append("hello")
                await call.until_ms(SPEAKS_MS)
                brain.delay_s = 3.0
                call.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
                await call.until_ms(DECIDED_MS + 6_000)
                return call.notes

        notes = run_virtual(main())

        assert [text for text, _ in _said(notes)] == [HOLD, GLADLY]
        assert _said(notes)[0][1] - DECIDED_MS == HOLD_AFTER_MS

    def test_for_the_voice_is_asked_for_a_moment_in_sound_that_needs_none(self):
        voice = ScriptedVoice()
        voice.faults.extend([None, None, None, hanging()])

        notes = run_virtual(_one_turn(voice=voice))

        assert [text for text, _ in _said(notes)] == [HOLD]
        assert _said(notes)[0][1] - DECIDED_MS == HOLD_AFTER_MS
        assert notes.ends[-1] == (HOLD, HowHeard.FULL, "")

    def test_for_the_greeting_is_asked_too_and_hears_the_notice_whole(self):
        async def main():
            voice = ScriptedVoice(delay_s=2.0)
            async with VirtualCall(brain=ScriptedBrain(_answers), voice=voice) as call:
                await call.until_ms(8_000)
                return call.notes, call.gate.may_hear

        notes, may_hear = run_virtual(main())

        assert notes.began[0] == (HOLD, FRAME_MS + HOLD_AFTER_MS)
        assert [text for text, _ in notes.began[1:3]] == [NAMED, WRITTEN]
        assert may_hear
        assert len(notes.disclosed_ms) == 1

    def test_not_long_is_asked_nothing(self):
        notes = run_virtual(_one_turn(ear=ScriptedEar(delay_s=1.1)))

        assert [text for text, _ in _said(notes)] == [GLADLY]

    def test_is_timed_to_the_answer_and_not_to_the_word_that_asked(self):
        notes = run_virtual(_one_turn(ear=ScriptedEar(delay_s=4.0)))

        (times,) = notes.turns
        assert times.decided_ms == DECIDED_MS
        assert times.heard_ms == DECIDED_MS + 4_000
        assert times.answered_ms == _said(notes)[1][1]
        assert times.answered_ms - times.decided_ms == 4_000

    def test_and_speaks_on_is_not_spoken_over(self):
        async def main():
            ear = ScriptedEar(delay_s=2.0)
            async with VirtualCall(brain=ScriptedBrain(_answers), ear=ear) as call:
                call.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
                call.speak(from_ms=DECIDED_MS + 800, to_ms=DECIDED_MS + 1_900)
                await call.until_ms(DECIDED_MS + 1_900)
                return _said(call.notes)

        assert run_virtual(main()) == []

    def test_after_an_unfinished_sentence_is_left_to_finish_it(self):
        ear = ScriptedEar()
        ear.words.append("i would like to come on")

        notes = run_virtual(_one_turn(ear=ear))

        assert [text for text, _ in _said(notes)] == [GLADLY]

    def test_is_asked_anew_in_the_next_turn(self):
        async def main():
            ear = ScriptedEar(delay_s=2.0)
            async with VirtualCall(brain=ScriptedBrain(_answers), ear=ear) as call:
                ear.words.extend(["hello", "again"])
                call.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
                call.speak(from_ms=DECIDED_MS + 6_000, to_ms=DECIDED_MS + 6_600)
                await call.until_ms(DECIDED_MS + 11_000)
                return call.notes

        said = [text for text, _ in _said(run_virtual(main()))]

        # Once a call the number is enough: it was not heard that there is an emergency.
        assert said == [HOLD_AND_NUMBER, GLADLY, HOLD, GLADLY]

    @pytest.mark.parametrize(("language", "asked"), [("de", "de"), ("fr", "en")])
    def test_is_asked_in_the_language_spoken_where_there_is_sound_of_it(
        self, language, asked
    ):
        def answers(moment):
            if isinstance(moment.happening, CallerSaid):
                return _answers(moment)
            dialogue = Dialogue(language=language)
            return (Remember(dialogue=dialogue), *_answers(moment))

        notes = run_virtual(
            _one_turn(ear=ScriptedEar(delay_s=3.0), brain=ScriptedBrain(answers))
        )

        assert _said(notes)[0][0] == hold_words(asked, "911")


class TestSounds:
    async def test_are_made_for_each_language_from_the_first_audible_frame_on(self):
        sounds = await make_holds(ScriptedVoice(ms_a_letter=20))

        assert sounds["de", ""] == LOUD * len("Einen Moment.")
        # An emergency number is read digit by digit.
        spelled = "In an emergency, hang up and call 9 1 1."
        assert sounds["en", "911"] == LOUD * len(f"One moment. {spelled}")
        assert {language for language, _ in sounds} == {"en", "de", "fr"}
        assert {number for _, number in sounds} == {"", "911", "112", "999", "000"}

    async def test_are_left_out_where_the_voice_fails(self):
        voice = ScriptedVoice()
        voice.faults.append(broken())

        sounds = await make_holds(voice)

        assert ("en", "") not in sounds
        assert len(sounds) == 14

    async def test_are_whole_frames_and_the_plain_one_no_longer_than_a_second(self):
        for (_, number), sound in (await make_holds(ScriptedVoice())).items():
            assert len(sound) % 320 == 0
            assert number or len(sound) // 320 * FRAME_MS <= 1_000
