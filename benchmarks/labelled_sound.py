"""Sound whose truth is known: words, murmurs and noises as a telephone carries them.

Words are spoken by espeak-ng in its child process, everything else is computed. A level
is that of the loudest 20 ms, in dB under full scale; speech on the public network lies
near -20. The onset is where 10 ms first come within 26 dB of the loudest.
"""

import json
import subprocess
import sys
from functools import cache
from typing import IO, Final, Self

import numpy as np
from numpy.typing import NDArray

from telephony.voice.adapters.ondevice.protocol import Kind, pack, read
from telephony.voice.pcm import FROM_G711, TO_G711

RATE: Final = 8_000
LEVELS_DB: Final = (-10, -20, -30)
ONSET_DB: Final = -26
Wave = NDArray[np.float64]

NASAL: Final = ((250, 60, 1.0), (1000, 150, 0.06), (2200, 200, 0.02))
VOWEL: Final = ((640, 80, 1.0), (1190, 100, 0.5), (2400, 150, 0.15))


class Mouth:
    """One espeak-ng child for a run; a context manager."""

    def __init__(self) -> None:
        module = "telephony.voice.adapters.ondevice.mouth_child"
        self._child = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._to, self._from = _pipes(self._child)
        read(self._from)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._to.close()
        self._from.close()
        self._child.wait()

    @cache  # noqa: B019 - lives as long as the run
    def say(self, text: str, voice: str, rate: int = 165, pitch: int = 50) -> Wave:
        """Return the words, or the sounds in ``[[ ]]``, as spoken to the telephone."""
        manner = {"voice": voice, "rate": rate, "pitch": pitch, "range": 50}
        order = json.dumps({"text": text, "phonemes": "[[" in text} | manner)
        self._to.write(pack(Kind.SAY, order.encode()))
        self._to.flush()
        pcm = b""
        while (message := read(self._from)) is not None and message.kind is Kind.SOUND:
            pcm += message.body
        if message is None or message.kind is not Kind.DONE:
            raise RuntimeError(f"espeak-ng would not speak as {voice!r}")
        return np.frombuffer(pcm, dtype="<i2") / 32_768


