"""What a provider said of a person, once every check of its answer has passed."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """One person, as a provider knows them.

    Attributes:
        email: In lower case; empty when none was said.
        is_verified: Whether the provider says that the address is theirs.
        has_second_factor: Whether the provider says that they showed one.
        names: Of all claims that came, for the test of a connection.
    """

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str
    groups: tuple[str, ...]
    has_second_factor: bool
    names: tuple[str, ...]

    @property
    def domain(self) -> str:
        """The part of the address behind its last @."""
        return self.email.rpartition("@")[2]

    def as_bytes(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self)).encode()


def read_claims(written: bytes) -> Claims:
    """Return what `Claims.as_bytes` wrote."""
    said = json.loads(written)
    return Claims(**said | {key: tuple(said[key]) for key in ("groups", "names")})
