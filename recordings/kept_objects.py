"""Which sealed recordings should be where, and which are."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.conf import settings

from accounts.way_in import organization_ids
from recordings.models import Recording
from recordings.objects.places import known_places, objects_at
from sondervoice.kernel import tenancy
from sondervoice.kernel.stored_objects import Expected, Listed


class KeptRecordings:
    """Counts them, and tells what rows say of them."""

    def buckets(self) -> Sequence[str]:
        """Return the buckets that the settings name."""
        return [bucket.place for bucket in settings.RECORDINGS_BUCKETS]

    def places(self) -> Sequence[str]:
        """Return these, the files, and what rows name besides."""
        found = dict.fromkeys(known_places())
        for organization_id in organization_ids():
            with tenancy.scope(organization_id):
                rows = Recording.with_deleted.filter(status=Recording.Status.STORED)
                named = list(rows.values_list("place", flat=True).distinct())
            found |= dict.fromkeys(named)
        return tuple(found)

    def listed(self, place: str) -> Iterator[Listed]:
        """Yield what a place holds."""
        if place not in known_places():
            raise LookupError(place)
        return objects_at(place).listed()

    def expected(self, place: str) -> Iterator[Expected]:
        """Yield what rows say is there, clinic by clinic: a name begins with its id."""
        for organization_id in sorted(organization_ids()):
            yield from _of_clinic(organization_id, place)


def _of_clinic(organization_id: UUID, place: str) -> list[Expected]:
    with tenancy.scope(organization_id):
        rows = Recording.with_deleted.filter(
            status=Recording.Status.STORED, place=place
        ).order_by("call_id")
        found = rows.values_list("call_id", "object_name", "size_bytes")
        return [Expected(*row) for row in found.iterator()]
