"""End a request: say so to whoever took it, and forget who asked."""

from datetime import datetime, timedelta
from typing import Final

from compliance.retention.services.forget_holds import forget_holds_of
from compliance.rights import record
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.saga import Checkpoint
from compliance.rights.sealed import ASKER_COLUMNS
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.rights import RightsKind, request_concluded

# A package can be fetched for as long as a person may need to find the letter.
PACKAGE_DAYS: Final = 30
PACKED_KINDS: Final = frozenset({RightsKind.ACCESS, RightsKind.EXPORT})


def conclude(request: RightsRequest, *, now: datetime) -> None:
    """Conclude a request that was just moved to its end, in the same transaction.

    Who asked is kept for a package that waits to be fetched, else forgotten.
    """
    request.concluded_at = now
    is_answered = request.checkpoint == Checkpoint.ANSWERED
    if is_answered and request.kind in PACKED_KINDS:
        request.package_until = now + timedelta(days=PACKAGE_DAYS)
        request.save(update_fields=["concluded_at", "package_until"])
    else:
        request.save(update_fields=["concluded_at"])
        if is_answered and request.kind == RightsKind.ERASE:
            _drop_restriction(request, now=now)
            forget_holds_of(caller_index=bytes(request.phone_index), now=now)
        forget(request, now=now)
    if request.asking_id is not None:
        request_concluded.send(
            organization_id=request.organization_id,
            request_id=request.id,
            asking_id=request.asking_id,
        )


def forget(request: RightsRequest, *, now: datetime) -> None:
    """Empty all that says who asked, and have its key destroyed; twice is harmless."""
    if request.forgotten_at is not None:
        return
    # Why the answer took longer is nobody's to read any more.
    columns = ("phone_index", *ASKER_COLUMNS, "extension_sealed")
    for column in columns:
        setattr(request, column, b"")
    request.forgotten_at = now
    request.save(update_fields=[*columns, "forgotten_at"])
    record.forgotten(request)
    after_commit(
        "compliance.rights_destroy_key",
        organization_id=request.organization_id,
        ids={"request_id": request.id},
    )


def _drop_restriction(request: RightsRequest, *, now: datetime) -> None:
    """Take a restriction away with what it kept; an objection counts further on."""
    marks = CallerMark.objects.filter(
        kind=CallerMark.Kind.RESTRICTED, caller_index=bytes(request.phone_index)
    )
    marks.filter(lifted_at=None).update(lifted_at=now, caller_index=b"")
    marks.update(caller_index=b"")
