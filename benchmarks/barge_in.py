"""How soon we notice that a caller speaks over us, and how often we are wrong.

``python -m benchmarks.barge_in`` prints a table and then the same as JSON. Latency is
from the labelled onset to the end of the 20 ms frame in which we decide, with the
neural detector flushed once a frame as the process's tick does. None of the sound was
taught (`benchmarks.teach_barge_in`); what was looked at and what never are told apart.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.labelled_sound import (
    LEVELS_DB,
    NOISES,
    RATE,
    UNTAUGHT_NOISES,
    Mouth,
    Wave,
    at_level,
    crowd,
    end_of,
    murmur,
    noise,
    onset_of,
    over_the_telephone,
    without_low,
)
from benchmarks.phrases import SEEN_WORDS, SENTENCES, TUNED_WORDS, UNSEEN_WORDS
from telephony.voice.adapters.silero import SharedSilero
from telephony.voice.frames import (
    FRAME_BYTES,
    FRAME_MS,
    Audio,
    BargeIn,
    Frame,
    SpeechStarted,
    SpeechStopped,
)
from telephony.voice.stages.detect_speech import DetectSpeech

MURMURS: Final = ("mm", "mm-hm", "uh-huh")
SPOKEN_MURMURS: Final = {"mm": "[[m-:]]", "mm-hm": "[[m-h'm-]]", "uh-huh": "uh-huh"}
MURMURING_VOICES: Final = ("en-us", "en+f3", "en-us+m2", "en-us+f4", "en-us+m4")
UNTAUGHT_TIMES: Final = 4
AGENT_SPEAKS_FROM_MS: Final = 2_000


@dataclass
class Case:
    """One call: its sound, its truth, and what was noticed (each with when)."""

    group: str
    pcm: bytes
    onset_ms: float = 0.0
    end_ms: float = 0.0
    noticed: list[tuple[Frame, int]] = field(default_factory=list)

    def first(self, kind: type) -> int | None:
        """Return when a frame of this kind was first emitted."""
        return next((at for frame, at in self.noticed if isinstance(frame, kind)), None)


def listen(cases: Sequence[Case], *, pause_ms: int = 700) -> None:
    """Play all calls side by side through the stage."""
    shared = SharedSilero()
    stages = [DetectSpeech(shared.open(), pause_ms=pause_ms) for _ in cases]
    for start in range(0, max(len(case.pcm) for case in cases), FRAME_BYTES):
        at_ms = start // FRAME_BYTES * FRAME_MS
        for case, stage in zip(cases, stages, strict=True):
            pcm = case.pcm[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
            stage.agent_is_speaking = at_ms >= AGENT_SPEAKS_FROM_MS
            stage.handle(
                Audio(pcm=pcm, at_ms=at_ms),
                lambda frame, case=case, at=at_ms + FRAME_MS: (
                    None if type(frame) is Audio else case.noticed.append((frame, at))
                ),
            )
        shared.flush()


def heard(
    group: str,
    wave: Wave,
    chance: np.random.Generator,
    *,
    level_db: int,
    lead_s: float = 2.1,
) -> Case:
    """Return the call in which this sound comes `lead_s` after a quiet beginning."""
    if chance.integers(2):
        wave = without_low(wave)
    wave = at_level(wave, level_db)
    lead = int(lead_s * RATE) + int(chance.integers(160))
    line = np.concatenate((np.zeros(lead), wave, np.zeros(RATE)))
    floor_db = (None, -70, -60)[int(chance.integers(3))]
    if floor_db is not None:
        line += chance.normal(0, 10 ** (floor_db / 20), len(line))
    onset, end = lead + onset_of(wave), lead + end_of(wave)
    return Case(group, over_the_telephone(line), onset / 8, end / 8)


def spoken(mouth: Mouth, words: dict[tuple[str, ...], str]) -> Iterator[Wave]:
    """Yield each phrase in each voice."""
    for voices, phrases in words.items():
        for voice in voices:
            for phrase in phrases.split("|"):
                yield mouth.say(phrase, voice)


def build(mouth: Mouth, *, times: int) -> list[Case]:
    """Return the labelled calls: words, murmurs, noises, sentences."""
    chance = np.random.default_rng(20)
    cases = []
    groups = {"tuned": TUNED_WORDS, "seen": SEEN_WORDS, "unseen": UNSEEN_WORDS}
    for group, words in groups.items():
        for wave in spoken(mouth, words):
            cases += [
                heard(f"word {group}", wave, chance, level_db=level)
                for level in LEVELS_DB
            ]
    voices = list(spoken(mouth, TUNED_WORDS))
    other = np.random.default_rng(22)
    for level in LEVELS_DB:
        for _ in range(times):
            cases += _unwanted(voices, chance, level)
        cases += _others(mouth, other, level)
    return cases


def _others(mouth: Mouth, chance: np.random.Generator, level: int) -> Iterator[Case]:
    """Yield murmurs from the same mouths as the words, and noises never taught."""
    for kind, text in SPOKEN_MURMURS.items():
        for voice in MURMURING_VOICES:
            wave, group = mouth.say(text, voice), f"murmur {kind} (espeak)"
            yield heard(group, wave, chance, level_db=level)
    for kind in UNTAUGHT_NOISES:
        for _ in range(UNTAUGHT_TIMES):
            wave, group = noise(kind, chance), f"noise {kind} (never taught)"
            yield heard(group, wave, chance, level_db=level)


def _unwanted(
    voices: list[Wave], chance: np.random.Generator, level: int
) -> list[Case]:
    cases = [
        heard(f"murmur {kind}", murmur(kind, chance), chance, level_db=level)
        for kind in MURMURS
    ]
    for kind in NOISES:
        wave = noise(kind, chance)
        cases.append(heard(f"noise {kind}", wave, chance, level_db=level))
    room = crowd(voices, chance, 4.0)
    cases.append(heard("noise crowd behind", room, chance, level_db=level, lead_s=0))
    at_once = crowd(voices, chance, 2.0)
    cases.append(heard("beyond: crowd at once", at_once, chance, level_db=level))
    return cases


def sentences(mouth: Mouth) -> list[Case]:
    """Return twenty utterances with the pauses people make at a comma."""
    chance = np.random.default_rng(21)
    voices = ("en-us", "en+f3", "en-us+f2", "en")
    return [
        heard("sentence", mouth.say(text, voice, 150), chance, level_db=-20, lead_s=1.0)
        for text in SENTENCES
        for voice in voices
    ]


def percentile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that at least this part (0 to 100) do not exceed."""
    return round(float(np.percentile(values, part, method="inverted_cdf")), 1)


