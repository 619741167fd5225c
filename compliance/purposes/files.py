"""The register as files: for programs, and for a spreadsheet."""

import csv
import io
from typing import Any, Final

from compliance.purposes.register import UNREAD_FOR, Line, Register

_HEADS: Final = (
    "data",
    "of_whom",
    "purpose",
    "who_decides",
    "lawful_basis",
    "kept",
    "also_received_by",
    "trained_on",
    "fields",
)
_ROLE: Final = "The clinic decides (controller); SonderVoice carries it out (processor)"


def as_json(register: Register) -> dict[str, Any]:
    """Return all of it as JSON can hold it."""
    return {
        "role": _ROLE,
        "own_purposes_with_caller_data": register.own_purposes,
        "processing": [
            dict(zip(_HEADS, _row(one), strict=True)) for one in register.lines
        ],
        "recipients": [
            {
                "name": one.about.title,
                "gets": one.about.gets,
                "purposes": one.why,
                "kept": one.about.keeps,
                "training_allowed": one.about.training_allowed,
                "against_training": one.about.no_training,
                "source": one.about.source,
            }
            for one in register.receivers
        ],
        "not_looked_at_days": UNREAD_FOR.days,
        "not_looked_at": register.unread,
        "read_by_software_alone": register.unseen,
    }


def as_csv(register: Register) -> str:
    """Return its lines as a table; every cell is a word of ours."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_HEADS)
    for line in register.lines:
        table.writerow(
            "; ".join(cell) if isinstance(cell, list) else cell for cell in _row(line)
        )
    return text.getvalue()


def _row(line: Line) -> tuple[Any, ...]:
    return (
        line.what,
        line.whose,
        line.why,
        "SonderVoice" if line.is_our_own else "The clinic",
        line.basis,
        line.kept,
        line.sent_to,
        "no",
        line.fields,
    )
