"""The six digits that go to a telephone or a mailbox; nothing of them is stored.

A code is made from the secret, the asking and the number of the code, so a job that
runs twice sends the same one.

Source:
    RFC 4226, section 5.3: dynamic truncation, here of HMAC-SHA256.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from django.utils.crypto import constant_time_compare

from accounts.derived_keys import derive_key, secret_keys
from compliance.asking.models import Asking

LIVES: Final = timedelta(minutes=10)
# The first one goes to the number that is to be proven, and proves nothing else; the
# later ones may go by mail, and prove no number.
PROVES_NUMBER: Final = 1
DIGITS: Final = 6


def code_of(asking: Asking, *, secret: str | None = None) -> str:
    """Return the code that is asked for now."""
    key = derive_key("compliance.asking.code", secret=secret)
    said = f"{asking.id.hex}|{asking.code_number}".encode()
    digest = hmac.new(key, said, hashlib.sha256).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def is_code(asking: Asking, typed: str, *, now: datetime) -> bool:
    """Return whether it is the last code, still young, and not used."""
    asked_at = asking.code_asked_at
    if asked_at is None or not asked_at <= now < asked_at + LIVES:
        return False
    digits = "".join(typed.split())
    right = [
        constant_time_compare(code_of(asking, secret=secret), digits)
        for secret in secret_keys()
    ]
    return any(right)
