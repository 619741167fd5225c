"""The lines of the record about people's requests to us; in no clinic."""

from uuid import UUID

from compliance.asking.models import PrivacyRequest
from sondervoice.kernel import audit
from sondervoice.kernel.audit import Fact
from sondervoice.kernel.rights import RightsKind


def asked(row: PrivacyRequest) -> None:
    """Write that a person asked something of us."""
    _write("compliance.privacy_request.asked", row, by=("user", row.user_id))


def served(row: PrivacyRequest) -> None:
    """Write that what was asked was done at once: own data given, an account erased."""
    _write("compliance.privacy_request.served", row, by=("user", row.user_id))


def put_off(row: PrivacyRequest, *, operator_id: UUID, days: int) -> None:
    """Write that an operator takes longer, by so many days after the asking."""
    by = ("operator", operator_id)
    _write("compliance.privacy_request.put_off", row, by=by, days=days)


def answered(row: PrivacyRequest, *, operator_id: UUID, is_done: bool) -> None:
    """Write that an operator answered, and whether it was done."""
    by = ("operator", operator_id)
    _write("compliance.privacy_request.answered", row, by=by, is_done=is_done)


def reminded(row: PrivacyRequest) -> None:
    """Write that whoever answers was reminded."""
    _write("compliance.privacy_request.reminded", row, by=("system", None))


def overdue(row: PrivacyRequest) -> None:
    """Write that the time is over and nothing was answered."""
    _write("compliance.privacy_request.overdue", row, by=("system", None))


def _write(
    action: str, row: PrivacyRequest, *, by: tuple[str, UUID | None], **facts: Fact
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind=by[0],
            actor_id=by[1],
            subject_kind="privacy_request",
            subject_id=row.id,
            facts={"kind": RightsKind(row.kind), **facts},
        )
    )
