"""Other calls for an invitation that waits for its answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.joining.models import Invitation
from accounts.models import (
    Agency,
    AgencyMembership,
    Membership,
    ObjectGrant,
    Organization,
    User,
)
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from telephony.models import Location
from tests.cast import NOW, Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.letters import link_in_last_letter

PEOPLE = "/app/settings/people/"
GIL = "gil@alder-clinic.example"
JOINS = {"full_name": "Gil Grant", "password": "three words are good"}
LIMITED = "accounts.invitation.limited"


def _place(cast: Cast, name: str, *, of_birch: bool = False) -> str:
    clinic = (cast.birch if of_birch else cast.alder).organization
    with tenancy.scope(clinic.id):
        return str(
            Location.objects.create(organization=clinic, name=name, created_at=NOW).pk
        )


def _row(cast: Cast, **fields: object) -> Invitation:
    """Return the one invitation, changed so first."""
    with tenancy.scope(cast.alder.organization.id):
        if fields:
            Invitation.objects.update(**fields)
        return Invitation.objects.get()


def _invite(client: Client, *only: str, email: str = GIL, role: str = "receptionist"):
    body = {"email": email, "role": role, "days": "7", "only": list(only)}
    return client.post(f"{PEOPLE}invite/", body)


def _choose(client: Client, row: Invitation, *only: str, sees: str = "some"):
    body = {"sees": sees, "only": list(only)}
    return client.post(f"{PEOPLE}invitations/{row.pk}/calls/", body)


def _rows(cast: Cast, action: str = LIMITED) -> list[AuditLog]:
    with tenancy.scope(cast.alder.organization.id):
        return list(AuditLog.objects.filter(action=action).order_by("at", "id"))


@pytest.fixture
def annex(cast: Cast) -> str:
    return _place(cast, "Annex")


@pytest.fixture
def harbour(cast: Cast) -> str:
    return _place(cast, "Harbour")


@pytest.fixture
def adas(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ada)


class TestOtherCalls:
    def test_count_for_the_link_that_is_out(
        self, cast: Cast, adas: Client, annex: str, harbour: str
    ):
        _invite(adas, annex)
        link, row = link_in_last_letter(), _row(cast)
        shown = adas.get(f"{PEOPLE}invitations/{row.pk}/calls/")

        answer = _choose(adas, row, harbour)
        Client().post(link, JOINS)

        assert (shown.context["is_limited"], shown.context["granted"]) == (
            True,
            [annex],
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, PEOPLE)
        with signing_in():
            gil = User.objects.get(email=GIL)
        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=gil)
            grants = ObjectGrant.objects.filter(user=gil)
            seen = set(grants.values_list("object_pk", flat=True))
        assert (member.is_limited, seen) == (True, {harbour})

    def test_are_chosen_from_the_list(self, cast: Cast, adas: Client, annex: str):
        _invite(adas, annex)
        address = f"{PEOPLE}invitations/{_row(cast).pk}/calls/"

        assert address in adas.get(PEOPLE).content.decode()
        _row(cast, expires_at=utc_now() - timedelta(seconds=1))
        assert address not in adas.get(PEOPLE).content.decode()

    def test_are_put_back_by_choosing_again(self, cast: Cast, adas: Client, annex: str):
        _invite(adas, annex)
        row = _row(cast)

        _choose(adas, row, sees="all")
        lifted = _row(cast).limited_to
        _choose(adas, row, annex)

        assert lifted is None
        assert [str(one) for one in _row(cast).limited_to or ()] == [annex]
        first, second = _rows(cast)
        assert (first.subject_kind, first.subject_id) == ("invitation", row.pk)
        assert (first.facts["is_limited"], first.facts["grants"]) == (False, 0)
        assert (second.facts["is_limited"], second.facts["grants"]) == (True, 1)
        assert first.facts["before"] == second.facts["after"]
        assert first.facts["after"] == second.facts["before"]
        assert first.facts["before"] != first.facts["after"]


class TestWhatIsNotRight:
    @pytest.mark.parametrize(
        ("only", "sees", "status", "words"),
        [
            ("nothing", "some", 422, "Tick a place or a receptionist"),
            ("annex", "most", 422, "Choose which calls they will see."),
            ("foreign", "some", 404, ""),
            ("no id", "some", 404, ""),
            ("nobody's", "some", 404, ""),
        ],
    )
    def test_changes_nothing(
        self, cast: Cast, adas: Client, annex, only, sees, status, words
    ):
        ticked: dict[str, Callable[[], list[str]]] = {
            "nothing": list,
            "annex": lambda: [annex],
            "foreign": lambda: [annex, _place(cast, "Cologne", of_birch=True)],
            "no id": lambda: [annex, "x"],
            "nobody's": lambda: [str(uuid7())],
        }
        _invite(adas)

        answer = _choose(adas, _row(cast), *ticked[only](), sees=sees)

        assert answer.status_code == status
        assert words in answer.content.decode()
        assert _row(cast).limited_to is None
        assert _rows(cast) == []

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"used_at": NOW}, "was used or withdrawn"),
            ({"withdrawn_at": NOW}, "was used or withdrawn"),
            ({"expires_at": NOW - timedelta(days=9)}, "has run out. Send it again"),
        ],
    )
    def test_is_an_invitation_that_nobody_can_accept(
        self, cast: Cast, adas: Client, annex: str, fields, words: str
    ):
        _invite(adas, annex)
        row = _row(cast, **fields)

        shown = adas.get(f"{PEOPLE}invitations/{row.pk}/calls/")
        answer = _choose(adas, row, sees="all")

        assert (shown.status_code, answer.status_code) == (409, 409)
        assert words in shown.content.decode()
        assert words in answer.content.decode()
        assert [str(one) for one in _row(cast).limited_to or ()] == [annex]
        assert _rows(cast) == []

    def test_is_an_owner_who_sees_some(self, cast: Cast, adas: Client, annex: str):
        _invite(adas, role="owner")
        row = _row(cast)

        answer = _choose(adas, row, annex)

        assert answer.status_code == 422
        assert "An owner sees all calls." in answer.content.decode()
        assert f"{row.pk}/calls/" not in adas.get(PEOPLE).content.decode()
        assert _row(cast).limited_to is None

    def test_is_another_clinics(self, cast: Cast, adas: Client, signed_in, annex: str):
        _invite(adas, annex)
        row = _row(cast)
        with tenancy.scope(cast.birch.organization.id):
            Membership.objects.filter(user=cast.dot).update(role=Role.OWNER)

        answer = _choose(signed_in(cast.dot), row, sees="all")

        assert answer.status_code == 404
        assert [str(one) for one in _row(cast).limited_to or ()] == [annex]


class TestWhoChooses:
    """An agency's administrator, who gives little, and themselves nothing."""

    @pytest.fixture
    def eves(self, cast: Cast, adas: Client, signed_in: SignIn) -> Client:
        agency = Agency.objects.create(name="Lakeside Practice Support")
        with signing_in():
            AgencyMembership.objects.create(
                agency=agency, user=cast.eve, created_at=NOW
            )
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(agency=agency)
        return signed_in(cast.eve)

    @pytest.mark.parametrize(("email", "role"), [(GIL, "clinician"), ("", "viewer")])
    def test_may_not_show_more_than_they_could_give(
        self, cast: Cast, adas: Client, eves: Client, annex: str, email: str, role: str
    ):
        _invite(adas, annex, email=email or cast.eve.email, role=role)
        row = _row(cast)

        answer = _choose(eves, row, sees="all")

        assert answer.status_code == 403
        assert [str(one) for one in _row(cast).limited_to or ()] == [annex]
        assert _rows(cast) == []
        (refused,) = _rows(cast, "accounts.role.refused")
        assert (refused.actor_id, refused.subject_id) == (cast.eve.id, row.pk)

    def test_has_the_owners_told(
        self, cast: Cast, adas: Client, eves: Client, annex: str
    ):
        _invite(adas, annex, role="viewer")

        answer = _choose(eves, _row(cast), sees="all")

        assert answer.status_code == 302
        with tenancy.scope(cast.alder.organization.id):
            jobs = OutboxJob.objects.filter(task="accounts.tell_owner_of_invitation")
            told = [one.ids["user_id"] for one in jobs]
        assert told == [str(cast.ada.id)]