def judge_words(cases: Sequence[Case]) -> dict[str, float]:
    """Return how soon words were taken for what they are; never counts as endless."""
    late = [
        (at if (at := case.first(BargeIn)) is not None else float("inf"))
        - case.onset_ms
        for case in cases
    ]
    return {
        "calls": len(cases),
        "p50_ms": percentile(late, 50),
        "p95_ms": percentile(late, 95),
        "p99_ms": percentile(late, 99),
        "over_300_ms": sum(ms > 300 for ms in late),
    }


def judge_others(cases: Sequence[Case]) -> dict[str, float]:
    """Return how often we fell silent for nothing."""
    false = sum(case.first(BargeIn) is not None for case in cases)
    return {
        "calls": len(cases),
        "false": false,
        "false_percent": round(100 * false / len(cases), 1),
    }


def judge_sentences(cases: Sequence[Case]) -> dict[str, float]:
    """Return how soon starts and stops were noticed, and what was split."""
    starts = [(case.first(SpeechStarted) or 0) - case.onset_ms for case in cases]
    stops = [[f for f, _ in c.noticed if isinstance(f, SpeechStopped)] for c in cases]
    lasts = [
        stop[-1].at_ms - case.end_ms for case, stop in zip(cases, stops, strict=True)
    ]
    return {
        "calls": len(cases),
        "start_p50_ms": percentile(starts, 50),
        "start_p99_ms": percentile(starts, 99),
        "end_p50_ms": percentile(lasts, 50),
        "end_p99_ms": percentile(lasts, 99),
        "split": sum(len(stop) > 1 for stop in stops),
    }


def measure(*, times: int = 12) -> dict[str, dict[str, float]]:
    """Return the figures of every group, and of words, murmurs and noises together."""
    with Mouth() as mouth:
        cases, whole = build(mouth, times=times), sentences(mouth)
    listen(cases)
    listen(whole)
    figures = {"end of speech": judge_sentences(whole)}
    for name in sorted({case.group for case in cases}):
        figures[name] = _judge([case for case in cases if case.group == name])
    for kind in ("word", "murmur", "noise"):
        figures[f"all {kind}s"] = _judge([c for c in cases if c.group.startswith(kind)])
    return figures


def _judge(cases: Sequence[Case]) -> dict[str, float]:
    is_word = cases[0].group.startswith("word")
    return judge_words(cases) if is_word else judge_others(cases)


def main() -> None:
    """Print the figures."""
    figures = measure()
    for name, row in figures.items():
        print(
            f"{name:<26}", "  ".join(f"{key} {value:g}" for key, value in row.items())
        )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
