"""Look at a passkey's answer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException

from accounts.models import User
from accounts.second_factor.relying_party import RelyingParty
from accounts.second_factor.services.lock_tries import lock_tries
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit


@transaction.atomic
def show_passkey(
    *, user: User, party: RelyingParty, state: Any, said: Any, now: datetime
) -> WebAuthnCredential | None:
    """Return the person's passkey whose answer this is, or None.

    Wrong answers are not counted: there is nothing to guess.
    """
    tries = lock_tries(user_id=user.pk)
    passkey = _check(user, party, state, said)
    if passkey is not None:
        tries.keep(tries.read().after_good())
        WebAuthnCredential.objects.filter(pk=passkey.pk).update(last_used_at=now)
        _note("accounts.passkey.shown", user)
    else:
        _note("accounts.passkey.refused", user)
    return passkey


def _check(
    user: User, party: RelyingParty, state: Any, said: Any
) -> WebAuthnCredential | None:
    try:
        found = party.authenticate_complete(user=user, state=state, data=said)
    except (WebAuthnException, OTPWebAuthnApiError, ValueError, KeyError, TypeError):
        return None
    return found if found.confirmed else None


def _note(action: str, user: User) -> None:
    record_for_clinics(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
        ),
        user_id=user.pk,
    )
