from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.joining.tasks import sweep_joining
from accounts.models import CustomRole, Membership, User
from accounts.permissions import Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast, join, make_person
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.conftest import PEOPLE, House
from tests.integration.accounts.joining.letters import (
    letters,
    link_in_last_letter,
    run_jobs,
)

INVITE = f"{PEOPLE}invite/"
GIL = "gil@alder-clinic.example"
JOINS = {"full_name": "Gil Grant", "password": "three words are good"}


def _invite(client: Client, email: str = GIL, role: str = "receptionist", **other: str):
    return client.post(INVITE, {"email": email, "role": role, "days": "7"} | other)


def _user(email: str) -> User | None:
    with signing_in():
        return User.objects.filter(email=email).first()


class TestInvitation:
    def test_brings_a_new_person_in(self, cast: Cast, alder: House, adas: Client):
        answer = _invite(adas, email="Gil@Alder-Clinic.example")
        link, guest = link_in_last_letter(), Client()
        shown = guest.get(link).content.decode()
        before = _user(GIL)
        done = guest.post(link, JOINS)

        assert answer.headers["Location"] == PEOPLE
        assert "Join Alder Clinic?" in shown
        assert f"as receptionist, with the address {GIL}" in shown
        assert before is None
        assert done.headers["Location"] == "/accounts/invitations/done/"
        gil = _user(GIL)
        assert gil is not None
        assert (gil.full_name, gil.check_password(JOINS["password"])) == (
            "Gil Grant",
            True,
        )
        assert gil.email_verified_at is not None
        assert ("Gil Grant", "receptionist") in alder.roles()
        assert alder.invitation().used_at is not None
        assert alder.actions() == [
            ("accounts.invitation.made", cast.ada.id),
            ("accounts.invitation.accepted", gil.id),
        ]

    def test_says_in_its_letter_who_invites_as_what_and_until_when(
        self, cast: Cast, adas: Client
    ):
        _invite(adas)
        run_jobs()

        (letter,) = mail.outbox
        assert letter.to == [GIL]
        assert letter.subject == "Alder Clinic invites you to SonderVoice"
        assert "invites you to join as receptionist." in str(letter.body)

    def test_lets_a_known_person_join_who_is_signed_in(
        self, cast: Cast, alder: House, adas: Client, signed_in: SignIn
    ):
        _invite(adas, email=cast.dot.email, role="auditor")
        link, dots = link_in_last_letter(), signed_in(cast.dot)

        shown = dots.get(link).content.decode()
        answer = dots.post(link)

        assert "Join the clinic" in shown
        assert answer.headers["Location"] == "/accounts/clinics/"
        assert ("Dot Hartmann", "auditor") in alder.roles()
        dot = _user(cast.dot.email)
        assert dot is not None
        assert dot.email_verified_at is not None

    def test_asks_a_known_person_to_sign_in(
        self, cast: Cast, alder: House, adas: Client
    ):
        _invite(adas, email=cast.dot.email)
        link, guest = link_in_last_letter(), Client()

        shown = guest.get(link).content.decode()
        answer = guest.post(link, JOINS)

        assert f"/accounts/login/?next={link}" in shown.replace("%3A", ":")
        assert answer.status_code == 404
        assert ("Dot Hartmann", "receptionist") not in alder.roles()

    @pytest.mark.parametrize("email", [GIL, "dot@birch-legal.example"])
    def test_tells_somebody_else_that_they_are_somebody_else(
        self, cast: Cast, alder: House, adas: Client, signed_in: SignIn, email: str
    ):
        _invite(adas, email=email)
        link, eves = link_in_last_letter(), signed_in(cast.eve)

        shown = eves.get(link).content.decode()
        answer = eves.post(link, JOINS)

        assert "You are signed in as eve@elsewhere.example" in shown
        assert answer.status_code == 404
        assert len(alder.roles()) == 3

    def test_gives_the_role_that_was_offered_whatever_the_form_says(
        self, cast: Cast, alder: House, adas: Client
    ):
        _invite(adas)

        Client().post(
            link_in_last_letter(),
            JOINS
            | {
                "role": "owner",
                "email": "x@evil.example",
                "organization": str(cast.birch.organization.id),
                "is_staff": "1",
            },
        )

        gil = _user(GIL)
        assert gil is not None
        assert gil.is_staff is False
        assert _user("x@evil.example") is None
        assert ("Gil Grant", "receptionist") in alder.roles()

    def test_can_be_to_a_role_of_the_clinics_own(
        self, cast: Cast, alder: House, adas: Client
    ):
        role = _custom_role(cast, ["calls.view"])
        _invite(adas, role=str(role.id))

        Client().post(link_in_last_letter(), JOINS)

        gil = _user(GIL)
        assert gil is not None
        member = alder.member(gil)
        assert (member.role, member.custom_role_id) == ("viewer", role.id)

    def test_takes_back_who_was_let_go(
        self, cast: Cast, alder: House, adas: Client, signed_in: SignIn
    ):
        row = alder.member(cast.ben)
        adas.post(f"{PEOPLE}{row.id}/let-go/")
        _invite(adas, email=cast.ben.email, role="viewer")

        answer = signed_in(cast.ben).post(link_in_last_letter())

        assert answer.status_code == 302
        assert alder.member(cast.ben).id == row.id
        assert ("Ben Osei", "viewer") in alder.roles()

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("email", "gil", "This is not an e-mail address."),
            ("days", "0", "from 1 to 30"),
            ("days", "31", "from 1 to 30"),
            ("days", "x", "from 1 to 30"),
            ("role", "", "Choose a role."),
            ("email", "ben@alder-clinic.example", "belongs to the clinic already"),
        ],
    )
    def test_is_not_made_from_what_is_not_right(
        self, alder: House, adas: Client, field: str, value: str, words: str
    ):
        answer = _invite(adas, **{field: value})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert alder.invitations() == 0
        assert letters() == []

    def test_is_made_once_an_address(self, alder: House, adas: Client):
        _invite(adas)

        answer = _invite(adas, role="viewer")

        assert answer.status_code == 422
        assert "invited already" in answer.content.decode()
        assert alder.invitation().role == "receptionist"

    def test_that_has_run_out_makes_room_for_another(self, alder: House, adas: Client):
        _invite(adas)
        alder.age_invitations(days=8)

        assert _invite(adas).status_code == 302
        assert alder.invitations() == 2


