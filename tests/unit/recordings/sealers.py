"""Keys of calls that nobody made, for what needs no database."""

from uuid import UUID

from compliance.keys.call_sealer import CallSealer
from compliance.keys.sealing import new_key

ORGANIZATION = UUID("0197d000-0000-7000-8000-00000000000a")
CALL = UUID("0197d000-0000-7000-8000-00000000000b")
OTHER_CALL = UUID("0197d000-0000-7000-8000-00000000000c")


def make_sealer(call_id: UUID = CALL, key: bytes | None = None) -> CallSealer:
    """Return the sealer of a call, by default with a key of its own."""
    return CallSealer(ORGANIZATION, call_id, key or new_key())
