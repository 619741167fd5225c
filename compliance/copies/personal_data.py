"""Why no field of copies has a holder."""

from typing import Final

_WORD: Final = "a word of our own list"
WITHOUT_HOLDER: Final = {
    "copies.ErasureLeg.processor": _WORD,
    "copies.ErasureLeg.kind": _WORD,
    "copies.ErasureLeg.state": _WORD,
    "copies.ErasureLeg.last_answer": "a status code or a word of our own",
    "copies.ErasureLeg.reference_sealed": "finds a copy elsewhere; emptied once gone",
}
