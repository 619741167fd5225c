"""The words of requests about one's own account: sealed in the row, opened here."""

from typing import Final, Literal

from accounts.derived_keys import SealBrokenError, seal, unseal
from compliance.asking.contact import secret_id
from compliance.asking.models import PrivacyRequest

Column = Literal["words", "put_off", "answer"]
COLUMNS: Final[tuple[Column, ...]] = ("words", "put_off", "answer")
_PURPOSE: Final = "compliance.privacy_request"


def keep_words(row: PrivacyRequest, column: Column, text: str) -> None:
    """Put words, sealed, into the row; the caller saves it."""
    plain = text.strip().encode()
    purpose = f"{_PURPOSE}.{column}"
    sealed = seal(plain, purpose=purpose, of=row.id) if plain else b""
    setattr(row, f"{column}_sealed", sealed)


def read_words(row: PrivacyRequest, column: Column) -> str:
    """Return the words, or empty where there are none.

    Raises:
        SealBrokenError: If they were changed, or their secret is gone.
    """
    sealed = bytes(getattr(row, f"{column}_sealed"))
    if not sealed:
        return ""
    return unseal(sealed, purpose=f"{_PURPOSE}.{column}", of=row.id).decode()


def seal_words_anew(row: PrivacyRequest) -> bool:
    """Seal all words by SECRET_KEY and save them; return whether they could be read."""
    try:
        texts = {column: read_words(row, column) for column in COLUMNS}
    except SealBrokenError:
        return False
    for column, text in texts.items():
        keep_words(row, column, text)
    row.sealed_by = secret_id()
    row.save(update_fields=[*(f"{one}_sealed" for one in COLUMNS), "sealed_by"])
    return True
