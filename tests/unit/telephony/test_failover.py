import asyncio
from itertools import pairwise

import pytest

from telephony.voice.dialogue import Expecting
from telephony.voice.failover.brain import FailoverBrain
from telephony.voice.failover.breaker import OPENS_AFTER, PROBES_AFTER_S, Breaker
from telephony.voice.failover.ear import FailoverEar
from telephony.voice.failover.voice import FailoverVoice
from telephony.voice.journal import HowHeard
from telephony.voice.ports import CallOpened, Recognised, Say
from tests.fakes.vendors import (
    Fault,
    ScriptedBrain,
    ScriptedEar,
    ScriptedVoice,
    broken,
    hanging,
)
from tests.fakes.virtual import NAMED, WRITTEN, VirtualCall, run_virtual

GREETING = "How can I help you?"
SPEAKS_MS = (len(NAMED) + len(WRITTEN) + len(GREETING)) * 20 + 400
WITHIN_MS = 1_500
FAILURES = {"fails": broken(), "hangs": hanging(), "refuses": broken(permanent=True)}


def _answers(moment):
    if isinstance(moment.happening, CallOpened):
        notice = {"is_interruptible": False, "is_disclosure": True}
        return (
            Say(text=NAMED, **notice),
            Say(text=WRITTEN, **notice),
            Say(text=GREETING),
        )
    return (Say(text="The first sentence."), Say(text="The second sentence."))


def _breaker():
    return Breaker(asyncio.get_running_loop().time)


async def _one_turn(*, brain=None, ear=None, voice=None):
    async with VirtualCall(
        brain=brain or ScriptedBrain(_answers),
        ear=ear or ScriptedEar(_words("hello")),
        voice=voice,
    ) as call:
        call.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
        await call.until_ms(SPEAKS_MS + 6_000)
        return call.notes


def _words(*texts):
    ear = ScriptedEar()
    ear.words.extend(texts)
    return ear.words


def _heard(notes):
    return [text for text, how, _ in notes.ends if how is HowHeard.FULL]


class TestEar:
    @pytest.mark.parametrize("kind", FAILURES)
    def test_that_fails_is_replaced_in_time_with_the_same_sound(self, kind):
        async def main():
            first = ScriptedEar(name="first")
            first.faults.append(FAILURES[kind])
            second = ScriptedEar(_words("an appointment please"), name="second")
            both = FailoverEar(first, second, _breaker())
            return await _one_turn(ear=both), first, second

        notes, first, second = run_virtual(main())

        (times,) = notes.turns
        assert notes.caller_lines == [("an appointment please", False)]
        assert times.answered_ms - times.decided_ms <= WITHIN_MS
        assert first.fed == second.fed

    @pytest.mark.parametrize("kind", ["fails", "hangs"])
    def test_that_does_not_open_is_done_without(self, kind):
        async def main():
            first = ScriptedEar(open_fault=FAILURES[kind])
            second = ScriptedEar(_words("hello"))
            return await _one_turn(ear=FailoverEar(first, second, _breaker()))

        notes = run_virtual(main())

        assert notes.began[0] == (NAMED, 0)
        assert notes.caller_lines == [("hello", False)]

    def test_that_knows_a_language_alone_is_opened_alone(self):
        async def main():
            first = ScriptedEar(_words("guten tag"), languages=frozenset({"de"}))
            second = ScriptedEar(open_fault=broken(permanent=True))
            both = FailoverEar(first, second, _breaker())
            hearing = await both.open(language="de")
            words = await hearing.finish(Expecting.INTENT, offered=())
            first.faults.append(broken())
            return words.text, await hearing.finish(Expecting.INTENT, offered=())

        assert run_virtual(main()) == (
            "guten tag",
            Recognised(text="", is_sure=False),
        )

    def test_is_not_asked_for_a_language_it_does_not_know(self):
        async def main():
            first = ScriptedEar(languages=frozenset({"de"}), open_fault=broken())
            second, breaker = ScriptedEar(), _breaker()
            ear = await FailoverEar(first, second, breaker).open(language="en")
            return ear is second, breaker._failures

        assert run_virtual(main()) == (True, 0)

    def test_is_closed_with_its_backup(self):
        async def main():
            first, second = ScriptedEar(), ScriptedEar()
            ear = await FailoverEar(first, second, _breaker()).open(language="en")
            await ear.close()
            return first.is_closed, second.is_closed

        assert run_virtual(main()) == (True, True)


