"""That a person reads the mail of their address: asked before the first factor.

A password alone can be stolen; who has it must not be the one to set up what guards the
account from then on. A link that was just followed, or a code from a letter, proves it
for a quarter of an hour, in this session alone.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from accounts.second_factor.codes import ALPHABET, plain_code
from sondervoice.kernel.jobs import after_commit

PROOF_LASTS: Final = timedelta(minutes=15)
CODE_LASTS: Final = timedelta(hours=1)
_CHARACTERS: Final = 8  # 40 bits
_PROVED: Final = "mailbox_proved"
_ASKED: Final = "mailbox_asked"


def note_mailbox(request: HttpRequest, user_id: UUID, *, now: datetime) -> None:
    """Keep in the session that this person's mail was read just now."""
    request.session.pop(_ASKED, None)
    request.session[_PROVED] = [str(user_id), int(now.timestamp())]


def has_mailbox(request: HttpRequest, user: User, *, now: datetime) -> bool:
    """Return whether the person has proved it in the last 15 minutes."""
    user_id, at = request.session.get(_PROVED, ["", 0])
    is_young: bool = now.timestamp() - at < PROOF_LASTS.total_seconds()
    return user_id == str(user.pk) and is_young


def forget_mailbox(request: HttpRequest) -> None:
    """Keep it no longer: it was for one factor."""
    request.session.pop(_PROVED, None)


def ask_code(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Have a letter with a code sent; a code from a letter before is worth nothing.

    The code is good in this session alone and is stored nowhere.
    """
    asked_id = uuid4()
    request.session[_ASKED] = [str(asked_id), int(now.timestamp())]
    after_commit(
        "accounts.send_mailbox_code",
        organization_id=None,
        ids={"user_id": user.pk, "asked_id": asked_id},
    )


def is_code_asked(request: HttpRequest, *, now: datetime) -> bool:
    """Return whether a letter is on its way whose code still holds."""
    _, at = request.session.get(_ASKED, ["", 0])
    return bool(now.timestamp() - at < CODE_LASTS.total_seconds())


def is_code(request: HttpRequest, user: User, code: str, *, now: datetime) -> bool:
    """Return whether this is the code of the letter that this session asked for."""
    if not is_code_asked(request, now=now):
        return False
    asked_id = UUID(request.session[_ASKED][0])
    return constant_time_compare(
        plain_code(code), plain_code(make_code(user, asked_id))
    )


def make_code(user: User, asked_id: UUID) -> str:
    """Return the code, as ``7k2m-x9qd``: of this asking and state of the account."""
    words = f"{user.pk}|{user.email}|{user.password}|{user.session_epoch}|{asked_id}"
    salt = "accounts.second_factor.mailbox"
    digest = salted_hmac(salt, words, algorithm="sha256").digest()
    drawn = "".join(ALPHABET[one % len(ALPHABET)] for one in digest[:_CHARACTERS])
    return f"{drawn[:4]}-{drawn[4:]}"
