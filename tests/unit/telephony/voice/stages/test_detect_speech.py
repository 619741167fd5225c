import numpy as np

from telephony.voice.barge_in import BargeInJudge
from telephony.voice.frames import (
    Audio,
    BargeIn,
    Digit,
    Frame,
    SpeechStarted,
    SpeechStopped,
)
from telephony.voice.stages.detect_speech import DetectSpeech

SILENCE = b"\0" * 320


def vowel(at_ms: int) -> bytes:
    """20 ms of "ah": a pitch of 125 Hz through formants at 700 and 1 200 Hz."""
    time = (np.arange(160) + at_ms * 8) / 8_000
    wave = np.zeros(160)
    for harmonic in range(1, 28):
        hz = 125 * harmonic
        gain = 1 / (1 + ((hz - 700) / 120) ** 2) + 0.6 / (1 + ((hz - 1_200) / 150) ** 2)
        wave += (gain + 0.02) * np.sin(2 * np.pi * hz * time)
    return (wave * 4_000).astype("<i2").tobytes()


class ScriptedActivity:
    """Says what it is told to, and counts what it is fed."""

    def __init__(self) -> None:
        self.probability = 0.0
        self.fed = 0
        self.rests = 0
        self.is_closed = False

    def feed(self, pcm: bytes) -> None:
        self.fed += 1

    def rest(self) -> None:
        self.rests += 1
        self.probability = 0.0

    def close(self) -> None:
        self.is_closed = True


class ScriptedJudge(BargeInJudge):
    """Is sure from the so manieth sound on."""

    def __init__(self, *, sure_from: int) -> None:
        super().__init__()
        self.left = sure_from

    def weigh(self, pcm: bytes, **_: object) -> bool:
        self.left -= 1
        return self.left <= 0


class Call:
    """One call from 0 ms on."""

    def __init__(
        self, *, pause_ms: int = 700, judge: BargeInJudge | None = None
    ) -> None:
        self.activity = ScriptedActivity()
        self.detect = DetectSpeech(self.activity, pause_ms=pause_ms, judge=judge)
        self.at_ms = 0

    def hear(self, ms: int, *, probability: float, is_loud: bool) -> list[Frame]:
        out: list[Frame] = []
        for _ in range(ms // 20):
            self.activity.probability = probability
            pcm = vowel(self.at_ms) if is_loud else SILENCE
            self.detect.handle(Audio(pcm=pcm, at_ms=self.at_ms), out.append)
            self.at_ms += 20
        return [frame for frame in out if not isinstance(frame, Audio)]


class TestDetectSpeech:
    def test_passes_every_frame_on_before_what_it_tells(self) -> None:
        call = Call()
        out: list[Frame] = []
        call.activity.probability = 1.0
        audio = Audio(pcm=vowel(0), at_ms=0)

        call.detect.handle(audio, out.append)
        call.detect.handle(Digit(digit="5", at_ms=1), out.append)

        assert out == [audio, SpeechStarted(at_ms=0), Digit(digit="5", at_ms=1)]

    def test_keeps_silence_from_the_detector(self) -> None:
        call = Call()

        assert call.hear(2_000, probability=0.0, is_loud=False) == []
        assert call.activity.fed == 0

    def test_gives_the_detector_what_came_just_before(self) -> None:
        call = Call()
        call.hear(200, probability=0.0, is_loud=False)

        call.hear(20, probability=0.0, is_loud=True)

        assert call.activity.fed == 3

    def test_dates_the_start_back_to_the_first_sound(self) -> None:
        call = Call()
        call.hear(1_000, probability=0.0, is_loud=False)
        call.hear(80, probability=0.1, is_loud=True)

        assert call.hear(20, probability=0.9, is_loud=True) == [
            SpeechStarted(at_ms=1_000)
        ]

    def test_does_not_date_it_back_into_noise_that_came_long_before(self) -> None:
        call = Call()
        call.hear(1_000, probability=0.1, is_loud=True)

        assert call.hear(20, probability=0.9, is_loud=True) == [
            SpeechStarted(at_ms=860)
        ]

    def test_stops_after_the_pause_at_the_last_speech(self) -> None:
        call = Call(pause_ms=700)
        call.hear(500, probability=0.9, is_loud=True)

        assert call.hear(680, probability=0.0, is_loud=False) == []
        assert call.hear(20, probability=0.0, is_loud=False) == [
            SpeechStopped(at_ms=500, decided_at_ms=1_200)
        ]

    def test_heeds_a_pause_changed_during_the_call(self) -> None:
        call = Call(pause_ms=700)
        call.hear(500, probability=0.9, is_loud=True)
        call.detect.pause_ms = 300

        assert call.hear(300, probability=0.0, is_loud=False) == [
            SpeechStopped(at_ms=500, decided_at_ms=800)
        ]

    def test_does_not_split_at_a_pause_that_is_too_short(self) -> None:
        call = Call(pause_ms=700)
        call.hear(500, probability=0.9, is_loud=True)
        call.hear(600, probability=0.0, is_loud=False)

        assert call.hear(500, probability=0.9, is_loud=True) == []

    def test_lets_the_detector_rest_after_a_while_of_silence(self) -> None:
        call = Call()
        call.hear(100, probability=0.9, is_loud=True)

        call.hear(200, probability=0.9, is_loud=False)
        assert call.activity.rests == 0
        call.hear(400, probability=0.9, is_loud=False)
        assert call.activity.rests == 1

    def test_takes_loud_sound_that_is_no_voice_for_no_speech(self) -> None:
        call = Call()

        assert call.hear(3_000, probability=0.3, is_loud=True) == []

    def test_notices_a_caller_who_speaks_over_us_once(self) -> None:
        call = Call(judge=ScriptedJudge(sure_from=10))
        call.detect.agent_is_speaking = True
        call.hear(1_000, probability=0.0, is_loud=False)

        told = call.hear(600, probability=0.9, is_loud=True)

        assert told == [SpeechStarted(at_ms=1_000), BargeIn(at_ms=1_200)]

    def test_takes_who_takes_the_turn_for_a_speaker_before_the_detector(self) -> None:
        call = Call(judge=ScriptedJudge(sure_from=5))
        call.detect.agent_is_speaking = True
        call.hear(2_000, probability=0.0, is_loud=False)

        told = call.hear(200, probability=0.3, is_loud=True)
        later = call.hear(800, probability=0.3, is_loud=False)

        assert told == [SpeechStarted(at_ms=2_000), BargeIn(at_ms=2_100)]
        assert later == [SpeechStopped(at_ms=2_100, decided_at_ms=2_800)]

    def test_has_nobody_to_speak_over_while_we_are_silent(self) -> None:
        call = Call()

        assert call.hear(600, probability=0.9, is_loud=True) == [SpeechStarted(at_ms=0)]

    def test_gives_its_detector_back(self) -> None:
        call = Call()

        call.detect.close()

        assert call.activity.is_closed
