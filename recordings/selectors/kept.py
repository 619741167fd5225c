"""How much of a call is kept already, for a line that is built again."""

from dataclasses import dataclass
from uuid import UUID

from recordings.models import Utterance
from sondervoice.kernel import tenancy
from telephony.models import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Counts of a call's rows."""

    utterances: int
    turns: int


def count_kept(*, organization_id: UUID, call_id: UUID) -> Kept:
    """Return what an earlier stream of this call has left."""
    with tenancy.scope(organization_id):
        return Kept(
            utterances=Utterance.objects.filter(call_id=call_id).count(),
            turns=Turn.objects.filter(call_id=call_id).count(),
        )
