"""The sealed fields of a call, opened: the number and the name of who called."""

from compliance.keys.call_sealer import CallSealer
from telephony.models import Call

TABLE = "telephony_call"


def caller_e164(call: Call, sealer: CallSealer) -> str:
    """Return the caller's number, or empty when it was withheld or is erased."""
    if not call.caller_sealed:
        return ""
    return sealer.open(
        call.caller_sealed, table=TABLE, column="caller_sealed", row_id=call.id
    )


def caller_name(call: Call, sealer: CallSealer) -> str:
    """Return the name the caller gave, or empty when none was given."""
    if call.caller_name_sealed is None:
        return ""
    return sealer.open(
        call.caller_name_sealed,
        table=TABLE,
        column="caller_name_sealed",
        row_id=call.id,
    )


def mask_e164(e164: str) -> str:
    """Return a number with all but the country's start and the last two hidden."""
    if not e164:
        return ""
    return f"{e164[:2]} ••• ••• ••{e164[-2:]}"
