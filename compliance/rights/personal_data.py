"""What requests know of who asked, and how it goes away."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from compliance.keys.keys import keys
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.services.conclude import forget
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import (
    DataClass,
    Everything,
    Hold,
    LeftBin,
    OfCall,
    OfCaller,
    Selection,
    TimeUp,
)
from sondervoice.kernel.purposes import Basis, Held, Purpose, Shown, Subject, Use

_READ: Final = frozenset({"compliance.rights_request.read"})


class Askers:
    """Who asked: needed until they are answered, then for a package to be fetched."""

    name = "rights.askers"
    data_class = DataClass.METADATA
    columns = frozenset(
        {
            "rights.RightsRequest.phone_index",
            "rights.RightsRequest.phone_sealed",
            "rights.RightsRequest.email_sealed",
            "rights.RightsRequest.words_sealed",
        }
    )
    use = Use(
        title="Who asked about their own data, and their words",
        of=Subject.CALLERS,
        purpose=Purpose.RIGHTS,
        basis=Basis.LEGAL_DUTY,
        sent_to=("carrier", "mail"),
        kept="Until the answer, and while the package can be fetched",
        shown=tuple(
            Shown(column=column, words=words, seen_by=_READ)
            for column, words in (
                ("rights.RightsRequest.phone_sealed", "Numbers of who asked"),
                ("rights.RightsRequest.email_sealed", "Addresses of who asked"),
                ("rights.RightsRequest.words_sealed", "Words of who asked"),
            )
        ),
    )

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return requests that are to forget, locked; no hold covers them."""
        few = _due(selection).order_by("id").select_for_update(skip_locked=True)
        return list(few.values_list("id", flat=True)[:limit])

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether any request is to forget."""
        return _due(selection).exists()

    def count_due(self, selection: Selection, *, limit: int) -> int:
        """Return how many requests are to forget."""
        return _due(selection)[:limit].count()

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Let them forget who asked."""
        rows = list(_knowing().filter(id__in=ids))
        for request in rows:
            forget(request, now=now)
        CallerMark.objects.filter(request_id__in=ids).exclude(lifted_at=None).update(
            caller_index=b""
        )
        return len(rows)

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Destroy the requests' own keys."""
        for row_id in ids:
            keys().destroy_row_key(organization_id=organization_id, row_id=row_id)

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return those that still know, or have a key."""
        with tenancy.scope(organization_id):
            left = set(_knowing().filter(id__any=ids).values_list("id", flat=True))
        has_key = partial(keys().has_row_key, organization_id=organization_id)
        return left | {one for one in ids if has_key(row_id=one)}

    def shorten(self, *, days: int, limit: int) -> int:
        """Do nothing: the law sets these days, not the clinic."""
        return 0

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return 0: what a clinic chooses changes nothing here."""
        return 0


def _knowing() -> QuerySet[RightsRequest]:
    return RightsRequest.objects.filter(forgotten_at=None)


def _due(selection: Selection) -> QuerySet[RightsRequest]:
    match selection:
        case TimeUp(before):
            return _knowing().filter(package_until__lte=before)
        case OfCaller(index, before):
            # Who asks is needed until that is answered, the erasure's own asker too.
            theirs = _knowing().filter(phone_index=index, asked_at__lt=before)
            return theirs.filter(concluded_at__isnull=False)
        case LeftBin() | OfCall():
            return _knowing().none()
        case Everything():
            return _knowing()


HELD: Final = (
    Held(
        name="rights.answers",
        use=Use(
            title="Answers to them, and whose wish is minded when they call again",
            of=Subject.CALLERS,
            purpose=Purpose.RIGHTS,
            basis=Basis.LEGAL_DUTY,
            kept="Until 30 days after the answer, or after a wish is lifted; whose "
            "wish it was, until it is lifted",
        ),
        columns=frozenset(
            {
                "rights.RightsRequest.refusal_sealed",
                "rights.RightsRequest.extension_sealed",
                "rights.CallerMark.caller_index",
                "rights.CallerMark.reason_sealed",
            }
        ),
    ),
)
_WORD: Final = "a word of our own list"
WITHOUT_HOLDER: Final = {
    "rights.RightsRequest.kind": _WORD,
    "rights.RightsRequest.source": _WORD,
    "rights.RightsRequest.verified": _WORD,
    "rights.RightsRequest.checkpoint": _WORD,
    "rights.RightsRequest.refusal_ground": _WORD,
    "rights.RightsStep.checkpoint": _WORD,
    "rights.RightsStep.counts": "numbers alone",
    "rights.CallerMark.kind": _WORD,
}
