"""Asking a clinic that keeps nothing of the person leaves nothing, no key either."""

from pathlib import Path

import pytest

from compliance.keys.keys import keys
from compliance.rights.errors import NobodyKnownError
from compliance.rights.models import RightsRequest
from compliance.rights.services import open_request as module
from compliance.rights.services.open_request import Entered, enter_request
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import Person, RightsKind
from tests.cast import HANNAH, OMAR
from tests.integration.compliance.retention.nights import THREE
from tests.integration.compliance.rights.asked import fresh_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(cast, settings):
    """Say which keys Alder has."""
    folder = Path(settings.KEY_STORE_DIR) / str(cast.alder.organization.id)
    return lambda: sorted(path.name for path in folder.rglob("*") if path.is_file())


def _requests(cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return RightsRequest.objects.count()


def _enter(cast) -> None:
    with tenancy.scope(cast.alder.organization.id):
        enter_request(
            actor=fresh_owner(cast),
            entered=Entered(
                kind=RightsKind.ERASE,
                person=Person(phone_e164=OMAR),
                words="All of it",
                verified="known",
            ),
            now=THREE,
        )


class TestUnknownNumber:
    def test_leaves_no_key_at_the_door(self, cast, make_due, ask, files):
        make_due(-90)
        before = files()

        assert ask(phone_e164=OMAR, email="omar@home.example", words="Please") is None

        assert before != []
        assert (files(), _requests(cast)) == (before, 0)

    def test_leaves_no_key_when_staff_enter_it(self, cast, make_due, files):
        make_due(-90)
        before = files()

        with pytest.raises(NobodyKnownError):
            _enter(cast)

        assert (files(), _requests(cast)) == (before, 0)

    def test_makes_no_key_in_a_clinic_whose_keys_are_destroyed(
        self, cast, make_due, ask, files
    ):
        make_due(-90)
        keys().destroy_all(cast.alder.organization.id)

        assert ask() is None
        with pytest.raises(NobodyKnownError):
            _enter(cast)

        assert (files(), _requests(cast)) == ([], 0)


class TestSameAskingTwiceAtOnce:
    def test_leaves_one_request_and_its_key(
        self, cast, make_due, ask, files, monkeypatch
    ):
        make_due(-90)
        before, asking_id, first = files(), uuid7(), []

        def meanwhile(index: bytes, *, now) -> bool:
            if not first:
                first.append(None)
                first[0] = ask(asking_id=asking_id, phone_e164=HANNAH)
            return True

        monkeypatch.setattr(module, "is_known", meanwhile)

        again = ask(asking_id=asking_id, phone_e164=HANNAH)

        assert again == first[0]
        assert _requests(cast) == 1
        rows = [name for name in set(files()) - set(before) if name.startswith("row-")]
        assert rows == [f"row-{again}"]
