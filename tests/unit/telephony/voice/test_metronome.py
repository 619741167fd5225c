from telephony.voice.metronome import Metronome


class TestMetronome:
    async def test_goes_on_for_the_others_when_one_listener_fails(self):
        heard: list[str] = []

        def fail() -> None:
            raise ValueError

        metronome = Metronome()
        metronome.join(fail)
        metronome.join(lambda: heard.append("call"))
        metronome.start(last=lambda: heard.append("last"))
        metronome._beat()
        metronome._beat()
        metronome.stop()

        assert heard == ["call", "last", "call", "last"]
