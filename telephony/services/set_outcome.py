"""Say what came of a call: the word that matters most stands."""

from typing import Final
from uuid import UUID

from telephony.models import Call

Outcome = Call.Outcome

# A booking and its cancellation are worth the same: the later one is the truth. An
# emergency stands above all, since staff look for it by this word.
_RANKS: Final = {
    Outcome.NONE: 0,
    Outcome.INFO: 1,
    Outcome.MESSAGE: 2,
    Outcome.TRANSFERRED: 3,
    Outcome.BOOKED: 4,
    Outcome.CANCELLED: 4,
    Outcome.EMERGENCY: 5,
}


def set_outcome(*, call_id: UUID, outcome: Call.Outcome) -> None:
    """Set the outcome unless the call has a weightier one, in one UPDATE."""
    rank = _RANKS[outcome]
    lighter = [other.value for other, its in _RANKS.items() if its <= rank]
    Call.objects.filter(pk=call_id, outcome__in=lighter).update(outcome=outcome)
