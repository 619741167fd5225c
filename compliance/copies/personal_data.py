"""Why no field of copies has a holder."""

from typing import Final

from sondervoice.kernel.purposes import Basis, Held, Purpose, Subject, Use

HELD: Final = (
    Held(
        name="copies.references",
        use=Use(
            title="By what the carrier finds a copy that is to be deleted there",
            of=Subject.CALLERS,
            purpose=Purpose.ERASURE,
            basis=Basis.LEGAL_DUTY,
            sent_to=("carrier",),
            kept="Until a look there has found nothing",
        ),
        columns=frozenset({"copies.ErasureLeg.reference_sealed"}),
    ),
)
_WORD: Final = "a word of our own list"
WITHOUT_HOLDER: Final = {
    "copies.ErasureLeg.processor": _WORD,
    "copies.ErasureLeg.kind": _WORD,
    "copies.ErasureLeg.state": _WORD,
    "copies.ErasureLeg.last_answer": "a status code or a word of our own",
}
