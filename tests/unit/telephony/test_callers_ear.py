from telephony.voice.dialogue import Dialogue
from telephony.voice.ports import CallOpened, Remember, Say
from tests.fakes.vendors import ScriptedEar, ScriptedEars
from tests.fakes.virtual import NAMED, VirtualCall, run_virtual
from tests.unit.telephony.answering import NOTICE_MS, OPENED_MS, answering


class TestLanguage:
    def test_that_changes_has_an_ear_of_its_own(self):
        async def main():
            english, german = ScriptedEar(), ScriptedEar()
            english.words.append("guten tag")
            german.words.append("einen termin bitte")
            ears = ScriptedEars({"en": english, "de": german})
            dialogue = Dialogue(language="de")
            brain = answering(Remember(dialogue=dialogue), Say(text="Gern."))
            async with VirtualCall(brain=brain, ear=ears) as call:
                for start_ms in (OPENED_MS, OPENED_MS + 3_000):
                    call.speak(from_ms=start_ms, to_ms=start_ms + 600)
                await call.until_ms(OPENED_MS + 6_000)
                return call.notes, english, german, ears

        notes, english, german, ears = run_virtual(main())

        assert notes.caller_lines == [
            ("guten tag", False),
            ("einen termin bitte", False),
        ]
        assert ears.opened == ["en", "de"]
        assert (len(english.fed), len(german.fed)) == (1, 1)
        assert (english.is_closed, german.is_closed) == (True, True)

    def test_that_no_ear_knows_is_not_understood_until_one_does(self):
        async def main():
            ear = ScriptedEar()
            ear.words.append("hello there")
            ears = ScriptedEars({"en": ear})
            dialogue = Dialogue(language="en")
            brain = answering(Remember(dialogue=dialogue), Say(text="Go on."))
            async with VirtualCall(
                brain=brain, ear=ears, dialogue=Dialogue(language="de")
            ) as call:
                for start_ms in (OPENED_MS, OPENED_MS + 3_000):
                    call.speak(from_ms=start_ms, to_ms=start_ms + 600)
                await call.until_ms(OPENED_MS + 6_000)
                return call.notes

        notes = run_virtual(main())

        assert notes.caller_lines == [("", False), ("hello there", False)]


class TestEarThatOpensLate:
    def test_holds_up_no_greeting_and_hears_what_was_said_meanwhile(self):
        async def main():
            ear = ScriptedEar()
            ear.words.append("hello")
            ears = ScriptedEars({"en": ear}, delay_s=2.9)
            async with VirtualCall(brain=answering(), ear=ears) as call:
                call.speak(from_ms=NOTICE_MS + 200, to_ms=NOTICE_MS + 700)
                await call.until_ms(NOTICE_MS + 4_000)
                return call.notes, ear

        notes, ear = run_virtual(main())

        assert notes.began[0] == (NAMED, 0)
        assert notes.caller_lines == [("hello", False)]
        assert ear.fed[0] >= 500 * 16

    def test_for_ever_is_done_without(self):
        async def main():
            ears = ScriptedEars({"en": ScriptedEar()}, delay_s=1e9)
            async with VirtualCall(brain=answering(), ear=ears) as call:
                call.speak(from_ms=OPENED_MS, to_ms=OPENED_MS + 600)
                await call.until_ms(OPENED_MS + 4_000)
            return call.notes

        assert run_virtual(main()).caller_lines == [("", False)]


class TestLineBuiltAnew:
    def test_says_whether_the_notice_was_heard_on_the_one_before(self):
        async def main():
            brain = answering()
            call = VirtualCall(brain=brain)
            call.gate.notice_heard()
            async with call:
                await call.until_ms(100)
            return brain.happenings

        assert run_virtual(main()) == [CallOpened(has_heard_notice=True)]
