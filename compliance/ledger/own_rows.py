"""Rows of the record about one person, for that person alone."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from compliance.ledger.models import AuditLog
from sondervoice.kernel.tenancy import open_organization_id


def rows_about(
    *, user_id: UUID, membership_ids: Collection[UUID], at_most: int
) -> list[AuditLog]:
    """Return what they did and what was done to them, newest first.

    Of the clinic whose scope is open; outside any, of no clinic.
    """
    theirs = Q(actor_id=user_id) | Q(subject_id__in=[user_id, *membership_ids])
    rows = AuditLog.unscoped.filter(theirs, organization_id=open_organization_id())
    return list(rows.order_by("-at", "-id")[:at_most])
