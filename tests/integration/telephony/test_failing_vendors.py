"""The product's own line and vendors, put together as the media process does it."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.core.exceptions import ImproperlyConfigured

from recordings.models import Utterance
from sondervoice import voice_line
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.vendors import (
    FirstVendors,
    LastResort,
    chosen_vendors,
    put_together,
)
from sondervoice.voice_line import LineBuilder
from telephony.models import Call, Turn
from telephony.services.open_stream import open_stream
from telephony.voice.hold import HOLD_WORDS
from telephony.voice.ports import CallOpened, Say
from tests.cast import make_cast
from tests.fakes.vendors import (
    ScriptedActivities,
    ScriptedBrain,
    ScriptedEar,
    ScriptedVoice,
    broken,
    hanging,
)
from tests.fakes.virtual import Driven, run_virtual
from tests.integration.telephony.ringing import ring, token_for

WITHIN_MS = 1_500
SPEAKS_MS = 10_000
DECIDED_MS = SPEAKS_MS + 600 + 700
ANSWER = "We have a place on Tuesday."
FAULTS = {"fails": broken, "hangs": hanging}
PORTS = ("ear", "brain", "voice")


def _answers(moment):
    if not isinstance(moment.happening, CallOpened):
        return (Say(text=ANSWER),)
    notice = {"is_interruptible": False, "is_disclosure": True}
    return [Say(text=text, **notice) for text in moment.brief.disclosure["en"]]


class _Firsts:
    """Vendors as the settings might choose them, each with its script."""

    def __init__(self):
        self.ear = ScriptedEar(name="ear")
        self.brain = ScriptedBrain(_answers)
        self.voice = ScriptedVoice(ms_a_letter=10)
        self.last_ear = ScriptedEar(name="last", languages=frozenset({"en"}))
        self.last_voice = ScriptedVoice(ms_a_letter=10)

    async def vendors(self):
        return await put_together(
            FirstVendors(
                speech_to_text=self.ear,
                language=self.brain,
                text_to_speech=self.voice,
            ),
            LastResort(
                speech_to_text=self.last_ear,
                text_to_speech=self.last_voice,
                activity=ScriptedActivities(),
            ),
        )

    def fail(self, ports, fault):
        for port in ports:
            getattr(self, port).faults.extend([fault() for _ in range(9)])

    def say(self, text):
        self.ear.words.append(text)
        self.last_ear.words.append(text)


@pytest.fixture
def answered(desk, monkeypatch):
    """Return a live call and what its line is built from; no work takes time."""

    async def ask(question, *args, **kwargs):
        return desk._threads._pool.submit(partial(question, *args, **kwargs)).result(20)

    monkeypatch.setattr(desk, "ask", ask)
    monkeypatch.setattr(
        voice_line, "monotonic", lambda: asyncio.get_running_loop().time()
    )
    now = utc_now()
    # Answered a little later, so that the line's zero is the test's.
    later = now + timedelta(seconds=30)
    call = ring(
        make_cast().alder, started_at=now, answered_at=later, status=Call.Status.LIVE
    )
    return call, open_stream(token=token_for(call, now=now), now=now)


async def _one_turn(opened, desk, ports, fault):
    firsts, caller = _Firsts(), Driven()
    firsts.say("what are your opening hours")
    build = LineBuilder(await firsts.vendors(), desk)
    session = await build(opened, encoding="PCMU", out=caller.played)
    caller.line = session.line
    caller.played.echoed = session.line.echoed
    running = asyncio.create_task(session.run())
    try:
        caller.speak(from_ms=SPEAKS_MS, to_ms=SPEAKS_MS + 600)
        await caller.until_ms(SPEAKS_MS)
        firsts.fail(ports, fault)
        await caller.until_ms(DECIDED_MS + 8_000)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await session.close()
    return [at for at in caller.played.sent_ms if at >= DECIDED_MS]


def _turn(call):
    with tenancy.scope(call.organization_id):
        return Turn.objects.get()


def _heard(call):
    """Return how each sentence after the caller's turn was heard."""
    with tenancy.scope(call.organization_id):
        lines = Utterance.objects.filter(
            speaker=Utterance.Speaker.AGENT, started_ms__gte=DECIDED_MS
        )
        return list(lines.order_by("number").values_list("heard", flat=True))


class TestFailingVendor:
    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("port", PORTS)
    def test_is_replaced_before_the_caller_meets_silence(
        self, answered, desk, port, fault
    ):
        call, opened = answered

        sent_ms = run_virtual(_one_turn(opened, desk, [port], FAULTS[fault]))

        turn = _turn(call)
        assert sent_ms[0] - turn.decided_ms < WITHIN_MS
        assert turn.answered_ms - turn.decided_ms < WITHIN_MS
        assert set(_heard(call)) == {"full"}

    def test_of_each_kind_failing_at_once_is_not_noticed(self, answered, desk):
        call, opened = answered

        sent_ms = run_virtual(_one_turn(opened, desk, PORTS, broken))

        turn = _turn(call)
        assert sent_ms[0] - turn.decided_ms < 100
        assert turn.answered_ms - turn.decided_ms < 100

    def test_of_each_kind_hanging_at_once_leaves_no_caller_in_silence(
        self, answered, desk
    ):
        call, opened = answered

        sent_ms = run_virtual(_one_turn(opened, desk, PORTS, hanging))

        turn = _turn(call)
        assert sent_ms[0] - turn.decided_ms < WITHIN_MS
        # Three patiences add up; the moment that was asked for is no answer.
        assert 2_390 <= turn.answered_ms - turn.decided_ms < 2_500
        until_answer = [at for at in sent_ms if at <= turn.answered_ms]
        assert max(b - a for a, b in pairwise(until_answer)) < WITHIN_MS
        assert set(_heard(call)) == {"full"}


class TestVendors:
    def test_stand_alone_where_no_other_is_chosen(self):
        ear, voice = ScriptedEar(), ScriptedVoice()
        last = LastResort(
            speech_to_text=ear, text_to_speech=voice, activity=ScriptedActivities()
        )

        made = asyncio.run(put_together(FirstVendors(), last))

        assert (made.speech_to_text, made.text_to_speech) == (ear, voice)
        assert made.language.name == "rules"
        assert {language for language, _ in made.hold} == set(HOLD_WORDS)

    def test_are_the_on_device_ones_by_default(self):
        assert chosen_vendors() == FirstVendors()

    @pytest.mark.parametrize(
        ("setting", "there_is"),
        [
            ("STT_VENDOR", "ondevice"),
            ("LLM_VENDOR", "rules"),
            ("TTS_VENDOR", "ondevice"),
        ],
    )
    def test_are_refused_by_name_where_there_is_no_such(
        self, settings, setting, there_is
    ):
        setattr(settings, setting, "whisperer")

        with pytest.raises(ImproperlyConfigured) as refused:
            chosen_vendors()

        assert str(refused.value) == (
            f"{setting}: there is no 'whisperer', only: {there_is}"
        )
