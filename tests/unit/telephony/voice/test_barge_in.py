import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.barge_in import (
    MURMURS,
    Case,
    heard,
    judge_others,
    judge_sentences,
    judge_words,
    listen,
    sentences,
    spoken,
)
from benchmarks.barge_in_lessons import PHRASES, VOICES
from benchmarks.labelled_sound import (
    LEVELS_DB,
    NOISES,
    Mouth,
    at_level,
    crowd,
    murmur,
    noise,
    over_the_telephone,
)
from benchmarks.phrases import SEEN_WORDS, TUNED_WORDS, UNSEEN_WORDS
from telephony.voice.background import Background
from telephony.voice.barge_in import BargeInJudge
from telephony.voice.pcm import root_mean_square

WORDS = {
    ("en-us", "en+f3"): "wait a moment|stop please|can i speak to someone|on monday",
    ("de",): "nein das stimmt nicht|ich habe eine frage",
    ("fr",): "attendez|je voudrais annuler",
}


@pytest.fixture(scope="module")
def mouth():
    with Mouth() as mouth:
        yield mouth


class TestBargeIn:
    def test_notices_words_within_a_quarter_second_or_so(self, mouth: Mouth) -> None:
        chance = np.random.default_rng(1)
        cases = [
            heard("word", wave, chance, level_db=level)
            for wave in spoken(mouth, WORDS)
            for level in LEVELS_DB
        ]

        listen(cases)

        figures = judge_words(cases)
        assert figures["calls"] == 36
        assert figures["over_300_ms"] == 0
        assert figures["p50_ms"] <= 220

    def test_is_told_to_go_on_by_mm_hm_and_uh_huh(self) -> None:
        chance = np.random.default_rng(2)
        cases = [
            heard(kind, murmur(kind, chance), chance, level_db=level)
            for kind in MURMURS
            for level in LEVELS_DB
            for _ in range(4)
        ]

        listen(cases)

        assert judge_others(cases) == {"calls": 36, "false": 0, "false_percent": 0.0}

    def test_is_not_stopped_by_noise(self, mouth: Mouth) -> None:
        chance = np.random.default_rng(3)
        room = crowd(list(spoken(mouth, WORDS)), chance, 4.0)
        cases = [
            heard("crowd", room, chance, level_db=db, lead_s=0) for db in LEVELS_DB
        ]
        cases += [
            heard(kind, noise(kind, chance), chance, level_db=level)
            for kind in NOISES
            for level in LEVELS_DB
        ]

        listen(cases)

        assert judge_others(cases) == {"calls": 24, "false": 0, "false_percent": 0.0}

    def test_keeps_sentences_whole_and_notices_their_ends(self, mouth: Mouth) -> None:
        cases = sentences(mouth)

        listen(cases)

        figures = judge_sentences(cases)
        assert figures["calls"] == 20
        assert figures["split"] == 0
        assert figures["start_p99_ms"] <= 140
        assert figures["end_p99_ms"] <= 160

    def test_counts_a_word_that_was_never_noticed_as_endless(self) -> None:
        case = Case("word", b"", onset_ms=100.0)

        assert judge_words([case])["p99_ms"] == float("inf")


class TestLessons:
    def test_teach_no_phrase_and_no_voice_that_is_judged(self) -> None:
        judged = TUNED_WORDS | SEEN_WORDS | UNSEEN_WORDS
        phrases = {one for row in judged.values() for one in row.split("|")}
        voices = {voice for row in judged for voice in row}

        assert len(phrases) > 100
        assert phrases.isdisjoint(PHRASES)
        assert voices.isdisjoint(VOICES)


class TestBargeInJudge:
    def test_forgets_what_it_heard(self, mouth: Mouth) -> None:
        judge = BargeInJudge()
        pcm = over_the_telephone(at_level(mouth.say("on monday", "de"), -20))
        frames = [pcm[at : at + 320] for at in range(0, len(pcm) - 320, 320)]

        def weigh() -> list[bool]:
            judge.begin()
            return [
                judge.weigh(
                    frame, loudness=900, probability=0.9, background=Background()
                )
                for frame in frames
            ]

        first = weigh()
        assert True in first
        assert weigh() == first

    def test_waits_for_the_detector_to_think_of_a_voice(self, mouth: Mouth) -> None:
        judge = BargeInJudge()
        pcm = over_the_telephone(at_level(mouth.say("on monday", "de"), -20))

        for at in range(0, len(pcm) - 320, 320):
            assert not judge.weigh(
                pcm[at : at + 320],
                loudness=900,
                probability=0.1,
                background=Background(),
            )

    def test_makes_nothing_of_digital_silence(self) -> None:
        judge = BargeInJudge()

        for _ in range(60):
            assert not judge.weigh(
                b"\0" * 320, loudness=0, probability=0.9, background=Background()
            )

    @given(st.lists(st.tuples(st.binary(min_size=320, max_size=320), st.booleans())))
    def test_survives_any_sound(self, frames: list[tuple[bytes, bool]]) -> None:
        judge, background = BargeInJudge(), Background()

        for pcm, is_loud in frames:
            loudness = root_mean_square(pcm, 2) if is_loud else 0
            background.hear(loudness)
            judge.weigh(
                pcm if is_loud else bytes(320),
                loudness=loudness,
                probability=0.9,
                background=background,
            )
