from recordings.wave import Gap, draw_wave, place


class TestDrawWave:
    def test_puts_the_caller_above_and_the_receptionist_below(self):
        wave = draw_wave([[100, 0], [0, 50]])

        caller, agent = wave.bars
        assert (caller.who, caller.x, caller.y, caller.height) == (
            "person",
            "0.00%",
            4,
            53,
        )
        assert (agent.who, agent.x, agent.y, agent.height) == (
            "machine",
            "50.00%",
            61,
            26,
        )

    def test_joins_gaps_that_touch(self):
        wave = draw_wave([None, None, [9, 9], None])

        assert wave.gaps == [Gap("0.00%", "50.00%"), Gap("75.00%", "25.00%")]

    def test_draws_no_bar_for_silence(self):
        assert draw_wave([[0, 2]]).bars == []

    def test_draws_nothing_of_nothing(self):
        assert draw_wave([]).bars == []
        assert draw_wave([]).gaps == []


class TestPlace:
    def test_is_a_share_of_the_width_and_never_beyond_it(self):
        assert place(15_000, 60_000) == "25.00%"
        assert place(70_000, 60_000) == "100.00%"
        assert place(10, 0) == "0.00%"
