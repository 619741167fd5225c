"""What a configuration was before a change and after it, as two short keyed hashes.

The record must show that something became another, or was put back as it was, and must
not hold what it was: a name is in no row, and a short value cannot be guessed from its
hash without the key. Each clinic has a key of its own, made from SECRET_KEY; hashes
from before another SECRET_KEY compare with those from before it alone.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from accounts.derived_keys import derive_key
from sondervoice.kernel import audit

_DIGITS: Final = 16


def hashes_of(
    organization_id: UUID,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> dict[str, audit.Fact]:
    """Return the facts `before` and `after`; one that is None is left out.

    Args:
        organization_id: Whose configuration it is.
        before: What was set, by name; None for what is new.
        after: What is set now; None for what is gone.
    """
    key = derive_key("configuration", salt=organization_id.bytes)
    values = {"before": before, "after": after}
    return {
        name: _digest(key, value) for name, value in values.items() if value is not None
    }


def _digest(key: bytes, value: Mapping[str, Any]) -> audit.Digest:
    text = json.dumps(value, sort_keys=True, default=str, separators=(",", ":"))
    made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return audit.Digest(made[:_DIGITS])
