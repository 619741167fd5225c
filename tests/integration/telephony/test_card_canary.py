import asyncio
import base64
import json
import logging
from pathlib import Path

import pytest

from recordings.models import Recording, Utterance
from recordings.services.store_recording import store_recording
from recordings.sound import WavView
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.vendors import Vendors
from sondervoice.voice_line import LineBuilder
from telephony.media import MediaStream
from telephony.models import Call
from telephony.services.end_call import end_call
from telephony.voice import line as line_module
from telephony.voice.adapters.rules.brain import RulesBrain
from telephony.voice.card_watch import CardWatch, Finding
from telephony.voice.pcm import TO_G711, root_mean_square
from tests.cast_calls import sealer_of
from tests.fakes.vendors import LOUD, ScriptedActivities, ScriptedEar, ScriptedVoice
from tests.integration.telephony.ringing import token_for
from tests.integration.telephony.search import (
    FIGURES,
    WORDS,
    opened,
    rows,
    stored,
    tells,
)
from tests.integration.telephony.sockets import SILENCE, Socket

TONE = base64.b64encode(TO_G711["PCMU"](LOUD, 2)).decode()
HEARD = [
    f"my card number is {' '.join(WORDS)}",
    "it expires oh nine twenty seven",
    "can i have an appointment",
]


class Caller(Socket):
    chunk = 0
    echoes = 0
    frames = 0

    async def _take(self, message):
        await super()._take(message)
        sent = json.loads(message.get("text", "{}"))
        self.frames += sent.get("event") == "media"
        if sent.get("event") == "mark":
            self.echoes += 1
            self.event("mark", mark=sent["mark"])

    async def sound(self, ticks, payload=SILENCE):
        loop = asyncio.get_running_loop()
        for _ in range(ticks):
            self.chunk += 1
            self.frame(self.chunk, payload, timestamp=str((self.chunk - 1) * 20))
            await asyncio.sleep(max(0, self.due_s + self.chunk * 0.02 - loop.time()))

    async def talk(self):
        self.due_s = asyncio.get_running_loop().time()
        await self.sound(75)
        for _ in HEARD:
            await self.sound(20, TONE)
            await self.sound(45)


def _hold(desk, call):
    ear = ScriptedEar()
    ear.words.extend(HEARD)
    vendors = Vendors(
        speech_to_text=ear,
        language=RulesBrain(),
        text_to_speech=ScriptedVoice(ms_a_letter=1),
        activity=ScriptedActivities(),
        hold={},
    )
    token = token_for(call, now=utc_now())

    async def main():
        desk.metronome.start()
        stream = MediaStream(LineBuilder(vendors, desk), desk)
        caller = Caller(stream, token)
        caller.start(call.carrier_call_id)
        await caller.talk()
        caller.event("stop")
        code = await caller.closed()
        desk.metronome.stop()
        return code, ear.fed

    code, fed = asyncio.run(main())
    assert code == 1000
    assert len(fed) == len(HEARD)
    now = utc_now()
    with tenancy.scope(call.organization_id):
        end_call(call_id=call.id, reason=Call.EndReason.CALLER_HUNG_UP, now=now)
    store_recording(organization_id=call.organization_id, call_id=call.id, now=now)


def _places(call, folder):
    found = [
        *rows(),
        *opened(call),
        *stored(folder, since_s=call.started_at.timestamp() - 1),
    ]
    return sorted({where for where, text in found if tells(text)})


def _loud_ms(call):
    with tenancy.scope(call.organization_id):
        recording = Recording.objects.get(call=call)
    view = WavView(recording, sealer_of(call), "caller")
    sound = b"".join(view.read(44, view.size_bytes - 1))
    frames = (sound[start : start + 320] for start in range(0, len(sound), 320))
    return sum(20 for frame in frames if root_mean_square(frame, 2) > 1_000)


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    settings.SPOOL_DIR = tmp_path / "spool"
    monkeypatch.setattr(line_module, "PAUSE_MS", 300)
    return Path(settings.DATA_DIR)


class TestCardNumber:
    def test_would_be_found_if_it_were_kept(self, desk, live, folder, monkeypatch):
        def look(_watch, heard, **_):
            return Finding(is_card=False, text=heard.text)

        monkeypatch.setattr(CardWatch, "look", look)

        _hold(desk, live[0])

        assert _places(live[0], folder) == ["recordings_utterance.text_sealed opened"]
        assert 1_000 <= _loud_ms(live[0]) <= 1_240

    def test_is_in_no_row_no_file_no_sound_and_no_log(
        self, desk, live, folder, caplog, tmp_path
    ):
        caplog.set_level(logging.DEBUG)

        _hold(desk, live[0])

        assert _places(live[0], folder) == []
        assert _places(live[0], tmp_path) == []
        assert not any(tells(str(vars(record))) for record in caplog.records)
        # The card and its date are gone, the wish is there.
        assert 300 <= _loud_ms(live[0]) <= 420
        with tenancy.scope(live[0].organization_id):
            lines = Utterance.objects.filter(speaker="caller").order_by("number")
            assert [line.is_hidden for line in lines] == [True, True, False]
            assert [
                sealer_of(live[0]).open(
                    line.text_sealed,
                    table="recordings_utterance",
                    column="text_sealed",
                    row_id=line.id,
                )
                for line in lines
            ] == ["", "", HEARD[2]]


class TestSearch:
    @pytest.mark.parametrize(
        "text",
        [
            " ".join(WORDS),
            f"My card: {' '.join(WORDS[:4]).title()}.",
            FIGURES,
            "4929 1357 8642 0975",
            "4929-1357",
            f"{{'text': 'x{FIGURES}x'}}",
        ],
    )
    def test_finds_the_digits_in_any_dress(self, text):
        assert tells(text)

    def test_finds_nothing_in_other_words(self):
        assert not tells("on the four nine at two, 4929, call +13125550136")
