"""What is set of a machine's key, for the hashes that its rows of the record hold."""

from datetime import UTC

from accounts.models import ApiKey


def key_state(key: ApiKey) -> dict[str, object]:
    """Return all that says what the key opens, for how long, from where, and whose."""
    # Keys that the product makes have no rule.
    rule = getattr(key, "rule", None)
    ends = key.expires_at
    return {
        "name": key.name,
        "scopes": key.scopes,
        "expires_at": None if ends is None else ends.astimezone(UTC).isoformat(),
        "networks": [] if rule is None else rule.networks,
        "answered_by": None if rule is None else rule.kept_by_id or rule.made_by_id,
    }
