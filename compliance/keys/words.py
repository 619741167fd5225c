"""Words that somebody wrote about people, and that are forgotten on a day of their own.

They are sealed under a row's key (`Keys.seal_row`), so with it they go from every copy
of the database. Older ones are under the organization's key of a month, and are read
so until they are forgotten.
"""

from uuid import UUID

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.keys.store import KeyGoneError


def open_words(sealed: bytes, place: Place, *, key_id: UUID | None = None) -> str:
    """Return the words; empty when their key is gone, as after a restore.

    Args:
        key_id: As `Keys.seal_row` was told.

    Raises:
        SealBrokenError: If they were changed or belong elsewhere.
    """
    try:
        if are_of_a_month(sealed):
            return keys().unseal_field(sealed, place)
        return keys().unseal_row(sealed, place, key_id=key_id)
    except KeyGoneError:
        return ""


def are_of_a_month(sealed: bytes) -> bool:
    """Return whether they have no key of their own: a month's digits come first."""
    return sealed[:1].isdigit()
