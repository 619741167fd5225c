"""Take a proof that the mailbox or the telephone is the person's, and go on."""

from datetime import datetime
from uuid import UUID

from compliance.asking import record
from compliance.asking.codes import PROVES_NUMBER, is_code
from compliance.asking.models import Asking
from compliance.asking.record import Channel
from sondervoice.kernel.jobs import after_commit


def find_asking_for_update(asking_id: UUID) -> Asking | None:
    """Return the asking, locked until the transaction ends; at the askings' desk."""
    return Asking.objects.select_for_update().filter(pk=asking_id).first()


def prove_email(*, asking: Asking, now: datetime) -> None:
    """Take the opened and confirmed link for proof; call it at the askings' desk.

    Args:
        asking: Locked, and not proven by mail yet.
    """
    asking.email_proven_at = now
    asking.save(update_fields=["email_proven_at"])
    _go_on(asking, Channel.EMAIL)


def prove_phone(*, asking: Asking, code: str, now: datetime) -> bool:
    """Return whether the code was right; then it is used, and the clinics are asked.

    Args:
        asking: Locked.
    """
    is_for_this = asking.code_number == PROVES_NUMBER
    if not _use_code(asking, code if is_for_this else "", now):
        return False
    if asking.phone_proven_at is None:
        asking.phone_proven_at = now
        asking.save(update_fields=["phone_proven_at"])
        _go_on(asking, Channel.PHONE)
    return True


def prove_again(*, asking: Asking, code: str, now: datetime) -> bool:
    """Return whether the code that was asked for to see the answers was right.

    Args:
        asking: Locked.
    """
    is_for_this = asking.code_number > PROVES_NUMBER
    return _use_code(asking, code if is_for_this else "", now)


def _use_code(asking: Asking, code: str, now: datetime) -> bool:
    """Use up a right code; write a wrong one down."""
    if not is_code(asking, code, now=now):
        record.code_refused(asking.id)
        return False
    asking.code_asked_at = None
    asking.save(update_fields=["code_asked_at"])
    return True


def _go_on(asking: Asking, channel: Channel) -> None:
    record.proven(asking.id, channel)
    ids = {"asking_id": asking.id}
    after_commit("compliance.spread_asking", organization_id=None, ids=ids)
    after_commit("compliance.send_asking_received", organization_id=None, ids=ids)
