"""Writes down who reached for more among people than the rules let them have."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from accounts.actors import Actor
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.errors import SonderError


@contextmanager
def note_refusals(
    actor: Actor,
    *,
    of: tuple[type[SonderError], ...],
    subject_kind: str,
    subject_id: UUID | None,
) -> Iterator[None]:
    """Write one row when what is done in the block raises one of these errors.

    It stands outside the transaction of the change, which is undone: within the
    clinic's scope if that is open still, otherwise in one of its own.

    Raises:
        SonderError: As the block does.
    """
    try:
        yield
    except of:
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
