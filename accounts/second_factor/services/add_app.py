"""Add an authenticator app once it has shown a right code."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from accounts.second_factor.errors import TooManyFactorsError
from accounts.second_factor.models import AuthenticatorApp
from accounts.second_factor.services.lock_tries import lock_tries
from accounts.second_factor.services.note_change import note_change
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit

MOST: Final = 5


@transaction.atomic
def add_app(
    *, user: User, sealed_key: str, code: str, name: str, now: datetime
) -> tuple[AuthenticatorApp, int] | None:
    """Add the app; return it and the number of the person's sessions.

    None means that the code is not of this key and this moment; nothing is counted,
    since whoever sees the key needs no guess.

    Raises:
        TooManyFactorsError: If there are five already.
    """
    lock_tries(user_id=user.pk)
    theirs = AuthenticatorApp.objects.filter(user=user)
    if theirs.count() >= MOST:
        raise TooManyFactorsError
    if theirs.filter(key=sealed_key).exists():
        # Confirmed twice at once: with two rows of one key a code would count twice.
        return None
    app = AuthenticatorApp(user=user, key=sealed_key, name=name, confirmed=True)
    step = app.find_step(code, now=now)
    if step is None:
        return None
    # The code that confirmed it is used: it signs nobody in any more.
    app.last_t, app.last_used_at = step, now
    app.save(force_insert=True)
    number = note_change(user=user, letter="accounts.tell_factor_added", now=now)
    record_for_clinics(
        audit.Entry(
            action="accounts.factor.added",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
            facts={"is_passkey": False},
        ),
        user_id=user.pk,
    )
    return app, number
