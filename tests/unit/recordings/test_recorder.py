import pytest

from recordings.recorder import CallRecorder
from recordings.spool import PIECE_MS, SILENCE, TICK_BYTES, TICKS, Spool
from telephony.voice.frames import Audio
from telephony.voice.pcm import FROM_G711, TO_G711
from tests.unit.recordings.sealers import make_sealer

LOUD = b"\x00\x20" * 160
CALLER = TO_G711["PCMU"](LOUD, 2)
AGENT = b"\x2a" * TICK_BYTES


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "call.spool", make_sealer())


@pytest.fixture
def recorder(spool):
    return CallRecorder(spool, encoding="PCMU", submit=lambda work: work())


def _speak(recorder, from_ms, to_ms):
    for at_ms in range(from_ms, to_ms, 20):
        recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))


def _ticks(spool, side="caller"):
    sound = b"".join(bytes(getattr(piece, side)) for piece in spool.pieces())
    return [
        sound[start : start + TICK_BYTES] for start in range(0, len(sound), TICK_BYTES)
    ]


def _kept(spool):
    return [piece.kept >> n & 1 for piece in spool.pieces() for n in range(TICKS)]


class TestRecorder:
    def test_lays_both_sides_on_one_clock(self, recorder, spool):
        _speak(recorder, 0, 2_000)
        recorder.agent(AGENT, at_ms=1_940)
        recorder.finish()

        assert _ticks(spool) == [CALLER] * 100
        assert (
            _ticks(spool, "agent")
            == [SILENCE * TICK_BYTES] * 97 + [AGENT] + [SILENCE * TICK_BYTES] * 2
        )

    def test_lays_nothing_down_where_a_dead_socket_hears_nothing(self, recorder, spool):
        _speak(recorder, 0, 1_000)
        for at_ms in range(0, 10_000, 20):
            recorder.agent(AGENT, at_ms=at_ms)
        recorder.finish()

        # The call's next line keeps what follows; it must not be overwritten.
        assert len(list(spool.pieces())) * PIECE_MS == 2_000

    def test_keeps_our_side_as_the_other_law(self, spool):
        recorder = CallRecorder(spool, encoding="PCMA", submit=lambda work: work())
        a_law = TO_G711["PCMA"](LOUD, 2)

        recorder.agent(a_law, at_ms=0)
        recorder.finish()

        kept = _ticks(spool, "agent")[0]
        assert kept == TO_G711["PCMU"](FROM_G711["PCMA"](a_law, 2), 2)

    @pytest.mark.parametrize("said_ms", [2_000, 5_020, 9_980, 10_000])
    def test_loses_a_second_at_most_when_the_process_dies(
        self, recorder, spool, said_ms
    ):
        _speak(recorder, 0, said_ms)
        # No `finish`: the process is gone.

        on_disk_ms = len(_ticks(spool)) * 20
        assert 0 <= said_ms - on_disk_ms <= 1_000
        assert set(_ticks(spool)) == {CALLER}

    def test_ignores_what_comes_long_after_its_place_was_written(self, recorder, spool):
        _speak(recorder, 0, 4_000)
        recorder.caller(Audio(pcm=b"\0" * 320, at_ms=0))
        recorder.agent(AGENT, at_ms=20)
        recorder.finish()

        assert _ticks(spool)[0] == CALLER
        assert AGENT not in _ticks(spool, "agent")

    def test_ignores_what_comes_before_the_call(self, recorder, spool):
        recorder.caller(Audio(pcm=LOUD, at_ms=-20))
        recorder.agent(AGENT, at_ms=-20)
        recorder.finish()

        assert list(spool.pieces()) == []

    def test_holds_two_pieces_however_long_the_call(self, recorder):
        most = 0
        for at_ms in range(0, 60_000, 20):
            recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))
            recorder.agent(AGENT, at_ms=at_ms + 60)
            most = max(most, len(recorder._open))

        assert most == 3


class TestHide:
    @pytest.mark.parametrize("later_ms", [0, 3 * PIECE_MS, 60 * PIECE_MS])
    def test_silences_the_stretch_written_or_not(self, recorder, spool, later_ms):
        _speak(recorder, 0, 3_000)
        recorder.agent(AGENT, at_ms=2_000)
        _speak(recorder, 3_000, 3_000 + later_ms)

        recorder.hide(from_ms=1_030, to_ms=2_410)
        recorder.finish()

        hidden = [n for n, tick in enumerate(_ticks(spool)) if tick != CALLER]
        assert hidden == list(range(1_020 // 20, 2_400 // 20 + 1))
        assert [n for n, kept in enumerate(_kept(spool)) if not kept] == hidden
        assert AGENT in _ticks(spool, "agent")

    def test_reaches_beyond_both_ends_of_the_call_in_vain(self, recorder, spool):
        _speak(recorder, 0, 1_000)

        recorder.hide(from_ms=-500, to_ms=60_000)
        recorder.finish()

        assert set(_ticks(spool)) == {SILENCE * TICK_BYTES}
        assert sum(_kept(spool)) == 0

    def test_of_what_was_never_kept_writes_no_file(self, recorder, spool):
        recorder.hide(from_ms=0, to_ms=9_000)
        recorder.finish()

        assert not spool._path.exists()
