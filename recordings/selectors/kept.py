"""How much of a call is kept already, for a line that is built again."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from recordings.models import Utterance
from sondervoice.kernel import tenancy
from telephony.models import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The greatest numbers of a call's rows, 0 for none."""

    utterances: int
    turns: int


def count_kept(*, organization_id: UUID, call_id: UUID) -> Kept:
    """Return what an earlier stream of this call has left."""
    with tenancy.scope(organization_id):
        return Kept(
            utterances=greatest_number(Utterance, call_id),
            turns=greatest_number(Turn, call_id),
        )


def greatest_number(model: type[Utterance | Turn], call_id: UUID) -> int:
    """Return the greatest number of the call's rows, in the open scope.

    A count would not do: a row that could not be written leaves a gap.
    """
    rows = model.objects.filter(call_id=call_id)
    return int(rows.aggregate(most=Max("number"))["most"] or 0)
