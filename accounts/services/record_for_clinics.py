"""Write down what concerns a person, for each of their clinics to see."""

from dataclasses import replace
from uuid import UUID

from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit, tenancy


def record_for_clinics(entry: audit.Entry, *, user_id: UUID) -> None:
    """Write the entry as it is, and once more for each clinic of the person.

    The first is of no clinic: it is there for people who belong to none, and stays when
    somebody leaves. To be called outside any scope.
    """
    audit.record(entry)
    for organization_id in organizations_for_user(user_id):
        with tenancy.scope(organization_id):
            audit.record(replace(entry, organization_id=organization_id))
