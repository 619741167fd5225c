"""What recordings keeps of callers, and how it goes away."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from recordings.models import Recording, Utterance
from recordings.objects.places import delete_everywhere, present_anywhere
from recordings.spool import have_spool, removing, spool_path
from recordings.storage_names import object_name
from sondervoice.kernel import tenancy
from sondervoice.kernel.copies import CopyRef
from sondervoice.kernel.personal_data import DataClass
from sondervoice.kernel.purposes import Basis, Purpose, Shown, Subject, Use
from telephony.call_clocks import CallClock
from telephony.call_copies import copies_of_calls

_PAGE: Final = "recordings.transcript.read"


class Sound(CallClock):
    """The sound of a call: the stored object, its picture, and a spool left behind."""

    name = "recordings.audio"
    data_class = DataClass.AUDIO
    columns = frozenset(
        {"recordings.Recording.object_name", "recordings.Recording.peaks"}
    )
    use = Use(
        title="Sound of calls",
        of=Subject.CALLERS,
        purpose=Purpose.RECORDING,
        basis=Basis.CONSENT,
        sent_to=("carrier", "storage"),
        shown=(
            Shown(
                column="recordings.Recording.object_name",
                words="Recordings",
                seen_by=frozenset({"recordings.playback.granted"}),
            ),
            Shown(
                column="recordings.Recording.peaks",
                words="The picture of a recording",
                seen_by=frozenset({_PAGE}),
            ),
        ),
    )

    def copies(self, ids: Sequence[UUID]) -> Sequence[CopyRef]:
        """Return where the carrier may have sound of these calls, too."""
        return copies_of_calls(ids)

    def erase_rows(self, ids: Sequence[UUID]) -> None:
        """Note that it is erased; the files go once that is committed."""
        _kept().filter(call__any=ids).update(
            status=Recording.Status.ERASED, object_name="", peaks=[]
        )

    def has_any(self) -> Q:
        """Return what matches the calls that have a recording."""
        return Q(Exists(_kept().filter(call=OuterRef("pk"))))

    def destroy_files(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Delete the objects and the spools.

        Raises:
            SpoolBusyError: If one is being stored just now: what is under way would
                land behind us.
        """
        folder = Path(settings.SPOOL_DIR)
        there = have_spool(folder, organization_id, ids)
        with removing(spool_path(folder, organization_id, one) for one in there):
            delete_everywhere(
                [object_name(organization_id, one) for one in ids],
                places=_places(ids, organization_id),
            )

    def files_left(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return the calls that have an object anywhere, or a spool."""
        names = {object_name(organization_id, one): one for one in ids}
        places = _places(ids, organization_id)
        left = {names[one] for one in present_anywhere(names, places=places)}
        return left | have_spool(Path(settings.SPOOL_DIR), organization_id, ids)


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
    use = Use(
        title="What was said, as text",
        of=Subject.CALLERS,
        purpose=Purpose.RECORDING,
        basis=Basis.SERVICE,
        shown=tuple(
            Shown(column=column, words=words, seen_by=frozenset({_PAGE}))
            for column, words in (
                ("recordings.Utterance.text_sealed", "Transcripts"),
                ("recordings.Utterance.heard_sealed", "Sentences heard in part"),
            )
        ),
    )

    def erase_rows(self, ids: Sequence[UUID]) -> None:
        """Delete the lines."""
        Utterance.with_deleted.filter(call__any=ids).delete()

    def has_any(self) -> Q:
        """Return what matches the calls that have lines."""
        return Q(Exists(Utterance.with_deleted.filter(call=OuterRef("pk"))))


def _kept() -> QuerySet[Recording]:
    return Recording.with_deleted.exclude(status=Recording.Status.ERASED)


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
