"""The one door to rows of all clinics: read only, as the role `sv_operator`.

Nothing else may name the alias. The door opens for a service token: signed, a minute
old at most, never used before, of an operator whose grant is live. Each opening is one
row of the record; what was read under it is told by the number of its purpose.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction

from accounts.models import User
from accounts.operators.errors import ReadingRefusedError
from accounts.operators.models import SpentToken
from accounts.operators.selectors.grants import has_live_grant
from accounts.operators.tokens import Purpose, ServiceToken, read_token
from sondervoice.kernel import audit

_ALIAS: Final = "operator"
_KEPT_FOR: Final = timedelta(hours=1)
_open: ContextVar[Purpose | None] = ContextVar("operator_reading", default=None)

Model = TypeVar("Model", bound=models.Model)


@contextmanager
def operator_reading(token: str, *, now: datetime) -> Iterator[None]:
    """Open the door for what the token is for; call it at the desk.

    Raises:
        ReadingRefusedError: If the token is none, wrong, too old or was used, if its
            operator has no live grant, or if no such database is configured.
    """
    said = read_token(token, now=now)
    if _ALIAS not in settings.DATABASES:
        raise ReadingRefusedError
    _spend(said, now=now)
    held = _open.set(said.purpose)
    try:
        yield
    finally:
        _open.reset(held)


def rows_of(model: type[Model]) -> models.QuerySet[Model]:
    """Return the rows of all clinics, without anybody's hash of a password.

    Raises:
        ReadingRefusedError: If the door is shut.
    """
    if _open.get() is None:
        raise ReadingRefusedError
    found = model._base_manager.using(_ALIAS)  # noqa: SLF001 -- past the open scope
    return found.defer("password") if model is User else found


def _spend(said: ServiceToken, *, now: datetime) -> None:
    if not has_live_grant(user_id=said.actor_id, now=now):
        raise ReadingRefusedError
    SpentToken.objects.filter(spent_at__lt=now - _KEPT_FOR).delete()
    try:
        with transaction.atomic():
            SpentToken.objects.create(id=said.id, spent_at=now)
    except IntegrityError:
        raise ReadingRefusedError from None
    audit.record(
        audit.Entry(
            action="accounts.operator_reading.opened",
            organization_id=None,
            actor_kind="operator",
            actor_id=said.actor_id,
            subject_kind="operator_reading",
            subject_id=said.id,
            facts={"purpose": said.purpose.value},
        )
    )
