"""Sounds of words that the packaged dictionary lacks or knows in one accent only."""

from typing import Final

_LETTER_SOUNDS: Final = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F",
    "g": "JH IY", "h": "EY CH", "i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L",
    "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY", "q": "K Y UW", "r": "AA R",
    "s": "EH S", "t": "T IY", "u": "Y UW", "v": "V IY", "w": "D AH B AH L Y UW",
    "x": "EH K S", "y": "W AY", "z": "Z IY",
}  # fmt: skip

_BRITISH: Final = {
    "tuesday": ("CH UW Z D EY", "CH UW Z D IY"),
    "half": ("HH AA F",),
    "past": ("P AA S T",),
    "after": ("AA F T AH",),
    "afternoon": ("AA F T AH N UW N",),
    "morning": ("M AO N IH NG",),
    "quarter": ("K W AO T AH",),
    "doctor": ("D AA K T AH", "D AO K T AH"),
    "can't": ("K AA N T",),
    "zero": ("Z IH R OW", "Z IY R AH"),
    "four": ("F AO",),
    "o'clock": ("AH K L AO K",),
    "march": ("M AA CH",),
    "number": ("N AH M B AH",),
    "perfect": ("P AH F IH K T",),
    "heart": ("HH AA T",),
    "arm": ("AA M",),
    "last": ("L AA S T",),
    "margaret": ("M AA G R AH T",),
    "r_": ("AA",),
    "z_": ("Z EH D",),
}

EXTRA_SOUNDS: Final[dict[str, tuple[str, ...]]] = {
    "toothache": ("T UW TH EY K",),
    **{f"{letter}_": (sound,) for letter, sound in _LETTER_SOUNDS.items()},
}

ACCENTS: Final = _BRITISH
