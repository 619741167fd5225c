"""How the on-device mouth speaks each language on the telephone."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a language is spoken; words a minute, and espeak's 0 to 100 for the rest."""

    voice: str
    rate: int = 150
    pitch: int = 45
    range: int = 55


# Slower than espeak's usual 175 words a minute and a little lower: a telephone takes
# away what tells s from f, so time is what makes up for it.
MANNERS: Final = {
    "en": Manner(voice="en-us"),
    "de": Manner(voice="de", rate=145),
    "fr": Manner(voice="fr", rate=145),
    "es": Manner(voice="es", rate=150),
}
