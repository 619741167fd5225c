"""Writes down who reached for a role that was not theirs to give."""

from contextlib import AbstractContextManager
from uuid import UUID

from accounts.actors import Actor
from accounts.roles.errors import LastOwnerError, RoleNotFoundError, RoleNotYoursError
from accounts.services.note_refusals import note_refusals


def refusals_noted(
    actor: Actor, *, subject_kind: str, subject_id: UUID | None
) -> AbstractContextManager[None]:
    """Write one row when the rules of roles refuse what is done in the block.

    Raises (from the block):
        RoleNotYoursError: As the block does; so the others.
        RoleNotFoundError: Also for a role of another clinic.
        LastOwnerError: If the clinic would have no owner.
    """
    return note_refusals(
        actor,
        of=(RoleNotYoursError, RoleNotFoundError, LastOwnerError),
        subject_kind=subject_kind,
        subject_id=subject_id,
    )