def _pipes(child: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child has no pipes")
    return child.stdin, child.stdout


def at_level(wave: Wave, level_db: float) -> Wave:
    """Scale so that the loudest 20 ms lie at `level_db`."""
    return wave / _loudness(wave, 160).max() * 10 ** (level_db / 20)


def onset_of(wave: Wave) -> int:
    """Return the first sample that is speech."""
    loudness = _loudness(wave, 80)
    return int(np.argmax(loudness > loudness.max() * 10 ** (ONSET_DB / 20)))


def end_of(wave: Wave) -> int:
    """Return the sample after the last that is speech."""
    return len(wave) - onset_of(wave[::-1])


def without_low(wave: Wave, below_hz: int = 250) -> Wave:
    """Return what a handset that cuts the bass leaves of it."""
    spectrum = np.fft.rfft(wave)
    ratio = (np.fft.rfftfreq(len(wave), 1 / RATE) / below_hz) ** 4
    return np.fft.irfft(spectrum * ratio / (1 + ratio), len(wave))


def over_the_telephone(wave: Wave) -> bytes:
    """Return the PCM that is left after mu-law and back."""
    pcm = np.clip(np.round(wave * 32_767), -32_768, 32_767).astype("<i2").tobytes()
    return FROM_G711["PCMU"](TO_G711["PCMU"](pcm, 2), 2)


def murmur(kind: str, chance: np.random.Generator) -> Wave:
    """Return ``mm``, ``mm-hm`` or ``uh-huh`` of some voice."""
    pitch = chance.choice([105, 125, 190, 220]) * chance.uniform(0.9, 1.1)
    shape = VOWEL if kind == "uh-huh" else NASAL
    if kind == "mm":
        return hum(chance.uniform(0.25, 0.5), pitch, pitch * 0.85, shape)
    first = hum(chance.uniform(0.10, 0.18), pitch * 0.95, pitch * 0.9, shape)
    second = hum(chance.uniform(0.15, 0.28), pitch * 0.95, pitch * 1.25, shape)
    breath = resonate(chance.normal(0, 0.15, 640), shape)
    breath *= _fade(640, rise_s=0.02, fall_s=0.02)
    return np.concatenate((first, breath, second))


def noise(kind: str, chance: np.random.Generator, seconds: float = 2.0) -> Wave:
    """Return a noise that is no voice: one of `NOISES` or `UNTAUGHT_NOISES`."""
    return (NOISES | UNTAUGHT_NOISES)[kind](chance, int(seconds * RATE))


def crowd(voices: list[Wave], chance: np.random.Generator, seconds: float) -> Wave:
    """Return six people talking at once."""
    count = int(seconds * RATE)
    sum_: Wave = np.zeros(count)
    for _ in range(6):
        picked = [voices[int(chance.integers(len(voices)))] for _ in range(4)]
        voice = np.roll(
            np.resize(np.concatenate(picked), count), chance.integers(count)
        )
        sum_ += voice / np.sqrt((voice**2).mean()) * chance.uniform(0.5, 1.0)
    return sum_


def _loudness(wave: Wave, over: int) -> Wave:
    return np.sqrt(np.maximum(np.convolve(wave**2, np.ones(over) / over, "same"), 0))


def _fade(count: int, *, rise_s: float = 0.03, fall_s: float = 0.06) -> Wave:
    time = np.arange(count) / RATE
    return np.minimum(1, time / rise_s) * np.minimum(1, time[::-1] / fall_s)


def _buzz(pitch: Wave) -> Wave:
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    parts = [np.sin(k * phase) / k**1.1 * (k * pitch < 3_800) for k in range(1, 30)]
    return np.sum(parts, axis=0)


def resonate(wave: Wave, formants: tuple[tuple[int, int, float], ...]) -> Wave:
    hz = np.fft.rfftfreq(len(wave), 1 / RATE)
    gain = sum(g * f * w / (f**2 - hz**2 + 1j * hz * w) for f, w, g in formants)
    return np.fft.irfft(np.fft.rfft(wave) * gain, len(wave))


def hum(
    seconds: float, start: float, end: float, shape: tuple[tuple[int, int, float], ...]
) -> Wave:
    count = int(seconds * RATE)
    return resonate(_buzz(np.linspace(start, end, count)), shape) * _fade(count)


def band(chance: np.random.Generator, count: int, low: int, tilt: float) -> Wave:
    hz = np.fft.rfftfreq(count, 1 / RATE) + 1
    spectrum = np.fft.rfft(chance.normal(0, 1, count)) * (hz / 1000) ** tilt
    spectrum[(hz < low) | (hz > 3_600)] = 0
    return np.fft.irfft(spectrum, count)


def _white(chance: np.random.Generator, count: int) -> Wave:
    return chance.normal(0, 1, count)


def _pink(chance: np.random.Generator, count: int) -> Wave:
    return band(chance, count, 60, -0.5)


def _line_hum(chance: np.random.Generator, count: int) -> Wave:
    turns = 2 * np.pi * chance.choice([50, 60]) * np.arange(count) / RATE
    parts = ((1, 1.0), (2, 0.5), (3, 0.6), (5, 0.3), (7, 0.15))
    waves = [a * np.sin(k * turns + chance.uniform(0, 6)) for k, a in parts]
    return np.sum(waves, axis=0) + chance.normal(0, 0.01, count)


def _clicks(chance: np.random.Generator, count: int) -> Wave:
    wave = np.zeros(count)
    time = np.arange(240) / RATE
    for place in chance.integers(0, count - 240, int(chance.integers(6, 16))):
        ring = np.sin(2 * np.pi * chance.uniform(800, 3_000) * time)
        click = np.exp(-time / chance.uniform(0.001, 0.005))
        wave[place : place + 240] += (
            chance.uniform(0.3, 1) * click * (ring + chance.normal(0, 1, 240))
        )
    return wave


def _knocks(chance: np.random.Generator, count: int) -> Wave:
    wave = np.zeros(count)
    time = np.arange(800) / RATE
    for place in (2_000, 3_600, 5_200):
        ring = np.sin(2 * np.pi * chance.uniform(120, 300) * time)
        wave[place : place + 800] += np.exp(-time / 0.015) * ring
    return wave


def _breaths(chance: np.random.Generator, count: int) -> Wave:
    shape = np.zeros(count)
    for place in (1_000, 8_000):
        length = int(chance.uniform(0.3, 0.7) * RATE)
        shape[place : place + length] = np.sin(np.linspace(0, np.pi, length)) ** 2
    return band(chance, count, 200, -0.3) * shape


def _coughs(chance: np.random.Generator, count: int) -> Wave:
    wave = np.zeros(count)
    for place in (int(chance.integers(500, 2_500)), int(chance.integers(6_000, 9_000))):
        burst = decay(band(chance, int(chance.integers(320, 640)), 300, 0.2), 1.5)
        count_tail = int(chance.integers(640, 1_600))
        pitch = np.linspace(1.2, 0.8, count_tail) * chance.uniform(150, 300)
        throat = resonate(_buzz(pitch), ((700, 150, 1.0), (1300, 200, 0.6)))
        tail = decay(0.3 * throat + 0.6 * band(chance, count_tail, 300, 0.0), 3.0)
        cough = np.concatenate((burst, 0.5 * tail))
        wave[place : place + len(cough)] += cough
    return wave


def _music(chance: np.random.Generator, count: int) -> Wave:
    wave = np.zeros(count)
    for place in range(0, count - 2_000, 2_000):
        pitch = 220 * 2 ** (chance.integers(0, 20) / 12)
        chord = [_buzz(np.full(2_000, pitch * by)) for by in (1, 1.26, 1.5)]
        wave[place : place + 2_000] += decay(np.sum(chord, axis=0), 4.0)
    return wave


def _barks(chance: np.random.Generator, count: int) -> Wave:
    wave = np.zeros(count)
    for place in range(500, count - 1_500, int(chance.integers(2_500, 5_000))):
        pitch = np.linspace(1.3, 0.7, 1_200) * chance.uniform(300, 600)
        throat = resonate(_buzz(pitch), ((900, 200, 1.0), (1800, 300, 0.5)))
        rough = throat / np.abs(throat).max() + 0.3 * chance.normal(0, 1, 1_200)
        wave[place : place + 1_200] += rough * _fade(1_200)
    return wave


def _siren(chance: np.random.Generator, count: int) -> Wave:
    turns = 2 * np.pi * chance.uniform(0.5, 4) * np.arange(count) / RATE
    return _buzz(900 + 300 * np.sin(turns + chance.uniform(0, 6)))


def decay(wave: Wave, by: float) -> Wave:
    faded = wave * np.exp(-np.linspace(0, by, len(wave)))
    return faded / np.abs(faded).max()


NOISES: Final = {
    "white": _white,
    "pink": _pink,
    "line hum": _line_hum,
    "keyboard": _clicks,
    "knocking": _knocks,
    "breath": _breaths,
    "cough": _coughs,
}
# Judged, and in no lesson of `benchmarks.barge_in_lessons`.
UNTAUGHT_NOISES: Final = {"music": _music, "bark": _barks, "siren": _siren}
