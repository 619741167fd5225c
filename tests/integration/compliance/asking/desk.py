"""A small desk of the clinics' requests, and a telephone that keeps its texts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.outbound import Text
from sondervoice.kernel.rights import Answer, Person, RightsKind, request_concluded

DUE = date(2026, 12, 20)


@dataclass
class FakeDesk:
    """Knows some people at some clinics; a clinic of `broken` fails.

    Attributes:
        opened: What was asked of a clinic that knows the person.
        looked: Each question, in the scope it was asked in.
    """

    knows: dict[UUID, set[str]] = field(default_factory=dict)
    broken: set[UUID] = field(default_factory=set)
    opened: dict[tuple[UUID, UUID, RightsKind], UUID] = field(default_factory=dict)
    looked: list[tuple[UUID | None, Person, str]] = field(default_factory=list)
    answers: dict[UUID, Answer] = field(default_factory=dict)

    def open_request(
        self,
        *,
        organization_id: UUID,
        asking_id: UUID,
        kind: RightsKind,
        person: Person,
        words: str,
        now: datetime,
    ) -> UUID | None:
        """Open one, as the port says."""
        assert tenancy.open_organization_id() == organization_id
        if organization_id in self.broken:
            raise RuntimeError("the scope of this clinic fails")
        self.looked.append((organization_id, person, words))
        known = self.knows.get(organization_id, set())
        if not known & ({person.phone_e164, person.email} - {""}):
            return None
        key = (organization_id, asking_id, kind)
        request_id = self.opened.setdefault(key, uuid7())
        self.answers.setdefault(request_id, _answer("open"))
        return request_id

    def read_answer(self, *, organization_id: UUID, request_id: UUID) -> Answer:
        """Return it, as the port says."""
        assert tenancy.open_organization_id() == organization_id
        return self.answers[request_id]

    def open_package(
        self, *, organization_id: UUID, request_id: UUID
    ) -> Iterator[bytes]:
        """Yield two pieces."""
        assert tenancy.open_organization_id() is None
        yield b"PK-first-"
        yield request_id.bytes

    def conclude(self, organization_id: UUID, **changes: object) -> UUID:
        """Answer the one request of the clinic, and say so."""
        ((key, request_id),) = (
            one for one in self.opened.items() if one[0][0] == organization_id
        )
        self.answers[request_id] = _answer("done", **changes)
        with tenancy.scope(organization_id):
            request_concluded.send(
                organization_id=organization_id,
                request_id=request_id,
                asking_id=key[1],
            )
        return request_id


def _answer(status: str, **changes: object) -> Answer:
    is_open = status == "open"
    values: dict[str, object] = {
        "kind": RightsKind.ERASE,
        "status": status,
        "concluded_at": None if is_open else datetime(2026, 11, 30, 9, tzinfo=UTC),
        "due_on": DUE,
        "clinic_name": "Alder Clinic",
        "reason_words": "",
        "package_ready": False,
    }
    return Answer(**{**values, **changes})


@dataclass
class Telephone:
    """Keeps what is sent to it.

    Attributes:
        is_ready: Whether texts can be sent at all.
    """

    texts: list[Text] = field(default_factory=list)
    is_ready: bool = True
