"""Wait for one's turn to change what somebody is to the open clinic, or sees of it."""

from uuid import UUID

from accounts.models import Organization


def wait_for_turn(organization_id: UUID) -> None:
    """Wait until no other change of the clinic's roles and limits is under way.

    Whatever is read of standings after it holds until the transaction ends.
    """
    # Rows that name the clinic may still be written meanwhile, calls above all.
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
