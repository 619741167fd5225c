"""Who called, opened for those who may know."""

from dataclasses import dataclass
from typing import Final

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.call_sealer import CallSealer, sealer_for_call
from compliance.keys.store import KeyGoneError
from telephony.models import Call
from telephony.sealed import caller_e164, caller_name, mask_e164
from telephony.selectors.sight import Sight

# Where national numbers are written in groups of their own.
_NORTH_AMERICA: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The person at the other end.

    Attributes:
        name: As given in the call, empty when none was or it may not be seen.
        number: To be shown: spaced, or masked for who may not see it; empty when
            withheld.
        call_back: E.164 for a link, empty when withheld or masked.
        is_erased: The call's key is gone, or its number was erased and no name is left.
        is_masked: There is more that the actor does not see.
    """

    name: str = ""
    number: str = ""
    call_back: str = ""
    is_erased: bool = False
    is_masked: bool = False

    @property
    def title(self) -> str:
        """Return what to call them on a page."""
        if self.is_erased:
            return "Caller erased"
        return self.name or self.number or "Number withheld"

    @property
    def number_beside(self) -> str:
        """Return the number where the title does not say it already."""
        return self.number if self.name else ""


def find_sealer(call: Call) -> CallSealer | None:
    """Return the call's sealer, or None once its key has been destroyed."""
    try:
        return sealer_for_call(organization_id=call.organization_id, call_id=call.id)
    except KeyGoneError:
        return None


def read_caller(
    *, actor: Actor, call: Call, sealer: CallSealer | None, sight: Sight
) -> Caller:
    """Return who called, as far as the actor may know.

    Raises:
        PermissionMissingError: If the actor may not see calls.
        SealBrokenError: If the row was changed in the database.
    """
    actor.require(Permission.CALLS_VIEW)
    if sealer is None:
        return Caller(is_erased=True)
    e164, name = caller_e164(call, sealer), caller_name(call, sealer)
    if call.metadata_erased_at is not None and not name:
        return Caller(is_erased=True)
    if not sight.sees(call.id) or sight.restricts(call.caller_index):
        return Caller(number=mask_e164(e164), is_masked=bool(e164 or name))
    return Caller(name=name, number=spaced(e164), call_back=e164)


def spaced(e164: str) -> str:
    """Return a number in groups that can be read out."""
    if e164.startswith("+1") and len(e164) == _NORTH_AMERICA:
        return f"+1 {e164[2:5]} {e164[5:8]} {e164[8:]}"
    head, rest = e164[:3], e164[3:]
    groups = [rest[start : start + 3] for start in range(0, len(rest), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join([head, *groups]) if e164 else ""