class TestClearing:
    def test_forgets_an_invitation_thirty_days_after_it_ran_out(
        self, alder: House, adas: Client
    ):
        _invite(adas)
        alder.age_invitations(days=36)
        sweep_joining()
        before = alder.invitations()

        alder.age_invitations(days=1)
        sweep_joining()

        assert before == 1
        assert alder.invitations() == 0


class TestLink:
    @pytest.fixture
    def link(self, adas: Client) -> str:
        _invite(adas)
        return link_in_last_letter()

    def _is_dead(self, link: str, alder: House) -> None:
        guest, before = Client(), alder.roles()
        assert guest.get(link).status_code == 404
        answer = guest.post(link, JOINS)
        assert answer.status_code == 404
        assert "This link was used, replaced or has run out." in answer.content.decode()
        assert alder.roles() == before

    def test_is_not_used_up_by_looking(self, alder: House, link: str):
        guest = Client()

        for _ in range(3):
            assert guest.get(link).status_code == 200
            assert guest.head(link).status_code == 405

        assert alder.invitation().used_at is None
        assert guest.post(link, JOINS).status_code == 302

    def test_is_good_once(self, alder: House, link: str):
        Client().post(link, JOINS)

        self._is_dead(link, alder)

    def test_is_dead_once_it_has_run_out(self, alder: House, link: str):
        alder.age_invitations(days=7)

        self._is_dead(link, alder)

    def test_is_dead_once_withdrawn(self, alder: House, adas: Client, link: str):
        row = alder.invitation()

        adas.post(f"{PEOPLE}invitations/{row.id}/withdraw/")

        self._is_dead(link, alder)

    def test_is_dead_once_sent_again(self, alder: House, adas: Client, link: str):
        row = alder.invitation()

        adas.post(f"{PEOPLE}invitations/{row.id}/resend/")
        newer = link_in_last_letter()

        self._is_dead(link, alder)
        assert Client().post(newer, JOINS).status_code == 302
        again = alder.invitation()
        assert again.expires_at - again.created_at == timedelta(days=7)

    def test_is_dead_once_its_inviter_has_lost_the_right(
        self, cast: Cast, alder: House, link: str
    ):
        with tenancy.scope(alder.id):
            Membership.objects.filter(user=cast.ada).update(role=Role.VIEWER)

        self._is_dead(link, alder)

    def test_is_dead_once_its_inviter_was_limited(
        self, cast: Cast, alder: House, link: str
    ):
        """Else a second address of theirs would see all that they do not."""
        with tenancy.scope(alder.id):
            Membership.objects.filter(user=cast.ada).update(
                role=Role.ADMINISTRATOR, is_limited=True
            )

        self._is_dead(link, alder)

    def test_is_dead_once_its_inviter_was_let_go(
        self, cast: Cast, alder: House, link: str
    ):
        with tenancy.scope(alder.id):
            Membership.objects.filter(user=cast.ada).update(ended_at=NOW)

        self._is_dead(link, alder)

    def test_is_dead_once_its_inviters_account_is_closed(
        self, cast: Cast, alder: House, link: str
    ):
        with signing_in():
            User.objects.filter(pk=cast.ada.pk).update(is_active=False)

        self._is_dead(link, alder)

    def test_is_worth_nothing_when_changed(self, alder: House, link: str):
        self._is_dead(link[:-2] + ("A/" if link[-2] != "A" else "B/"), alder)


