"""How far the copies of a run are, for who waits for them; in the open scope."""

from uuid import UUID

from compliance.copies.models import CopyRun


def are_settled(run_id: UUID) -> bool:
    """Return whether the run is finished and each copy is gone, or a person told."""
    return CopyRun.objects.filter(run_id=run_id, settled_at__isnull=False).exists()


def are_gone(run_id: UUID) -> bool:
    """Return whether the run is finished and each copy is gone."""
    return CopyRun.objects.filter(run_id=run_id, gone_at__isnull=False).exists()
