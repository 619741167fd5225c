"""What lies between a mouth and us: another throat, a handset, a room.

Lessons only: what is taught in many voices is not taught by heart.
"""

import numpy as np

from benchmarks.labelled_sound import RATE, Wave


def other_throat(wave: Wave, chance: np.random.Generator) -> Wave:
    """Return it spoken by a longer or shorter throat, and faster for the shorter."""
    by = chance.uniform(0.85, 1.2)
    return np.interp(np.arange(0, len(wave) - 1, by), np.arange(len(wave)), wave)


def coloured(wave: Wave, chance: np.random.Generator) -> Wave:
    """Return it through a microphone that prefers some heights, by 4 dB or so."""
    hz = np.fft.rfftfreq(len(wave), 1 / RATE)
    octaves = np.log2((hz + 100) / 100) / 5.3 * np.pi
    ripples = [
        chance.normal(0, 4) / np.sqrt(k) * np.cos(k * octaves) for k in range(1, 5)
    ]
    gain = 10 ** (np.sum(ripples, axis=0) / 20)
    return np.fft.irfft(np.fft.rfft(wave) * gain, len(wave))


def in_a_room(wave: Wave, chance: np.random.Generator) -> Wave:
    """Return it with what the walls send back, 6 to 20 dB below it."""
    count = int(chance.uniform(0.05, 0.25) * RATE)
    walls = chance.normal(0, 1, count) * np.exp(-np.linspace(0, 5, count))
    walls[: int(chance.uniform(0.003, 0.015) * RATE)] = 0
    walls *= 10 ** (chance.uniform(-20, -6) / 20) / np.sqrt((walls**2).sum())
    walls[0] = 1
    long = 1 << (len(wave) + count).bit_length()
    whole = np.fft.irfft(np.fft.rfft(wave, long) * np.fft.rfft(walls, long), long)
    return whole[: len(wave) + count]


def altered(wave: Wave, chance: np.random.Generator) -> Wave:
    """Return it by some of these ways."""
    if chance.integers(2):
        wave = other_throat(wave, chance)
    if chance.integers(2):
        wave = coloured(wave, chance)
    return wave if chance.integers(3) else in_a_room(wave, chance)
