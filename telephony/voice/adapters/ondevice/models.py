"""Build what the recogniser reads (one dictionary, one trigram a state) into a cache.

The cache's folder is named after a hash of everything it is made from, so that changed
sentences make a new folder and an old one is never half right.
"""

import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telephony.voice.adapters.ondevice.arpa import build_arpa
from telephony.voice.adapters.ondevice.english.background import BACKGROUND
from telephony.voice.adapters.ondevice.english.sounds import MORE_SOUNDS
from telephony.voice.adapters.ondevice.english.states import STATE_RULES
from telephony.voice.adapters.ondevice.rules import Grammar
from telephony.voice.dialogue import Expecting

SAMPLES: Final = 4_000
_BACKGROUND_SHARE: Final = 0.03
_OTHERS_SHARE: Final = 0.10
_SEED: Final = 20_26
_FORM: Final = 1  # raise when the code here makes other files from the same sentences

GUARD: Final = "guard"
MODEL_NAMES: Final = (*(state.value for state in Expecting), GUARD)


@dataclass(frozen=True, slots=True)
class Models:
    """Where the built files lie."""

    folder: Path

    @property
    def dictionary(self) -> Path:
        """The words of all rules and how they sound."""
        return self.folder / "words.dict"

    def trigram(self, name: str) -> Path:
        """Return the model of a state, or of the guard."""
        return self.folder / f"{name}.arpa"


def build_models(cache: Path, *, packaged_dictionary: Path) -> Models:
    """Return the models, building them when the cache has none for these sentences.

    Args:
        packaged_dictionary: The recogniser's own, from which sounds are taken.
    """
    models = Models(cache / f"english-{_fingerprint()}")
    if models.folder.is_dir():
        return models
    cache.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=cache))
    grammar = Grammar.read(STATE_RULES)
    half_built = Models(building)
    for name, text in _trigrams(grammar):
        half_built.trigram(name).write_text(text)
    words = grammar.words() | {word for line in BACKGROUND for word in line.split()}
    half_built.dictionary.write_text(_dictionary(words, packaged_dictionary))
    _put_in_place(building, models.folder)
    return models


def _put_in_place(building: Path, folder: Path) -> None:
    try:
        building.replace(folder)
    except OSError:
        if not folder.is_dir():  # else another process was first, with the same files
            raise
        for file in building.iterdir():
            file.unlink()
        building.rmdir()


def _fingerprint() -> str:
    made_from = [STATE_RULES, BACKGROUND, MORE_SOUNDS, SAMPLES, _FORM]
    made_from += [_BACKGROUND_SHARE, _OTHERS_SHARE]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]


def _trigrams(grammar: Grammar) -> Iterator[tuple[str, str]]:
    chance = random.Random(_SEED)  # noqa: S311  # the same models on every machine
    drawn = {
        name: [grammar.sample(name, chance) for _ in range(SAMPLES)]
        for name in MODEL_NAMES
    }
    for name in MODEL_NAMES:
        own = [(words, 1.0) for words in drawn[name]]
        others = [
            (words, _OTHERS_SHARE)
            for other in MODEL_NAMES
            if other != name
            for words in drawn[other][: SAMPLES // len(MODEL_NAMES)]
        ]
        share = _BACKGROUND_SHARE * SAMPLES / len(BACKGROUND)
        everyday = [(line.split(), share) for line in BACKGROUND]
        yield name, build_arpa([*own, *others, *everyday])


def _dictionary(words: frozenset[str] | set[str], packaged: Path) -> str:
    sounds = _packaged_sounds(packaged, words)
    for word, ways in MORE_SOUNDS.items():
        if word in words:
            known = sounds.setdefault(word, [])
            known.extend(way for way in ways if way not in known)
    missing = words - sounds.keys()
    if missing:
        raise LookupError(f"No sound for {sorted(missing)}")
    return "".join(
        f"{word if number == 0 else f'{word}({number + 1})'} {way}\n"
        for word in sorted(words)
        for number, way in enumerate(sounds[word])
    )


def _packaged_sounds(
    packaged: Path, words: set[str] | frozenset[str]
) -> dict[str, list[str]]:
    sounds: dict[str, list[str]] = {}
    with packaged.open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, way = line.strip().partition(" ")
            word = entry.partition("(")[0]
            if word in words:
                sounds.setdefault(word, []).append(way)
    return sounds
