"""The jobs of keys and tokens: each calls one service."""

from typing import Final
from uuid import UUID

from celery import shared_task

from accounts.machines.services import tell_token_reuse as telling
from accounts.machines.services import watch_gateway_token as watching
from accounts.machines.services.clear_machines import (
    clear_answers,
    clear_counts,
    clear_families,
)
from accounts.way_in import organization_ids
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_TO_PEOPLE: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.SECURITY)
_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.SECURITY)


@job("accounts.tell_token_reuse", gives_up=False, sends=_TO_PEOPLE)
def tell_token_reuse(
    *, organization_id: UUID | None, family_id: UUID, user_id: UUID
) -> None:
    """Tell a person that one of their refresh tokens was used twice."""
    telling.tell_token_reuse(family_id=family_id, user_id=user_id)


@job("accounts.warn_of_gateway_token", sends=_TO_US)
def warn_of_gateway_token(*, organization_id: UUID | None, token_id: UUID) -> None:
    """Tell SECURITY_MAIL that the gateway's token grows old."""
    watching.warn_of_gateway_token(token_id=token_id)


@shared_task(name="accounts.watch_gateway_token", ignore_result=True)
def watch_gateway_token() -> None:
    """Look how old the gateway's token is."""
    watching.watch_gateway_token(now=utc_now())


@shared_task(name="accounts.clear_machines", ignore_result=True)
def clear_machines() -> None:
    """Clear kept answers, counts and tokens that are long over."""
    now = utc_now()
    clear_counts(now=now)
    clear_families(now=now)
    for organization_id in organization_ids():
        clear_answers(organization_id=organization_id, now=now)
