"""What kinds, checkpoints and reasons of requests are called, for a reader."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from compliance.rights.saga import Checkpoint
from sondervoice.kernel.rights import RightsKind

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        RightsKind.ACCESS: "A copy of what is kept",
        RightsKind.EXPORT: "A copy to take elsewhere",
        RightsKind.RECTIFY: "Correct a name",
        RightsKind.ERASE: "Erase everything",
        RightsKind.RESTRICT: "Keep it, but do not use it",
        RightsKind.OBJECT: "Stop recording and writing down their calls",
    }
)
CHECKPOINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Checkpoint.RECEIVED: "Received",
        Checkpoint.APPROVED: "Approved",
        Checkpoint.ERASING: "Erasing",
        Checkpoint.HELD: "Held back by a legal hold",
        Checkpoint.COPIES: "Gone here; copies at processors asked for",
        Checkpoint.PROVED: "No copy waits any more",
        Checkpoint.PACKED: "Package tried and readable",
        Checkpoint.MARKED: "Mark placed on the number",
        Checkpoint.ANSWERED: "Answered",
        Checkpoint.REFUSED: "Refused",
        Checkpoint.CANCELLED: "Cancelled: entered by mistake",
    }
)
# How staff made sure who asks.
VERIFIED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "in_person": "In person, with a document",
        "called_back": "Called back on the number we have",
        "known": "Known to the clinic",
        "in_writing": "In writing, with a signature we know",
    }
)
# Source: Regulation (EU) 2016/679, articles 11(2), 12(5), 15(4), 17(3)(b) to (e), 18
# and 21(1).
GROUNDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "identity": "We cannot tell that it is this person (Art. 11(2), 12(6))",
        "excessive": "Manifestly unfounded or excessive (Art. 12(5))",
        "others": "It would harm the rights of others (Art. 15(4))",
        "obligation": "A law makes us keep it (Art. 17(3)(b))",
        "health": "Public health (Art. 17(3)(c))",
        "archiving": "Archiving, research or statistics (Art. 17(3)(d))",
        "claims": "Needed for a legal claim (Art. 17(3)(e))",
        "correct": "The data is correct as it is (Art. 16)",
        "compelling": "Compelling grounds that override (Art. 21(1))",
    }
)
HELD_FOR_NOW: Final = (
    "Part of it must be kept for now, because of a legal claim or an authority. It is "
    "erased as soon as that ends."
)
