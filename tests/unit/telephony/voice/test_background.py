from telephony.voice.background import Background


def after(*loudness: tuple[int, int]) -> Background:
    background = Background()
    for frames, value in loudness:
        for _ in range(frames):
            background.hear(value)
    return background


class TestBackground:
    def test_knows_no_silence_below_comfort_noise(self) -> None:
        assert after((100, 0)).quietest == 10.0

    def test_is_not_raised_by_a_word(self) -> None:
        background = after((100, 20), (15, 3_000))

        assert background.quietest < 21
        assert background.usual < 21

    def test_learns_a_noise_within_a_second(self) -> None:
        background = after((50, 20), (75, 800))

        assert round(background.quietest) == 800
        assert background.usual > 500

    def test_forgets_a_noise_within_a_second(self) -> None:
        assert after((100, 800), (10, 20)).quietest < 21
