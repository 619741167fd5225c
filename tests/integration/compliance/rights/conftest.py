from collections.abc import Callable
from uuid import UUID

import pytest

from compliance.copies.events import copies_gone
from compliance.rights.services.decide import approve
from compliance.rights.services.open_request import open_request
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import Person, RightsKind
from tests.cast import HANNAH
from tests.cast_fixtures import day
from tests.integration.compliance.retention.conftest import (
    _spools,
    cast,
    make_due,
    signed_in,
    stopped_clock,
    three,
)
from tests.integration.compliance.retention.nights import THREE
from tests.integration.compliance.rights.asked import fresh_owner

__all__ = ["_spools", "cast", "day", "make_due", "signed_in", "stopped_clock", "three"]


@pytest.fixture(autouse=True)
def _without_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sealed here: a certificate would be tried for again and again."""
    monkeypatch.setattr(copies_gone, "_jobs", [])


@pytest.fixture
def ask(cast) -> Callable[..., UUID | None]:
    """Somebody who proved a number asks Alder at the door."""

    def ask(kind: RightsKind = RightsKind.ERASE, **given) -> UUID | None:
        wanted = {
            "phone_e164": HANNAH,
            "email": "",
            "words": "",
            "asking_id": uuid7(),
            "now": THREE,
        }
        wanted |= given
        person = Person(phone_e164=wanted["phone_e164"], email=wanted["email"])
        with tenancy.scope(cast.alder.organization.id):
            return open_request(
                organization_id=cast.alder.organization.id,
                asking_id=wanted["asking_id"],
                kind=kind,
                person=person,
                words=wanted["words"],
                now=wanted["now"],
            )

    return ask


@pytest.fixture
def say_yes(cast) -> Callable[[UUID], None]:
    """Ada approves."""

    def say_yes(request_id: UUID) -> None:
        with tenancy.scope(cast.alder.organization.id):
            approve(actor=fresh_owner(cast), request_id=request_id, now=THREE)

    return say_yes
