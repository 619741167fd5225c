"""Look at a code: of an app, or for recovery."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django_otp.models import Device

from accounts.derived_keys import SealBrokenError
from accounts.second_factor.codes import find_hash
from accounts.second_factor.counts import BrowserCount, Count, StrangersCount
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.second_factor.services.lock_tries import lock_tries
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit

logger = logging.getLogger(__name__)
Find = Callable[[], Device | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a code.

    Attributes:
        device: What was shown; None for a wrong code, and for any while locked.
        locked_until: When the next code is looked at; None when that is at once.
    """

    device: Device | None = None
    locked_until: datetime | None = None


def show_code(
    *, user_id: UUID, code: str, now: datetime, browser: str | None = None
) -> Answer:
    """Look at six digits; each time step counts once.

    Nothing is raised for a wrong code: that it was tried must stay written.

    Args:
        browser: The key of a browser that knows the person, which has a count of its
            own beside the account's.
    """
    return _look(user_id, partial(_take_app, user_id, code, now), now, browser)


def show_recovery_code(
    *, user_id: UUID, code: str, now: datetime, browser: str | None = None
) -> Answer:
    """Look at a recovery code; a right one is used up."""
    return _look(user_id, partial(_take_recovery, user_id, code, now), now, browser)


@transaction.atomic
def _look(user_id: UUID, find: Find, now: datetime, browser: str | None) -> Answer:
    row = lock_tries(user_id=user_id)
    count: Count = (
        StrangersCount(row) if browser is None else BrowserCount(row, browser)
    )
    locked_until = count.begin(now)
    if locked_until is not None:
        _note("accounts.factor.refused", user_id, is_locked=True)
        return Answer(locked_until=locked_until)
    device = find()
    locked_until = count.settle(is_right=device is not None, now=now)
    if device is not None:
        _note("accounts.factor.shown", user_id)
    elif locked_until is not None:
        _note("accounts.factor.locked", user_id)
    else:
        _note("accounts.factor.refused", user_id, is_locked=False)
    return Answer(device=device, locked_until=locked_until)


def _take_app(user_id: UUID, code: str, now: datetime) -> Device | None:
    for app in AuthenticatorApp.objects.filter(user_id=user_id, confirmed=True):
        try:
            step = app.find_step(code, now=now)
        except SealBrokenError:
            logger.exception("a key cannot be opened", extra={"id": str(app.pk)})
            continue
        if step is not None:
            app.last_t, app.last_used_at = step, now
            app.save(update_fields=["last_t", "last_used_at"])
            return app
    return None


def _take_recovery(user_id: UUID, code: str, now: datetime) -> Device | None:
    codes = RecoveryCodes.objects.filter(user_id=user_id).first()
    if codes is None:
        return None
    found = find_hash(code, user_id=user_id, kept=codes.hashes)
    if found is None:
        return None
    codes.hashes = [one for one in codes.hashes if one != found]
    codes.last_used_at = now
    codes.save(update_fields=["hashes", "last_used_at"])
    return codes


def _note(action: str, user_id: UUID, **facts: bool) -> None:
    record_for_clinics(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind="user",
            actor_id=user_id,
            subject_kind="user",
            subject_id=user_id,
            facts=facts,
        ),
        user_id=user_id,
    )
