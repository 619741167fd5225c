"""What a call's sealed sound is called in storage (pure)."""

from uuid import UUID


def object_name(organization_id: UUID, call_id: UUID) -> str:
    """Return the one name it is stored under: what is erased is found without a row."""
    return f"{organization_id}/{call_id}.sealed"
