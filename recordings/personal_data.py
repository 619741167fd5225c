"""What recordings keeps of callers, and how it goes away."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from recordings.models import Recording, Utterance
from recordings.objects.places import delete_everywhere, present_anywhere
from recordings.spool import removing, spool_path
from recordings.storage_names import object_name
from sondervoice.kernel import tenancy
from sondervoice.kernel.copies import CopyRef
from sondervoice.kernel.personal_data import DataClass
from telephony.call_clocks import CallClock
from telephony.call_copies import copies_of_calls
from telephony.models import Call


class Sound(CallClock):
    """The sound of a call: the stored object, its picture, and a spool left behind."""

    name = "recordings.audio"
    data_class = DataClass.AUDIO
    columns = frozenset(
        {"recordings.Recording.object_name", "recordings.Recording.peaks"}
    )

    def copies(self, ids: Sequence[UUID]) -> Sequence[CopyRef]:
        """Return where the carrier may have sound of these calls, too."""
        return copies_of_calls(ids)

    def erase_rows(self, ids: Sequence[UUID]) -> int:
        """Note that it is erased; the files go once that is committed."""
        count: int = (
            Recording.with_deleted.filter(call__any=ids)
            .exclude(status=Recording.Status.ERASED)
            .update(status=Recording.Status.ERASED, object_name="", peaks=[])
        )
        return count

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Delete the objects and the spools, then keys that open nothing any more.

        Raises:
            SpoolBusyError: If one is being stored just now: what is under way would
                land behind us.
        """
        with removing(_spool(organization_id, one) for one in ids):
            delete_everywhere(
                [object_name(organization_id, one) for one in ids],
                places=_places(ids, organization_id),
            )
        super().destroy(ids, organization_id=organization_id)

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return calls that have a row, a file, or a key and nothing to open."""
        left = set(super().remains(ids, organization_id=organization_id))
        names = {object_name(organization_id, one): one for one in ids}
        places = _places(ids, organization_id)
        left |= {names[one] for one in present_anywhere(names, places=places)}
        return left | {one for one in ids if _spool(organization_id, one).exists()}

    def still_there(self, ids: Sequence[UUID]) -> Collection[UUID]:
        """Return the calls that have a recording."""
        rows = self.having(Call.with_deleted.filter(id__any=ids))
        return set(rows.values_list("id", flat=True))

    def having(self, calls: QuerySet[Call]) -> QuerySet[Call]:
        """Return those of the calls that have a recording."""
        kept = Recording.with_deleted.exclude(status=Recording.Status.ERASED)
        return calls.filter(id__in=kept.values("call_id"))


class Words(CallClock):
    """The transcript of a call."""

    name = "recordings.transcript"
    data_class = DataClass.TRANSCRIPT
    columns = frozenset(
        {
            "recordings.Utterance.text_sealed",
            "recordings.Utterance.heard_sealed",
        }
    )

    def erase_rows(self, ids: Sequence[UUID]) -> int:
        """Delete the lines; return how many calls had any."""
        count = len(self.still_there(ids))
        Utterance.with_deleted.filter(call__any=ids).delete()
        return count

    def still_there(self, ids: Sequence[UUID]) -> Collection[UUID]:
        """Return the calls with lines."""
        rows = self.having(Call.with_deleted.filter(id__any=ids))
        return set(rows.values_list("id", flat=True))

    def having(self, calls: QuerySet[Call]) -> QuerySet[Call]:
        """Return those of the calls that have lines."""
        return calls.filter(id__in=Utterance.with_deleted.values("call_id"))


def _spool(organization_id: UUID, call_id: UUID) -> Path:
    return spool_path(Path(settings.SPOOL_DIR), organization_id, call_id)


def _places(ids: Sequence[UUID], organization_id: UUID) -> set[str]:
    """Return where these calls' sound was put, as their rows say."""
    with tenancy.scope(organization_id):
        rows = Recording.with_deleted.filter(call__any=ids)
        return set(rows.values_list("place", flat=True).distinct())


_WORD: Final = "a word of our own list"
WITHOUT_HOLDER: Final = {
    "recordings.Recording.status": _WORD,
    "recordings.Recording.place": "the name of a bucket of ours",
    "recordings.Utterance.speaker": _WORD,
    "recordings.Utterance.language": _WORD,
    "recordings.Utterance.heard": _WORD,
}
