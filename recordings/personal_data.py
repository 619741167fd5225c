"""What recordings keeps of callers, and how it goes away."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import storages
from django.db.models import QuerySet

from recordings.models import Recording, Utterance
from recordings.spool import spool_path
from recordings.storage_names import object_name
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
            Recording.objects.filter(call__any=ids)
            .exclude(status=Recording.Status.ERASED)
            .update(status=Recording.Status.ERASED, object_name="", peaks=[])
        )
        return count

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Delete the objects and the spools, then keys that open nothing any more."""
        for call_id in ids:
            storages["recordings"].delete(object_name(organization_id, call_id))
            _spool(organization_id, call_id).unlink(missing_ok=True)
        super().destroy(ids, organization_id=organization_id)

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return calls that have a row, a file, or a key and nothing to open."""
        left = set(super().remains(ids, organization_id=organization_id))
        return left | {one for one in ids if _has_file(organization_id, one)}

    def still_there(self, ids: Sequence[UUID]) -> Collection[UUID]:
        """Return the calls that have a recording."""
        rows = self.having(Call.objects.filter(id__any=ids))
        return set(rows.values_list("id", flat=True))

    def having(self, calls: QuerySet[Call]) -> QuerySet[Call]:
        """Return those of the calls that have a recording."""
        kept = Recording.objects.exclude(status=Recording.Status.ERASED)
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
        Utterance.objects.filter(call__any=ids).delete()
        return count

    def still_there(self, ids: Sequence[UUID]) -> Collection[UUID]:
        """Return the calls with lines."""
        rows = self.having(Call.objects.filter(id__any=ids))
        return set(rows.values_list("id", flat=True))

    def having(self, calls: QuerySet[Call]) -> QuerySet[Call]:
        """Return those of the calls that have lines."""
        return calls.filter(id__in=Utterance.objects.values("call_id"))


def _spool(organization_id: UUID, call_id: UUID) -> Path:
    return spool_path(Path(settings.SPOOL_DIR), organization_id, call_id)


def _has_file(organization_id: UUID, call_id: UUID) -> bool:
    stored = storages["recordings"].exists(object_name(organization_id, call_id))
    return stored or _spool(organization_id, call_id).exists()


_WORD: Final = "a word of our own list"
WITHOUT_HOLDER: Final = {
    "recordings.Recording.status": _WORD,
    "recordings.Utterance.speaker": _WORD,
    "recordings.Utterance.language": _WORD,
    "recordings.Utterance.heard": _WORD,
}
