"""Send another code, so that a person can be shown what is theirs."""

from datetime import datetime
from uuid import UUID

from compliance.asking import record
from compliance.asking.codes import PROVES_NUMBER
from compliance.asking.contact import open_contact
from compliance.asking.errors import AskingNotFoundError
from compliance.asking.services.open_asking import take_letter, take_text
from compliance.asking.services.prove import find_asking_for_update
from compliance.asking.services.write_to_asker import goes_by_text
from sondervoice.kernel.jobs import after_commit


def ask_code(*, asking_id: UUID, now: datetime) -> None:
    """Make the code before it worthless and send the next; at the askings' desk.

    Raises:
        AskingNotFoundError: If it is forgotten by now, or was never proven.
        TooManyTriesError: If too much was sent there of late.
        TextsUsedUpError: If no text message can be sent today.
    """
    asking = find_asking_for_update(asking_id)
    if asking is None or not asking.is_proven:
        raise AskingNotFoundError
    contact = open_contact(asking)
    if goes_by_text(asking, contact):
        take_text(e164=contact.phone_e164, now=now)
    else:
        take_letter(email=contact.email, now=now)
    asking.code_number = max(asking.code_number, PROVES_NUMBER) + 1
    asking.code_asked_at = now
    asking.save(update_fields=["code_number", "code_asked_at"])
    record.code_asked(asking.id)
    after_commit(
        "compliance.send_asking_code",
        organization_id=None,
        ids={"asking_id": asking.id},
    )
