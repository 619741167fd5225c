"""The links of letters: signed, and each dead once a newer one was sent.

A link names a row and the number of its letter; nothing secret is stored. What it
leads to is done by a form on the page, never by the visit: mail programs visit links.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse


class LinkKind(StrEnum):
    """What a link is for; a link of one kind is worth nothing to another."""

    SIGN_UP = "sign-up"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link names.

    Attributes:
        organization_id: Null for a clinic that is not there yet.
    """

    kind: LinkKind
    row_id: UUID
    number: int
    organization_id: UUID | None = None

    def path(self) -> str:
        """Return its address, without the host."""
        parts = [self.row_id.hex, str(self.number)]
        if self.organization_id is not None:
            parts.append(self.organization_id.hex)
        token = _signer(self.kind).sign("-".join(parts))
        return reverse(f"{self.kind.value}-link", args=[token])


def read_link(kind: LinkKind, token: str) -> Link | None:
    """Return what the link names, or None if we have not written it."""
    try:
        row_id, number, *rest = _signer(kind).unsign(token).split("-")
    except BadSignature:
        return None
    return Link(
        kind=kind,
        row_id=UUID(row_id),
        number=int(number),
        organization_id=UUID(rest[0]) if rest else None,
    )


def _signer(kind: LinkKind) -> Signer:
    return Signer(salt=f"accounts.joining.{kind.value}")
