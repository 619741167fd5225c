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
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from accounts.derived_keys import derive_key
from sondervoice.kernel import audit

_DIGITS: Final = 16
_MADE: Final = frozenset({"after"})
_GONE: Final = frozenset({"before"})
_BECAME: Final = _MADE | _GONE

# Each action that changes how a clinic is set up, with the hashes that its row must
# have. The record takes no row of them without.
CONFIGURATION: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "accounts.agency.left": _GONE,
        "accounts.api_key.created": _MADE,
        "accounts.api_key.ended": _GONE,
        "accounts.api_key.kept": _BECAME,
        "accounts.api_key.made": _MADE,
        "accounts.custom_role.changed": _BECAME,
        "accounts.custom_role.made": _MADE,
        "accounts.custom_role.retired": _GONE,
        "accounts.invitation.limited": _BECAME,
        "accounts.limits.changed": _BECAME,
        "accounts.member.limited": _BECAME,
        "accounts.membership.ended": _GONE,
        "accounts.membership.left": _GONE,
        "accounts.membership.resumed": _MADE,
        "accounts.membership.role_changed": _BECAME,
        "accounts.operator_help.set": _BECAME,
        "accounts.organization.changed": _BECAME,
        # Who was no member has nothing before.
        "accounts.owner.appointed": _MADE,
        "accounts.plan.set": _BECAME,
        "accounts.sso.domain_added": _MADE,
        "accounts.sso.domain_closed": _BECAME,
        "accounts.sso.domain_proved": _BECAME,
        "accounts.sso.domain_removed": _GONE,
        "accounts.sso.enforced": _BECAME,
        "accounts.sso.relaxed": _BECAME,
        # The first time there is nothing before.
        "accounts.sso.set_up": _MADE,
        "accounts.sso.taken_away": _GONE,
        "accounts.sso.turned_off": _BECAME,
        "accounts.sso.turned_on": _BECAME,
        "compliance.alert_thresholds.changed": _BECAME,
        "compliance.hold.placed": _MADE,
        "compliance.hold.released": _GONE,
        "compliance.hold.reviewed": _BECAME,
        "compliance.retention.changed": _BECAME,
        "telephony.number.moved": _BECAME,
        "telephony.place.added": _MADE,
        "telephony.place.renamed": _BECAME,
    }
)


def missing_hashes(action: str, facts: Mapping[str, audit.Fact]) -> set[str]:
    """Return the hashes that a row of this action lacks."""
    return set(CONFIGURATION.get(action, ())) - facts.keys()


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
