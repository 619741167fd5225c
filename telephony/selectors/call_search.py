"""Finds calls by who called: a whole number by its blind index, else by reading.

Names and numbers are sealed, so the database cannot compare parts of them. A name or
some last digits are looked for by opening the newest calls of the period, a bounded
number of them.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.keys import keys
from compliance.rights.selectors.marks import list_restricted
from telephony.models import Call
from telephony.phone_numbers import to_e164
from telephony.sealed import caller_e164, caller_name
from telephony.selectors.callers import find_sealer

READ_AT_MOST: Final = 1000
SHOWN_DIGITS: Final = 2
# A subscriber's number without its country has at most this many digits in E.164.
WHOLE_FROM: Final = 9


@dataclass(frozen=True, slots=True)
class Search:
    """What was found and what was not looked at.

    Attributes:
        note: A sentence for the reader, empty when all was looked at.
        is_by_number: A whole number was compared: what is found says whose it is.
    """

    calls: QuerySet[Call]
    note: str = ""
    is_by_number: bool = False


def search_calls(
    *, actor: Actor, calls: QuerySet[Call], words: str, country: str
) -> Search:
    """Return those of `calls` whose caller fits the words.

    Args:
        actor: Who asks. Who sees callers for a reason alone may search a whole number,
            which they know already; others the digits that the mask leaves.
        calls: Ordered newest first.
        words: A number, some last digits, or part of a name.
        country: The clinic's, for numbers written without one.
    """
    digits = "".join(sign for sign in words if sign.isdecimal())
    is_number = bool(digits) and not any(sign.isalpha() for sign in words)
    whole = to_e164(words, like=country) if is_number else ""
    may_confirm = actor.may(Permission.CALLERS_VIEW) or actor.may(
        Permission.CALLERS_REVEAL
    )
    if whole and len(digits) >= WHOLE_FROM and may_confirm:
        index = keys().index(actor.organization_id, kind="phone", value=whole)
        return Search(calls.filter(caller_index=index), is_by_number=True)
    # Whoever sees callers for a reason gives none here: what is found would tell them.
    may_compare = actor.may(Permission.CALLERS_VIEW)
    if not may_compare and not (is_number and len(digits) <= SHOWN_DIGITS):
        return Search(calls.none(), _MAY_FIND[may_confirm])
    return _read(calls, name="" if is_number else words, digits=digits)


_MAY_FIND: Final = {
    True: "Your role finds a whole number, or its last two digits.",
    False: "Your role finds the last two digits of a number.",
}


def _read(calls: QuerySet[Call], *, name: str, digits: str) -> Search:
    newest = list(calls[: READ_AT_MOST + 1])
    # What may not be used is not opened.
    restricted = list_restricted()
    found = [
        call.id
        for call in newest[:READ_AT_MOST]
        if bytes(call.caller_index) not in restricted
        and _fits(call, name.casefold(), digits)
    ]
    note = (
        f"Looked through the newest {READ_AT_MOST:,} calls of this period."
        if len(newest) > READ_AT_MOST
        else ""
    )
    return Search(_by_ids(calls, found), note)


def _by_ids(calls: QuerySet[Call], ids: list[UUID]) -> QuerySet[Call]:
    return calls.filter(pk__in=ids)


def _fits(call: Call, name: str, digits: str) -> bool:
    sealer = find_sealer(call)
    if sealer is None:
        return False
    if name:
        return name.strip() in caller_name(call, sealer).casefold()
    return caller_e164(call, sealer).endswith(digits)