class TestWhoMayInvite:
    @pytest.mark.parametrize("name", ["ben", "cy"])
    def test_is_nobody_without_the_permission(
        self, cast: Cast, alder: House, signed_in: SignIn, name: str
    ):
        client = signed_in(getattr(cast, name))

        assert client.get(INVITE).status_code == 403
        assert _invite(client).status_code == 403
        assert alder.invitations() == 0

    def test_is_nobody_else_who_sends_again_or_withdraws(
        self, alder: House, adas: Client, bens: Client
    ):
        _invite(adas)
        row = alder.invitation()

        for word in ("resend", "withdraw"):
            address = f"{PEOPLE}invitations/{row.id}/{word}/"
            assert bens.post(address).status_code == 403
            assert Client().post(address).status_code == 302
            assert adas.get(address).status_code == 405

        again = alder.invitation()
        assert (again.link_number, again.withdrawn_at) == (1, None)
        assert len(alder.actions()) == 1

    def test_is_nobody_who_could_not_give_the_role_who_withdraws(
        self, cast: Cast, alder: House, adas: Client, signed_in: SignIn
    ):
        _invite(adas, role="owner")
        row = alder.invitation()
        admin = make_person("Max Mann", "max@alder-clinic.example")
        join(cast.alder, admin, Role.ADMINISTRATOR)

        answer = signed_in(admin).post(f"{PEOPLE}invitations/{row.id}/withdraw/")

        assert answer.status_code == 403
        assert "Only an owner can make somebody an owner." in answer.content.decode()
        assert alder.invitation().withdrawn_at is None
        assert alder.actions() == [
            ("accounts.invitation.made", cast.ada.id),
            ("accounts.role.refused", admin.id),
        ]

    def test_is_no_stranger(self, cast: Cast, alder: House):
        assert _invite(Client()).headers["Location"] == "/accounts/login/?next=/app/"
        assert alder.invitations() == 0

    def test_is_no_other_clinic(
        self, cast: Cast, alder: House, adas: Client, dots: Client
    ):
        _invite(adas)
        row = alder.invitation()

        for word in ("resend", "withdraw"):
            answer = dots.post(f"{PEOPLE}invitations/{row.id}/{word}/")
            assert answer.status_code == 404

        again = alder.invitation()
        assert (again.link_number, again.withdrawn_at) == (1, None)
        assert len(alder.actions()) == 1

    def test_invites_an_owner_only_as_an_owner(
        self, cast: Cast, alder: House, signed_in: SignIn
    ):
        admin = make_person("Max Mann", "max@alder-clinic.example")
        join(cast.alder, admin, Role.ADMINISTRATOR)
        client = signed_in(admin)

        answer = _invite(client, role="owner")

        assert answer.status_code == 403
        assert "Only an owner can make somebody an owner." in answer.content.decode()
        assert alder.invitations() == 0
        assert alder.actions() == [("accounts.role.refused", admin.id)]
        assert _invite(client, role="administrator").status_code == 302

    def test_invites_to_no_role_of_another_clinic(
        self, cast: Cast, alder: House, adas: Client
    ):
        with tenancy.scope(cast.birch.organization.id):
            role = CustomRole.objects.create(
                organization=cast.birch.organization,
                name="Paralegal",
                permissions=["calls.view"],
                created_at=NOW,
            )

        for word in (str(role.id), "system_operator", "agency_administrator", "boss"):
            assert _invite(adas, role=word).status_code == 404

        assert alder.invitations() == 0
        assert alder.actions() == [("accounts.role.refused", cast.ada.id)] * 4


def _custom_role(cast: Cast, permissions: list[str]) -> CustomRole:
    with tenancy.scope(cast.alder.organization.id):
        return CustomRole.objects.create(
            organization=cast.alder.organization,
            name="Night desk",
            permissions=permissions,
            created_at=NOW,
        )
