"""Learn the front end's matrix anew: ``python -m …learn_front_end CACHE_DIR``.

Synthetic voices say sentences of the script; the recogniser's own front end makes the
cepstra of the wide sound, `FrontEnd` the bands of the same sound through µ-law at
8 kHz, and ridge regression finds what leads from one to the other. Takes about two
minutes and writes ``front_end.csv`` beside this file. Nothing runs this but people.
"""

import asyncio
import json
import random
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
from pocketsphinx import Config, Decoder, get_model_path

from telephony.voice.adapters.ondevice.child import Child
from telephony.voice.adapters.ondevice.english.states import STATE_RULES
from telephony.voice.adapters.ondevice.front_end import CEPSTRA, Floats, FrontEnd
from telephony.voice.adapters.ondevice.models import GUARD, build_models
from telephony.voice.adapters.ondevice.protocol import Kind
from telephony.voice.adapters.ondevice.resample import Resampler
from telephony.voice.adapters.ondevice.rules import Grammar
from telephony.voice.adapters.ondevice.voting import spoken_words

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

# en-us+m7, en+f3 and en+m1 are left out: they are what we test with.
_VOICES: Final = (
    "en-us", "en-us+m1", "en-us+m2", "en-us+m3", "en-us+m4", "en-us+m5", "en-us+m6",
    "en-us+f1", "en-us+f2", "en-us+f4", "en-us+f5", "en", "en+m3", "en+m4", "en+f1",
    "en+f2", "en+f4",
)  # fmt: skip
_SENTENCES: Final = 20
_STATES: Final = (
    "intent", "when", "offer", "name", "phone", "phone", "message", "closing", GUARD,
)  # fmt: skip
_WIDE_HZ: Final = 16_000
_QUIET_LSB: Final = 60.0
_RIDGE: Final = 10.0


async def _wide_sound(
    mouth: Child, text: str, chance: random.Random, voice: str
) -> Floats:
    order = {
        "text": text,
        "voice": voice,
        "rate": chance.choice((130, 150, 170)),
        "pitch": chance.choice((35, 50, 60)),
        "range": 50,
        "hz": _WIDE_HZ,
    }
    mouth.send(Kind.SAY, json.dumps(order).encode())
    sound = bytearray()
    while (message := await mouth.receive()).kind is not Kind.DONE:
        sound += message.body
    samples = np.frombuffer(bytes(sound), dtype="<i2") * chance.choice(
        (0.25, 0.5, 0.8, 1)
    )
    return np.concatenate((np.zeros(3_200), samples, np.zeros(4_800)))


def _telephone(wide: Floats) -> bytes:
    down = Resampler(from_hz=_WIDE_HZ, to_hz=8_000)
    pcm = down.feed(_pcm(wide)) + down.finish()
    return audioop.ulaw2lin(audioop.lin2ulaw(pcm, 2), 2)


def _pcm(samples: Floats) -> bytes:
    return np.clip(np.rint(samples), -32_768, 32_767).astype("<i2").tobytes()


class _WideFrontEnd:
    """The recogniser's own front end, read from the log it can keep of its features."""

    def __init__(self, folder: Path, dictionary: Path, trigram: Path) -> None:
        self._folder = folder
        self._noise = np.random.default_rng(5)
        self._decoder: Any = Decoder(
            Config(
                hmm=get_model_path("en-us/en-us"), lm=str(trigram),
                dict=str(dictionary), loglevel="FATAL", mfclogdir=str(folder),
                beam=1e-20, wbeam=1e-10, fwdflat=False, bestpath=False,
            )
        )  # fmt: skip

    def cepstra(self, wide: Floats) -> Floats:
        """Return ``[frames, 13]``; the log is a count and big-endian floats."""
        noisy = wide + self._noise.normal(0.0, _QUIET_LSB, len(wide))
        self._decoder.start_utt()
        self._decoder.process_raw(_pcm(noisy), no_search=False, full_utt=True)
        self._decoder.end_utt()
        log = next(self._folder.glob("*.mfc"))
        values = np.frombuffer(log.read_bytes()[4:], dtype=">f4").astype(np.float64)
        log.unlink()
        return values.reshape(-1, CEPSTRA)


async def _learn(cache: Path) -> Floats:
    packaged = Path(get_model_path("en-us/cmudict-en-us.dict"))
    models = build_models(cache, packaged_dictionary=packaged)
    grammar = Grammar.read(STATE_RULES)
    chance = random.Random(5)  # noqa: S311  # the same matrix on every machine
    mouth = await Child.start("learn", "telephony.voice.adapters.ondevice.mouth_child")
    square: Any = 0.0
    product: Any = 0.0
    with tempfile.TemporaryDirectory() as folder:
        front = _WideFrontEnd(
            Path(folder), models.dictionary, models.trigram("closing")
        )
        for voice in _VOICES * _SENTENCES:
            words = grammar.sample(chance.choice(_STATES), chance)
            text = spoken_words(" ".join(words))
            wide = await _wide_sound(mouth, text, chance, voice)
            narrow = FrontEnd(
                warp=1.0,
                noise_lsb=chance.choice((20, 60, 100)),
                seed=chance.randrange(999),
            )
            contexts, cepstra = narrow.contexts(_telephone(wide)), front.cepstra(wide)
            both = min(len(contexts), len(cepstra))
            square = square + contexts[:both].T @ contexts[:both]
            product = product + contexts[:both].T @ cepstra[:both]
    await mouth.stop()
    return np.linalg.solve(square + _RIDGE * np.eye(len(square)), product)


if __name__ == "__main__":
    matrix = asyncio.run(_learn(Path(sys.argv[1])))
    lines = "\n".join(",".join(f"{value:.5f}" for value in row) for row in matrix)
    Path(__file__).with_name("front_end.csv").write_text(lines + "\n", encoding="ascii")
