"""Numbers as callers say them, and as the world writes them (pure).

Source:
    ITU-T E.164; national prefixes as published by the regulators of these countries.
"""

from typing import Final

# Country code, the prefix dialled within the country, shortest and longest number.
_PLANS: Final = {
    "US": ("1", "1", 10, 10),
    "CA": ("1", "1", 10, 10),
    "GB": ("44", "0", 9, 10),
    "IE": ("353", "0", 7, 9),
    "DE": ("49", "0", 6, 13),
    "FR": ("33", "0", 9, 9),
    "AT": ("43", "0", 6, 13),
    "CH": ("41", "0", 9, 9),
    "NL": ("31", "0", 9, 9),
    "BE": ("32", "0", 8, 9),
    "ES": ("34", "", 9, 9),
}
_NORTH_AMERICA: Final = "1"


def to_e164(spoken: str, *, like: str) -> str:
    """Return the number as E.164, or empty when it is none.

    Args:
        spoken: Digits, with or without spaces, dashes or a leading plus; ``00``, in
            North America ``011``, says the same as a plus.
        like: ISO country whose national numbers are meant.
    """
    kept = "".join(letter for letter in spoken if letter.isascii() and letter.isdigit())
    if spoken.strip().startswith("+"):
        return _whole(kept)
    code, prefix, shortest, longest = _PLANS.get(like, ("", "", 7, 15))
    for abroad in ("00", "011") if code == _NORTH_AMERICA else ("00",):
        if kept.startswith(abroad):
            return _whole(kept.removeprefix(abroad))
    if not code:
        return ""
    if prefix and kept.startswith(prefix) and len(kept) > shortest:
        kept = kept.removeprefix(prefix)
    return f"+{code}{kept}" if shortest <= len(kept) <= longest else ""


def _whole(digits: str) -> str:
    return f"+{digits}" if 7 <= len(digits) <= 15 else ""
