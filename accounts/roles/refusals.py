"""Writes down who reached for a role that was not theirs to give."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from accounts.actors import Actor
from accounts.roles.errors import LastOwnerError, RoleNotFoundError, RoleNotYoursError
from sondervoice.kernel import audit, tenancy


@contextmanager
def refusals_noted(
    actor: Actor, *, subject_kind: str, subject_id: UUID | None
) -> Iterator[None]:
    """Write one row when the rules refuse what is done in the block.

    It stands outside the transaction of the change, which is undone: within the
    clinic's scope if that is open still, otherwise in one of its own.

    Raises:
        RoleNotYoursError: As the block does; so the others.
        RoleNotFoundError: Also for a role of another clinic.
        LastOwnerError: If the clinic would have no owner.
    """
    try:
        yield
    except (RoleNotYoursError, RoleNotFoundError, LastOwnerError):
        with tenancy.scope(actor.organization_id):
            audit.record(
                audit.Entry(
                    action="accounts.role.refused",
                    organization_id=actor.organization_id,
                    actor_kind=actor.kind,
                    actor_id=actor.id,
                    subject_kind=subject_kind,
                    subject_id=subject_id,
                )
            )
        raise
