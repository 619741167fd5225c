"""What is erased again after a restore, besides what callers left.

What callers left has holders. A clinic whose account was closed and a person whose
account was erased have none: whoever erases those says here how it is done once more.
"""

from typing import Final, Protocol

from compliance.backups.erasure_list import Erasure


class Again(Protocol):
    """Erases one kind of entry of the list of erasures once more.

    Both run as the owner of the tables, outside of any scope, while the database is
    closed to the product.
    """

    def erase(self, erasure: Erasure) -> int:
        """Erase it; return how many of its ids had come back. Twice is harmless."""

    def remains(self, erasure: Erasure) -> bool:
        """Return whether any of it can still be read."""


_kinds: Final[dict[str, Again]] = {}


def erased_again_by(name: str, again: Again) -> None:
    """Have entries of this name erased by `again` from now on."""
    _kinds[name] = again


def again_for(name: str) -> Again | None:
    """Return who erases entries of this name; None for those that have a holder."""
    return _kinds.get(name)
