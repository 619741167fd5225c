"""Add a passkey that a browser has made for us."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException

from accounts.models import User
from accounts.second_factor.errors import TooManyFactorsError
from accounts.second_factor.relying_party import RelyingParty
from accounts.second_factor.services.add_app import MOST
from accounts.second_factor.services.lock_tries import lock_tries
from accounts.second_factor.services.note_change import note_change
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit

Added = tuple[WebAuthnCredential, int]


@transaction.atomic
def add_passkey(
    *, user: User, party: RelyingParty, state: Any, said: Any, name: str, now: datetime
) -> Added | None:
    """Add the passkey; return it and the number of the person's sessions.

    None means that what the browser said does not answer what it was asked.

    Args:
        state: What we asked, from the session; it is good for one answer.
        said: What the browser said.

    Raises:
        TooManyFactorsError: If there are five already.
    """
    lock_tries(user_id=user.pk)
    if WebAuthnCredential.objects.filter(user=user).count() >= MOST:
        raise TooManyFactorsError
    passkey = _register(user, party, state, said)
    if passkey is None:
        return None
    passkey.name = name
    passkey.save(update_fields=["name"])
    number = note_change(user=user, letter="accounts.tell_factor_added", now=now)
    record_for_clinics(
        audit.Entry(
            action="accounts.factor.added",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
            facts={"is_passkey": True},
        ),
        user_id=user.pk,
    )
    return passkey, number


def _register(
    user: User, party: RelyingParty, state: Any, said: Any
) -> WebAuthnCredential | None:
    try:
        with transaction.atomic():
            return party.register_complete(user=user, state=state, data=said)
    except IntegrityError:
        # Somebody has this very passkey.
        return None
    except (WebAuthnException, OTPWebAuthnApiError, ValueError, KeyError, TypeError):
        # Whatever the shape of an answer that is not right, it is not right.
        return None
