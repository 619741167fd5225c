from tests.fakes.telnyx.caller import FRAME_BYTES, SILENCE, Caller, split, tone

WORDS = tone(seconds=0.2)
LOUD = tone(seconds=0.02)


def _hear(caller, frame, *, seconds):
    spoken = []
    for _ in range(round(seconds / 0.02)):
        spoken.append(caller.next_frame())
        caller.hear(frame)
    return [piece for piece in spoken if piece != SILENCE]


class TestCaller:
    def test_waits_for_the_greeting_and_a_second_of_quiet(self):
        caller = Caller([WORDS])

        assert _hear(caller, SILENCE, seconds=2) == []
        assert _hear(caller, LOUD, seconds=1) == []
        assert _hear(caller, SILENCE, seconds=0.98) == []
        assert b"".join(_hear(caller, SILENCE, seconds=0.3)) == WORDS

    def test_says_the_second_line_only_after_the_agent_spoke_again(self):
        caller = Caller([WORDS, WORDS], waits_for_greeting=False)

        assert len(_hear(caller, SILENCE, seconds=4)) == 10
        assert caller.said == 1
        _hear(caller, LOUD, seconds=0.5)
        assert len(_hear(caller, SILENCE, seconds=2)) == 10
        assert caller.said == 2

    def test_speaks_anyway_when_out_of_patience(self):
        caller = Caller([WORDS], patience_s=3)

        assert _hear(caller, SILENCE, seconds=2.9) == []
        assert len(_hear(caller, SILENCE, seconds=1)) == 10

    def test_leaves_after_the_last_word_once_it_is_quiet(self):
        caller = Caller([], tail_s=1.0)

        _hear(caller, LOUD, seconds=2)
        assert not caller.wants_to_leave
        _hear(caller, SILENCE, seconds=0.6)
        assert caller.wants_to_leave

    def test_fills_its_last_frame_with_silence(self):
        caller = Caller([b"\x01\x10" * 10], takes_turns=False)

        assert len(caller.next_frame()) == FRAME_BYTES


class TestSplit:
    def test_cuts_a_script_at_its_long_silences(self):
        script = bytes(16_000) + WORDS + bytes(4_800) + WORDS + bytes(16_000) + WORDS

        assert [len(piece) for piece in split(script)] == [
            2 * len(WORDS) + 4_800,
            len(WORDS),
        ]
