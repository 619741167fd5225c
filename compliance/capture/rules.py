"""The table of what the law asks before a call may be captured, by place.

`jurisdictions.csv` is data with its sources; its version is the hash of its bytes, so a
call can say for good which table it was answered under.
"""

import csv
import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).with_name("jurisdictions.csv")


class ModeWord(StrEnum):
    """How capture may begin, in the word that is stored and shown."""

    NOTICE = "notice"
    ALL_PARTY_NOTICE = "all_party_notice"
    EXPLICIT_OPT_IN = "explicit_opt_in"


class Mode(IntEnum):
    """How capture may begin, from the mildest to the strictest."""

    NOTICE = 1
    ALL_PARTY_NOTICE = 2
    EXPLICIT_OPT_IN = 3

    @property
    def word(self) -> str:
        """Return the word that is stored and shown: ``explicit_opt_in``."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what this place asks, and where that is written."""

    code: str
    name: str
    mode: Mode
    is_certain: bool


@lru_cache(maxsize=1)
def table() -> dict[str, Rule]:
    """Return the rules by code (``US-IL``, ``DE``, ``*`` for unknown).

    A row whose statute nobody has looked up (``conf=low``) counts as the strictest.
    """
    rules = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_certain = "conf=low" not in row["note"]
            mode = Mode[row["consent_mode"].upper()]
            rules[row["code"]] = Rule(
                code=row["code"],
                name=row["name"],
                mode=mode if is_certain else Mode.EXPLICIT_OPT_IN,
                is_certain=is_certain,
            )
    return rules


@lru_cache(maxsize=1)
def version() -> str:
    """Return the first 12 hex digits of the table's SHA-256."""
    return hashlib.sha256(TABLE.read_bytes()).hexdigest()[:12]


def rule_for(code: str) -> Rule:
    """Return the rule of a place, of its country, or that for the unknown."""
    rules = table()
    return rules.get(code) or rules.get(code.partition("-")[0]) or rules["*"]