class TestBrain:
    @pytest.mark.parametrize("kind", FAILURES)
    def test_that_fails_is_replaced_in_time(self, kind):
        async def main():
            first = ScriptedBrain(_answers)
            first.faults.extend([None, FAILURES[kind]])
            brain = FailoverBrain(first, ScriptedBrain(_answers), _breaker())
            return await _one_turn(brain=brain)

        notes = run_virtual(main())

        (times,) = notes.turns
        assert times.answered_ms - times.heard_ms <= WITHIN_MS
        assert _heard(notes)[-2:] == ["The first sentence.", "The second sentence."]

    def test_that_stalls_between_sentences_is_followed_by_its_backup(self):
        async def main():
            first = ScriptedBrain(_answers)
            backup = ScriptedBrain(lambda _moment: (Say(text="From the backup."),))
            brain = FailoverBrain(first, backup, _breaker())
            async with VirtualCall(brain=brain, ear=ScriptedEar(_words("hi"))) as call:
                await call.until_ms(SPEAKS_MS)
                first.stall_after = 1
                call.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
                await call.until_ms(SPEAKS_MS + 5_000)
                return call.notes

        notes = run_virtual(main())

        starts = dict(notes.began)
        assert _heard(notes)[-2:] == ["The first sentence.", "From the backup."]
        first_ends_ms = starts["The first sentence."] + 19 * 20
        assert starts["From the backup."] - first_ends_ms <= WITHIN_MS


class TestVoice:
    @pytest.mark.parametrize("kind", FAILURES)
    def test_that_fails_is_replaced_in_time(self, kind):
        async def main():
            first, second = ScriptedVoice(), ScriptedVoice()
            first.faults.extend([None, None, None, FAILURES[kind]])
            voice = FailoverVoice(first, second, _breaker())
            return await _one_turn(voice=voice), second.said

        notes, said = run_virtual(main())

        (times,) = notes.turns
        assert times.answered_ms - times.heard_ms <= WITHIN_MS
        assert "The first sentence." in _heard(notes)
        assert said[0] == "The first sentence."

    def test_that_stalls_in_a_sentence_has_it_said_again_from_the_start(self):
        async def main():
            first, second = ScriptedVoice(), ScriptedVoice()
            voice = FailoverVoice(first, second, _breaker())
            async with VirtualCall(brain=ScriptedBrain(_answers), voice=voice) as call:
                first.stall_after = 1
                await call.until_ms(SPEAKS_MS + 4_000)
                return call.notes, call.played.sent_ms, second.said

        notes, sent_ms, said = run_virtual(main())

        gaps = [b - a for a, b in pairwise(sent_ms)]
        assert max(gaps) <= WITHIN_MS
        assert said[0] == NAMED
        assert _heard(notes) == [NAMED, WRITTEN, GREETING]

    def test_and_its_backup_gone_end_the_line_so_that_the_stream_is_mended(self):
        async def main():
            voices = [ScriptedVoice(), ScriptedVoice()]
            for voice in voices:
                voice.faults.append(broken())
            both = FailoverVoice(*voices, _breaker())
            async with VirtualCall(brain=ScriptedBrain(_answers), voice=both) as call:
                await call.until_ms(2_000)
                return call._running.exception()

        error = run_virtual(main())

        assert isinstance(error, ExceptionGroup)


class TestBreaker:
    def test_passes_a_failing_vendor_over_and_probes_it_again(self):
        now = [100.0]
        breaker = Breaker(lambda: now[0])
        tries = []

        for _ in range(OPENS_AFTER):
            tries.append(breaker.may_try())
            breaker.failed()
        tries.append(breaker.may_try())
        now[0] += PROBES_AFTER_S
        tries.extend([breaker.may_try(), breaker.may_try()])
        breaker.succeeded()
        tries.append(breaker.may_try())

        assert tries == [True, True, False, True, False, True]

    def test_opens_at_once_for_what_will_not_get_better(self):
        breaker = Breaker(lambda: 0.0)

        breaker.failed(is_permanent=True)

        assert not breaker.may_try()

    def test_spares_the_second_caller_the_wait(self):
        async def main():
            first = ScriptedBrain(_answers)
            first.faults.extend([hanging()] * 9)
            breaker = _breaker()
            brain = FailoverBrain(first, ScriptedBrain(_answers), breaker)
            waits = []
            for _ in range(3):
                notes = await _one_turn(brain=brain)
                waits.append(notes.began[0][1])
            return waits, len(first.moments)

        waits, asked = run_virtual(main())

        assert waits[0] <= WITHIN_MS
        assert asked < 6


class TestSlowVendor:
    def test_that_is_only_slow_keeps_its_turn(self):
        async def main():
            first, second = ScriptedVoice(delay_s=0.5), ScriptedVoice()
            voice = FailoverVoice(first, second, _breaker())
            return await _one_turn(voice=voice), second.said

        notes, said = run_virtual(main())

        assert said == []
        assert _heard(notes)[:3] == [NAMED, WRITTEN, GREETING]

    def test_that_fails_late_is_replaced_too(self):
        async def main():
            first = ScriptedBrain(_answers)
            first.faults.extend([None, Fault(after_s=0.7, error=broken().error)])
            brain = FailoverBrain(first, ScriptedBrain(_answers), _breaker())
            return await _one_turn(brain=brain)

        (times,) = run_virtual(main()).turns

        assert 700 <= times.answered_ms - times.heard_ms <= WITHIN_MS
