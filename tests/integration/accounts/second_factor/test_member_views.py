from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Membership,
    Organization,
    User,
)
from accounts.permissions import Role
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.second_factor.tasks import tell_owner_of_reset
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import NOW, Cast, Clinic, join, make_person
from tests.cast_factor import give_codes, give_phone
from tests.cast_fixtures import SignIn


def _address(user: User, clinic: Clinic) -> str:
    with tenancy.scope(clinic.organization.id):
        membership = Membership.objects.get(user=user)
    return f"/app/settings/people/{membership.pk}/second-factor/"


def _left(user: User) -> tuple[int, int, bool, int]:
    """Return apps, sets of codes, whether a factor stands, and the session's number."""
    with signing_in():
        row = User.objects.get(pk=user.pk)
        return (
            AuthenticatorApp.objects.filter(user=user).count(),
            RecoveryCodes.objects.filter(user=user).count(),
            row.second_factor_since is not None,
            row.session_epoch,
        )


def _resets(clinic: Clinic) -> list[tuple]:
    with tenancy.scope(clinic.organization.id):
        rows = AuditLog.objects.filter(action="accounts.factor.reset")
        return [(row.actor_id, row.subject_id, row.facts) for row in rows]


def _be(cast: Cast, user: User, role: Role) -> None:
    with tenancy.scope(cast.alder.organization.id):
        Membership.objects.filter(user=user).update(role=role)


def _agency_administrator(cast: Cast) -> User:
    user = make_person("Gil", "gil@agency.example")
    agency = Agency.objects.create(name="Firm")
    with signing_in():
        AgencyMembership.objects.create(agency=agency, user=user, created_at=NOW)
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(agency=agency)
    return user


@pytest.fixture
def ben(cast: Cast) -> User:
    give_phone(cast.ben, now=NOW)
    give_codes(cast.ben, now=NOW)
    return cast.ben


