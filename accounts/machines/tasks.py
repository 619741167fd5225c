"""The jobs of keys and tokens: each calls one service."""

from uuid import UUID

from accounts.machines.services import tell_token_reuse as telling
from sondervoice.kernel.jobs import job


@job("accounts.tell_token_reuse")
def tell_token_reuse(
    *, organization_id: UUID | None, family_id: UUID, user_id: UUID
) -> None:
    """Tell a person that one of their refresh tokens was used twice."""
    telling.tell_token_reuse(family_id=family_id, user_id=user_id)
