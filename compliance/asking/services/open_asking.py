"""Take down what somebody asks, and have it proven that it is them."""

import logging
from dataclasses import dataclass
from datetime import datetime

from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import Limit
from accounts.guessing.services.take_try import take_try
from compliance.asking import limits, record
from compliance.asking.codes import PROVES_NUMBER
from compliance.asking.contact import Contact, keep_contact
from compliance.asking.errors import TextsUsedUpError
from compliance.asking.models import Asking
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.rights import RightsKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the form says, checked for its shape."""

    kind: RightsKind
    contact: Contact
    language: str


def open_asking(*, wish: Wish, now: datetime) -> Asking:
    """Keep the wish and send what proves it; call it at the askings' desk.

    No clinic is asked and nothing is looked up, so it is the same work whoever asks.

    Raises:
        TooManyTriesError: If too much was sent to the number or address of late.
        TextsUsedUpError: If no text message can be sent today.
    """
    contact = wish.contact
    _take(contact, now)
    asking = Asking(
        kind=wish.kind,
        language=wish.language,
        asked_at=now,
        code_number=PROVES_NUMBER if contact.phone_e164 else 0,
        code_asked_at=now if contact.phone_e164 else None,
    )
    keep_contact(asking, contact)
    asking.save(force_insert=True)
    record.opened(
        asking.id,
        wish.kind,
        by_mail=bool(contact.email),
        by_phone=bool(contact.phone_e164),
    )
    if contact.email:
        _send("compliance.send_asking_link", asking)
    if contact.phone_e164:
        _send("compliance.send_asking_code", asking)
    return asking


def take_text(*, e164: str, now: datetime) -> None:
    """Count a text message to this number, or refuse it.

    Raises:
        TooManyTriesError: If the number got too many of late.
        TextsUsedUpError: If all together did; the first time the alarm is raised.
    """
    take_try(limit=limits.NUMBER_HOUR, key=e164, now=now)
    take_try(limit=limits.NUMBER_DAY, key=e164, now=now)
    try:
        number = take_try(limit=limits.texts_of_all(), key=limits.ALL, now=now)
    except TooManyTriesError:
        raise TextsUsedUpError from None
    if number == limits.texts_of_all().tries:
        logger.critical("text messages for strangers are used up for today")
        record.texts_used_up()
        after_commit("compliance.warn_of_texts", organization_id=None, ids={})


def take_letter(*, email: str, now: datetime) -> None:
    """Count a letter to this address, or refuse it.

    Raises:
        TooManyTriesError: If the address got too many of late.
    """
    each: tuple[Limit, ...] = (limits.ADDRESS_HOUR, limits.ADDRESS_DAY)
    for limit in each:
        take_try(limit=limit, key=email, now=now)


def _take(contact: Contact, now: datetime) -> None:
    if contact.email:
        take_letter(email=contact.email, now=now)
    if contact.phone_e164:
        take_text(e164=contact.phone_e164, now=now)


def _send(job: str, asking: Asking) -> None:
    after_commit(job, organization_id=None, ids={"asking_id": asking.id})
