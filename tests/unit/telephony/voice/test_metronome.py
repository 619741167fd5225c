from telephony.voice.metronome import Metronome


class TestMetronome:
    async def test_goes_on_for_the_others_when_one_listener_fails(self):
        heard: list[str] = []
        failures: list[Exception] = []
        error = ValueError()

        def fail() -> None:
            raise error

        metronome = Metronome()
        metronome.join(fail, failed=failures.append)
        metronome.join(lambda: heard.append("call"), failed=failures.append)
        metronome.start(last=lambda: heard.append("last"))
        metronome._beat()
        metronome._beat()
        metronome.stop()

        assert heard == ["call", "last", "call", "last"]
        assert failures == [error]
