from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.frames import Digit, Encoded, Frame
from telephony.voice.stages.reorder import MOST_AHEAD, Reorder

WINDOW_FRAMES = 3


def frame(chunk: int) -> Encoded:
    return Encoded(payload=b"\xff" * 160, chunk=chunk, at_ms=0)


def chunks_after(reorder: Reorder, chunks: list[int]) -> list[int]:
    out: list[Frame] = []
    for chunk in chunks:
        reorder.handle(frame(chunk), out.append)
    return [encoded.chunk for encoded in out if isinstance(encoded, Encoded)]


class TestReorder:
    def test_lets_frames_in_order_pass(self) -> None:
        assert chunks_after(Reorder(), [1, 2, 3]) == [1, 2, 3]

    def test_swaps_two_that_came_the_wrong_way_round(self) -> None:
        assert chunks_after(Reorder(), [1, 3, 2, 4]) == [1, 2, 3, 4]

    def test_waits_for_sixty_milliseconds_of_later_sound_and_no_longer(self) -> None:
        reorder = Reorder(window_ms=60)

        assert chunks_after(reorder, [1, 3, 4, 5]) == [1]
        assert chunks_after(reorder, [6]) == [3, 4, 5, 6]
        assert reorder.missing == 1

    def test_drops_and_counts_what_comes_after_its_place_was_given_up(self) -> None:
        reorder = Reorder(window_ms=60)

        assert chunks_after(reorder, [1, 3, 4, 5, 6, 2, 7]) == [1, 3, 4, 5, 6, 7]
        assert reorder.late == 1

    def test_drops_and_counts_duplicates_waiting_and_gone(self) -> None:
        reorder = Reorder()

        assert chunks_after(reorder, [1, 1, 3, 3, 2]) == [1, 2, 3]
        assert (reorder.late, reorder.duplicate) == (1, 1)

    def test_goes_on_after_a_gap_longer_than_the_window(self) -> None:
        reorder = Reorder(window_ms=60)

        assert chunks_after(reorder, [1, 300, 301, 302, 303]) == [1, 300, 301, 302, 303]
        assert reorder.missing == 298

    def test_is_not_made_deaf_by_numbers_that_cannot_be_true(self) -> None:
        reorder = Reorder()

        assert chunks_after(reorder, [1, 10**18, -5, 2 + MOST_AHEAD + 1, 2]) == [1, 2]
        assert (reorder.wild, reorder.late) == (2, 1)

    def test_lets_other_frames_pass_at_once(self) -> None:
        out: list[Frame] = []
        reorder = Reorder()
        reorder.handle(frame(2), out.append)

        reorder.handle(Digit(digit="1", at_ms=0), out.append)

        assert out == [Digit(digit="1", at_ms=0)]

    def test_gives_out_what_waits_when_flushed(self) -> None:
        out: list[Frame] = []
        reorder = Reorder()
        for chunk in (5, 3):
            reorder.handle(frame(chunk), out.append)

        reorder.flush(out.append)

        assert out == [frame(3), frame(5)]
        assert reorder.missing == 3

    @given(st.lists(st.integers(-10, 60) | st.integers()))
    def test_emits_rising_numbers_and_holds_no_more_than_the_window(
        self, chunks: list[int]
    ) -> None:
        reorder = Reorder(window_ms=60)
        out: list[Frame] = []

        for chunk in chunks:
            reorder.handle(frame(chunk), out.append)
            assert len(reorder._held) <= WINDOW_FRAMES
        reorder.flush(out.append)

        emitted = [encoded.chunk for encoded in out if isinstance(encoded, Encoded)]
        assert emitted == sorted(set(emitted))
        lost = reorder.late + reorder.duplicate + reorder.wild
        assert len(emitted) + lost == len(chunks)

    @given(st.permutations(range(1, 5)))
    def test_loses_nothing_that_comes_within_the_window(self, order: list[int]) -> None:
        assert chunks_after(Reorder(window_ms=60), order) == [1, 2, 3, 4]
