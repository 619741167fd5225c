"""Sounds of words that the packaged dictionary lacks or knows in one accent only.

``sounds.csv`` has a word and one way to say it, in the dictionary's phones, on each
line: the letters (``e_``), then ours, then British ways. They are added to the
packaged ones.
"""

from importlib.resources import files
from typing import Final


def _read() -> dict[str, tuple[str, ...]]:
    sounds: dict[str, tuple[str, ...]] = {}
    text = files(__package__).joinpath("sounds.csv").read_text(encoding="ascii")
    for line in text.splitlines():
        word, _, way = line.partition(",")
        sounds[word] = (*sounds.get(word, ()), way)
    return sounds


MORE_SOUNDS: Final = _read()
