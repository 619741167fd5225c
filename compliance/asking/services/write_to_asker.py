"""Write to whoever asked, where they have shown that they can be reached."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.letters import send_letter
from compliance.asking import texts
from compliance.asking.codes import LIVES, code_of
from compliance.asking.contact import Contact, open_contact
from compliance.asking.links import LinkPurpose, make_link
from compliance.asking.models import Asking
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.outbound import Text, send_text
from sondervoice.kernel.rights import RightsKind

LINK_LIVES: Final = timedelta(hours=24)
# Counted from the letter; each later letter has a new one.
STATUS_LIVES: Final = timedelta(days=60)
DUE_IN: Final = timedelta(days=30)


def send_link(*, asking_id: UUID) -> None:
    """Send the link that proves the mailbox; nothing that the form said is in it.

    Raises:
        VendorError: If the mail server did not take it.
    """
    found = _find(asking_id)
    if found is None or found[0].email_proven_at is not None:
        return
    asking, contact = found
    token = make_link(
        LinkPurpose.CONFIRM,
        asking_id=asking.id,
        contact=contact.email,
        expires_at=asking.asked_at + LINK_LIVES,
    )
    path = reverse("forget-me-link", args=[token])
    with translation.override(asking.language):
        send_letter(
            "asking_confirm",
            to=contact.email,
            path=path,
            wish=texts.KINDS[RightsKind(asking.kind)][0],
        )


def send_code(*, asking_id: UUID, now: datetime) -> None:
    """Send the code that was asked for, unless it would come too late.

    By text message to who has a telephone to prove or has proven it, else by letter.

    Raises:
        VendorError: If it was not taken; tried again while the code is good.
        TextSenderMissingError: If none can be sent any more.
    """
    found = _find(asking_id)
    if found is None:
        return
    asking, contact = found
    if asking.code_asked_at is None or now >= asking.code_asked_at + LIVES:
        return
    code = code_of(asking)
    with translation.override(asking.language):
        if goes_by_text(asking, contact):
            text = str(texts.CODE) % {"code": code}
            send_text(Text(to_e164=contact.phone_e164, text=text))
        else:
            send_letter("asking_code", to=contact.email, code=code)


def send_received(*, asking_id: UUID, now: datetime) -> None:
    """Say what happens next, and until when."""
    _tell(asking_id, "asking_received", texts.RECEIVED, now=now)


def send_answer(*, asking_id: UUID, now: datetime) -> None:
    """Say that there is an answer; whose and what is on the page alone."""
    _tell(asking_id, "asking_answer", texts.ANSWERED, now=now)


def send_nothing(*, asking_id: UUID, now: datetime) -> None:
    """Say that nobody knows them."""
    _tell(asking_id, "asking_nothing", texts.NOTHING, now=now)


def send_put_off(*, asking_id: UUID, now: datetime) -> None:
    """Say by text that a clinic takes longer; until when and why is on the page.

    Who proved a mailbox has a letter of that clinic's.
    """
    found = _find(asking_id)
    if found is not None and goes_by_text(*found):
        _tell(asking_id, "asking_received", texts.PUT_OFF, now=now)


def goes_by_text(asking: Asking, contact: Contact) -> bool:
    """Return whether this person's codes go to the telephone."""
    if asking.is_proven:
        return asking.phone_proven_at is not None and asking.email_proven_at is None
    return bool(contact.phone_e164)


def _tell(asking_id: UUID, name: str, text: str | Promise, *, now: datetime) -> None:
    found = _find(asking_id)
    if found is None or not found[0].is_proven:
        return
    asking, contact = found
    is_text = goes_by_text(asking, contact)
    token = make_link(
        LinkPurpose.STATUS,
        asking_id=asking.id,
        contact=contact.phone_e164 if is_text else contact.email,
        expires_at=now + STATUS_LIVES,
    )
    path = reverse("forget-me-status-link", args=[token])
    with translation.override(asking.language):
        if is_text:
            url = f"{settings.PUBLIC_BASE_URL}{path}"
            send_text(Text(to_e164=contact.phone_e164, text=str(text) % {"url": url}))
        else:
            due_on = (asking.asked_at + DUE_IN).date()
            send_letter(name, to=contact.email, path=path, due_on=due_on)


def _find(asking_id: UUID) -> tuple[Asking, Contact] | None:
    with asking_desk():
        asking = Asking.objects.filter(pk=asking_id).first()
        return None if asking is None else (asking, open_contact(asking))
