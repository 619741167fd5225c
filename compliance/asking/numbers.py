"""A telephone number as somebody writes it into a form (pure).

Source:
    ITU-T E.164: at most 15 digits with the country code. NANP: ten digits, area code
    and exchange begin with 2 to 9.
"""

import re
from typing import Final

# What people write between digits; U+2011 and U+00A0 come with copied numbers.
_BETWEEN: Final = re.compile("[ \\-().\\/\u00a0\u2011\u2013]")
_DIGITS: Final = re.compile(r"\+?[0-9]{7,15}", re.ASCII)
_NANP: Final = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})", re.ASCII)


def read_number(written: str) -> str:
    """Return the number as ``+13125550136``, or empty where it is none.

    Ten digits without a country code are North American; all others need theirs, after
    a plus or ``00``. Digits of other scripts are not guessed at.
    """
    kept = _BETWEEN.sub("", written.strip())
    if not _DIGITS.fullmatch(kept):
        return ""
    if kept.startswith("+"):
        return kept if kept[1] != "0" else ""
    if kept.startswith("00"):
        whole = kept[2:]
        return f"+{whole}" if len(whole) >= 7 and whole[0] != "0" else ""
    national = _NANP.fullmatch(kept)
    return f"+1{national[1]}" if national else ""


def mask_number(e164: str) -> str:
    """Return the number with all but its start and the last two hidden."""
    return f"{e164[:2]} ••• ••• ••{e164[-2:]}" if e164 else ""


def mask_address(email: str) -> str:
    """Return the address with all but its first letter and its domain hidden."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}" if email else ""
