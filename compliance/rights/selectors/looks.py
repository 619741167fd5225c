"""Looks at a caller's data that name none of it: at their requests, at all at once.

In the open scope, as conditions on rows of the record.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from compliance.rights.models import RightsRequest

# Everything of the clinic was taken along, whoever called.
ALL_TAKEN: Final = "compliance.business_data.exported"
_REQUEST: Final = "rights_request"


def looks_at_requests(caller_index: bytes | memoryview) -> Q:
    """Return what matches rows about what the person of a number asked."""
    return Q(subject_kind=_REQUEST, subject_id__in=_list_ids(bytes(caller_index)))


def looks_at_forgotten() -> Q:
    """Return what matches rows about requests of which nobody knows who asked."""
    known = RightsRequest.objects.exclude(phone_index=b"")
    return Q(subject_kind=_REQUEST) & ~Q(subject_id__in=known.values("pk"))


def takings_since(first_at: datetime) -> Q:
    """Return what matches each time that all data was taken along, from then on."""
    return Q(action=ALL_TAKEN, at__gte=first_at)


def _list_ids(index: bytes) -> list[UUID]:
    # A request that has forgotten who asked has no index, nor has an erased call.
    rows = RightsRequest.objects.filter(phone_index=index) if index else ()
    return [one.pk for one in rows]