class TestReset:
    def test_by_an_owner_takes_all_away_and_tells_the_person(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        client, address = signed_in(cast.ada), _address(ben, cast.alder)
        before = _left(ben)

        asked = client.get(address)
        answer = client.post(address)
        done = client.get(answer.headers["Location"])

        assert "let Ben Osei set up anew?" in asked.content.decode()
        assert before == (1, 1, True, before[3])
        assert _left(ben) == (0, 0, False, before[3] + 1)
        assert _resets(cast.alder) == [(cast.ada.id, ben.id, {})]
        assert "their sessions have ended" in done.content.decode()
        with tenancy.scope(cast.alder.organization.id):
            jobs = list(OutboxJob.objects.values_list("task", "ids"))
        assert jobs == [("accounts.tell_factor_reset", {"user_id": str(ben.id)})]

    def test_by_somebody_else_is_told_to_the_owners(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.ADMINISTRATOR)

        signed_in(cast.eve).post(_address(ben, cast.alder))

        with tenancy.scope(cast.alder.organization.id):
            asked = OutboxJob.objects.get(task="accounts.tell_owner_of_reset").ids
        ids = {name: UUID(value) for name, value in asked.items()}
        tell_owner_of_reset(organization_id=cast.alder.organization.id, **ids)
        (letter,) = mail.outbox
        assert letter.to == [cast.ada.email]
        assert letter.subject == (
            "The second factor of a member of Alder Clinic was reset"
        )
        assert "recovery codes of Ben Osei" in letter.body

    @pytest.mark.parametrize("who", ["cy", "ben"])
    def test_is_not_for_who_may_not_manage_people(
        self, cast: Cast, ben: User, signed_in: SignIn, who: str
    ):
        client = signed_in(getattr(cast, who))
        before = _left(ben)

        answer = client.post(_address(ben, cast.alder))

        assert answer.status_code == 403
        assert _left(ben) == before
        assert _resets(cast.alder) == []

    def test_is_nothing_to_another_clinic(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        before = _left(ben)
        client, address = signed_in(cast.dot), _address(ben, cast.alder)

        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        assert _left(ben) == before

    @pytest.mark.parametrize(
        ("role", "is_reached"),
        [
            (Role.VIEWER, True),
            (Role.CLINICIAN, False),
            (Role.RECEPTIONIST, False),
            (Role.ADMINISTRATOR, False),
        ],
    )
    def test_by_an_agency_is_for_who_may_do_no_more(
        self, cast: Cast, ben: User, signed_in: SignIn, role: Role, is_reached
    ):
        address = _address(ben, cast.alder)
        _be(cast, ben, role)
        client = signed_in(_agency_administrator(cast))
        before = _left(ben)

        asked, answer = client.get(address), client.post(address)

        assert ("role may do more than yours" in asked.content.decode()) != is_reached
        assert answer.status_code == (302 if is_reached else 403)
        assert (_left(ben) == before) != is_reached

    def test_by_a_role_of_the_clinics_own_is_for_who_may_do_no_more(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        address = _address(ben, cast.alder)
        helper = make_person("Kim Desk", "kim@alder-clinic.example")
        join(cast.alder, helper, Role.VIEWER)
        with tenancy.scope(cast.alder.organization.id):
            role = CustomRole.objects.create(
                organization=cast.alder.organization,
                name="Helper",
                permissions=["members.view", "members.manage"],
                created_at=NOW,
            )
            Membership.objects.filter(user=helper).update(custom_role=role)
        before = _left(ben)

        answer = signed_in(helper).post(address)

        assert answer.status_code == 403
        assert _left(ben) == before
        assert _resets(cast.alder) == []

    def test_is_nothing_to_a_stranger(self, cast: Cast, ben: User):
        answer = Client().post(_address(ben, cast.alder))

        assert answer.status_code == 302
        assert _left(ben)[:3] == (1, 1, True)

    def test_is_not_ones_own(self, cast: Cast, signed_in: SignIn):
        give_phone(cast.ada, now=NOW)
        client, address = signed_in(cast.ada), _address(cast.ada, cast.alder)

        asked, answer = client.get(address), client.post(address)

        assert "This is your own sign-in." in asked.content.decode()
        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.role.refused")
            own = Membership.objects.get(user=cast.ada)
        assert (row.actor_id, row.subject_id) == (cast.ada.id, own.id)
        assert _left(cast.ada)[:3] == (1, 0, True)

    def test_of_an_owner_is_for_an_owner(self, cast: Cast, signed_in: SignIn):
        give_phone(cast.ada, now=NOW)
        flo = make_person("Flo", "flo@alder-clinic.example")
        join(cast.alder, flo, Role.ADMINISTRATOR)
        address = _address(cast.ada, cast.alder)

        refused = signed_in(flo).post(address)
        before = _left(cast.ada)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=flo).update(role=Role.OWNER)
        done = signed_in(flo).post(address)

        assert refused.status_code == 403
        assert before[:3] == (1, 0, True)
        assert done.status_code == 302
        assert _left(cast.ada)[:3] == (0, 0, False)

    def test_needs_a_factor_of_five_minutes(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        client, address = signed_in(cast.ada), _address(ben, cast.alder)
        session = client.session
        session["second_factor_at"] -= 301
        session.save()

        asked, answer = client.get(address), client.post(address)

        assert asked.headers["Location"].startswith("/accounts/second-factor/verify/")
        assert answer.status_code == 403
        assert "Show your code or passkey again" in answer.content.decode()
        assert _left(ben)[:3] == (1, 1, True)

    def test_is_refused_to_one_clinic_for_who_has_power_in_another(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        join(cast.birch, ben, Role.ADMINISTRATOR)

        answer = signed_in(cast.ada).post(_address(ben, cast.alder))

        assert answer.status_code == 403
        assert "also runs another clinic" in answer.content.decode()
        assert _left(ben)[:3] == (1, 1, True)
        assert _resets(cast.alder) == []

    def test_is_refused_for_a_member_of_another_clinic_in_hipaa_mode(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        join(cast.birch, ben, Role.VIEWER)
        with tenancy.scope(cast.birch.organization.id):
            Organization.objects.update(hipaa_mode=True)

        assert signed_in(cast.ada).post(_address(ben, cast.alder)).status_code == 403
        assert _left(ben)[:3] == (1, 1, True)

    def test_is_nothing_once_they_have_left(
        self, cast: Cast, ben: User, signed_in: SignIn
    ):
        address = _address(ben, cast.alder)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=ben).update(ended_at=utc_now())

        assert signed_in(cast.ada).post(address).status_code == 404
        assert _left(ben)[:3] == (1, 1, True)
