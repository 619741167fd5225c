"""Make a person's recovery codes anew; the old ones are worth nothing then."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.second_factor.codes import hash_code, make_codes
from accounts.second_factor.errors import FactorNotFoundError
from accounts.second_factor.models import RecoveryCodes
from accounts.second_factor.selectors.factors import list_factors
from accounts.second_factor.services.lock_tries import lock_tries
from accounts.second_factor.services.note_change import note_change
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit


@transaction.atomic
def renew_codes(*, user: User, now: datetime) -> tuple[list[str], int]:
    """Return the codes, this once, and the number of the person's sessions.

    Raises:
        FactorNotFoundError: If the person has no factor that they could recover.
    """
    lock_tries(user_id=user.pk)
    if not list_factors(user=user):
        raise FactorNotFoundError
    codes = make_codes()
    RecoveryCodes.objects.update_or_create(
        user=user,
        defaults={
            "name": "Recovery codes",
            "hashes": [hash_code(one, user_id=user.pk) for one in codes],
            "created_at": now,
            "last_used_at": None,
            "kept_at": None,
        },
    )
    number = note_change(user=user, letter="accounts.tell_codes_made", now=now)
    record_for_clinics(
        audit.Entry(
            action="accounts.recovery_codes.made",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
            facts={"count": len(codes)},
        ),
        user_id=user.pk,
    )
    return codes, number
