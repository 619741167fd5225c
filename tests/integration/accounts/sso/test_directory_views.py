import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.guessing.limits import SSO_CLIENT
from accounts.machines.models import ApiKeyRule
from accounts.models import ApiKey, Membership, User
from accounts.sso.models import DirectoryIdentity, SsoConnection
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast
from tests.clock import StoppedClock
from tests.fakes.directory.oidc import CLIENT_ID, OidcProvider, signing_key
from tests.integration.accounts.machines.conftest import make_machine
from tests.integration.accounts.sso.browser import (
    come_back,
    leave,
    path_of,
    travel,
)
from tests.integration.accounts.sso.conftest import make_connection, prove


def people() -> dict[str, str]:
    with signing_in():
        return dict(User.objects.values_list("email", "password"))


def members(cast: Cast) -> set[tuple[str, str]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = Membership.objects.values_list("user__email", "role")
        return set(rows)


def alder_rows(cast: Cast) -> list[AuditLog]:
    with tenancy.scope(cast.alder.organization.id):
        return list(AuditLog.objects.order_by("at", "id"))


def is_signed_in(client: Client) -> bool:
    return client.get("/app/start/").status_code == 302 and "login" not in str(
        client.get("/app/start/").headers["Location"]
    )


def refused(cast: Cast, act: Callable[[], object]) -> tuple[str, ...]:
    """Do it; see that nobody came in and nothing changed; return what the row says."""
    before = people(), members(cast)

    act()

    assert (people(), members(cast)) == before
    with tenancy.scope(cast.alder.organization.id):
        assert DirectoryIdentity.objects.count() == 0
        (row,) = AuditLog.objects.all()
    assert not any(
        "_auth_user_id" in one.get_decoded() for one in Session.objects.all()
    )
    assert (row.action, row.actor_kind) == ("accounts.sso.refused", "system")
    (about,) = row.fields
    return about


class TestAddress:
    def test_leads_to_the_directory_of_its_domain(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        answer = Client().post(
            "/sso/", {"email": "anybody@Alder-Clinic.example", "next": "/app/calls/"}
        )

        assert answer.status_code == 200
        away = answer.headers["Refresh"]
        assert away.startswith(f"0; url={directory.issuer}/authorize?")

    @pytest.mark.parametrize("who", ["ada", "who"])
    def test_says_the_same_of_a_known_and_an_unknown_person(self, cast: Cast, who: str):
        answer = Client().post("/sso/", {"email": f"{who}@alder-clinic.example"})

        assert answer.status_code == 200
        assert "No clinic here signs in by this address." in answer.content.decode()

    def test_leads_nowhere_while_the_domain_is_not_proved(
        self, cast: Cast, directory: OidcProvider
    ):
        make_connection(cast.alder, directory)

        answer = Client().post("/sso/", {"email": "nora@alder-clinic.example"})

        assert answer.status_code == 200

    def test_is_asked_for_in_plain_words(self, cast: Cast):
        assert "Write your e-mail address." in (
            Client().post("/sso/", {"email": ""}).content.decode()
        )


class TestDirectory:
    def test_lets_somebody_new_in_with_the_role_it_gives(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client()

        answer = travel(client, directory, alders, next="/app/calls/")

        assert answer.headers["Location"] == "/app/calls/"
        assert client.get("/app/calls/").status_code == 200
        assert ("nora@alder-clinic.example", "viewer") in members(cast)
        with signing_in():
            nora = User.objects.get(email="nora@alder-clinic.example")
        assert not nora.has_usable_password()
        assert nora.full_name == "Nora Lind"
        assert [(row.action, row.subject_id) for row in alder_rows(cast)][:3] == [
            ("accounts.sso.person_made", nora.id),
            ("accounts.sso.member_joined", nora.id),
            ("accounts.sso.used", nora.id),
        ]

    def test_knows_them_the_next_time_by_their_subject(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        travel(Client(), directory, alders)
        directory.person["email"] = "nora.new-name@alder-clinic.example"

        travel(Client(), directory, alders)

        assert len(members(cast)) == 4
        assert "nora.new-name@alder-clinic.example" not in people()

    def test_changes_a_role_and_ends_the_older_sessions(
        self, cast: Cast, directory: OidcProvider
    ):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(
            cast.alder, directory, role_map=[["front-desk", "receptionist"]]
        )
        directory.person["groups"] = ["front-desk"]
        travel(Client(), directory, connection)
        with signing_in():
            before = User.objects.get(email="nora@alder-clinic.example")
        directory.person["groups"] = []

        travel(Client(), directory, connection)

        assert ("nora@alder-clinic.example", "viewer") in members(cast)
        with signing_in():
            after = User.objects.get(pk=before.pk)
        # Once for the role, once for the sign-in that brought it.
        assert after.session_epoch == before.session_epoch + 2
        assert "accounts.sso.role_changed" in {row.action for row in alder_rows(cast)}

    def test_that_takes_a_role_away_ends_the_keys_it_allowed(
        self, cast: Cast, directory: OidcProvider
    ):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(
            cast.alder, directory, role_map=[["bosses", "administrator"]]
        )
        directory.person["groups"] = ["bosses"]
        travel(Client(), directory, connection)
        with signing_in():
            nora = User.objects.get(email="nora@alder-clinic.example")
        make_machine(cast, "calls:read")
        with tenancy.scope(cast.alder.organization.id):
            ApiKeyRule.objects.update(made_by_id=nora.id)
        travel(Client(), directory, connection)
        with tenancy.scope(cast.alder.organization.id):
            assert ApiKey.objects.get().revoked_at is None
        directory.person["groups"] = []

        travel(Client(), directory, connection)

        with tenancy.scope(cast.alder.organization.id):
            assert ApiKey.objects.get().revoked_at is not None

    def test_makes_nobody_an_owner(self, cast: Cast, directory: OidcProvider):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(
            cast.alder, directory, role_map=[["bosses", "owner"]], default_role=""
        )
        directory.person["groups"] = ["bosses"]

        about = refused(cast, lambda: travel(Client(), directory, connection))

        assert about == "role"

    def test_may_tell_the_address_at_its_other_door(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        directory.is_thin = True

        travel(Client(), directory, alders)

        assert ("nora@alder-clinic.example", "viewer") in members(cast)

    def test_tells_there_of_the_same_person_alone(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        directory.is_thin, directory.told = True, {"sub": "00u-other"}

        assert refused(cast, lambda: travel(Client(), directory, alders)) == "subject"

    def test_begins_a_session_with_an_id_of_its_own(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client()
        away = leave(client, str(alders.id))
        before = client.session.session_key

        come_back(client, directory, away)

        assert client.session.session_key != before
        assert not Session.objects.filter(session_key=before).exists()

    def test_does_not_stand_for_the_second_factor(
        self, cast: Cast, directory: OidcProvider
    ):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(
            cast.alder, directory, default_role="administrator"
        )
        directory.person["amr"] = ["pwd", "mfa"]
        client = Client()

        travel(client, directory, connection)

        assert "second_factor_at" not in client.session

    @pytest.mark.parametrize("said", [["otp"], ["hwk"], ["pwd", "otp"]])
    def test_does_not_stand_for_it_by_one_thing_alone(
        self, cast: Cast, directory: OidcProvider, said: list[str]
    ):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(cast.alder, directory, trusts_second_factor=True)
        directory.person["amr"] = said
        client = Client()

        travel(client, directory, connection)

        assert "second_factor_vouched_at" not in client.session

    def test_stands_for_it_where_the_clinic_trusts_it_to(
        self, cast: Cast, directory: OidcProvider
    ):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(cast.alder, directory, trusts_second_factor=True)
        with_one, without = Client(), Client()

        travel(without, directory, connection)
        directory.person["amr"] = ["pwd", "mfa"]
        travel(with_one, directory, connection)

        assert "second_factor_vouched_at" not in without.session
        assert "second_factor_vouched_at" in with_one.session
        assert "second_factor_at" not in with_one.session


def _none(claims: dict) -> str:
    return jwt.encode(claims, None, "none", headers={"kid": "one"})


def _confused(claims: dict) -> str:
    """Sign with the public key as if it were a shared secret."""
    public = signing_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body = ({"alg": "HS256", "kid": "one", "typ": "JWT"}, claims)
    signed = b".".join(_part(json.dumps(one).encode()) for one in (head, body))
    return (signed + b"." + _part(hmac.digest(pem, signed, "sha256"))).decode()


def _part(plain: bytes) -> bytes:
    return base64.urlsafe_b64encode(plain).rstrip(b"=")


def _strangers(claims: dict) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, "RS256", headers={"kid": "one"})


LIES = [
    ("nonce", {"nonce": "another"}, None),
    ("nonce", {"nonce": None}, None),
    ("issuer", {"iss": "https://evil.example"}, None),
    ("audience", {"aud": "somebody-else"}, None),
    ("audience", {"aud": [CLIENT_ID, "somebody-else"]}, None),
    ("audience", {"azp": "somebody-else"}, None),
    ("expired", {"exp": int(time.time()) - 3600}, None),
    ("id_token", {"exp": None}, None),
    ("id_token", {"sub": None}, None),
    ("algorithm", {}, _none),
    ("algorithm", {}, _confused),
    ("signature", {}, _strangers),
    ("id_token", {}, lambda _claims: "no.token"),
    ("email_verified", {"email_verified": False}, None),
    ("email_verified", {"email_verified": None}, None),
    ("email_verified", {"email": None}, None),
    ("email", {"email": "a@evil.example@alder-clinic.example"}, None),
    ("email", {"email": "nora\n@alder-clinic.example"}, None),
    ("domain", {"email": "dot@birch-legal.example"}, None),
    ("domain", {"email": "nora@sub.alder-clinic.example"}, None),
    ("address", {"email": "ada@alder-clinic.example"}, None),
]


class TestAnswer:
    @pytest.mark.parametrize(("about", "spoil", "forge"), LIES)
    def test_that_lies_lets_nobody_in(
        self, cast: Cast, directory, alders: SsoConnection, about, spoil, forge
    ):
        prove(cast.birch, "birch-legal.example")
        directory.spoil, directory.forge = spoil, forge

        said = refused(cast, lambda: travel(Client(), directory, alders))

        assert said == about

    @pytest.mark.parametrize("change", [("state=", "state=x"), ("code=", "codes=")])
    def test_with_another_state_or_no_code_lets_nobody_in(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection, change
    ):
        client = Client()
        back = directory.authorize(leave(client, str(alders.id))).replace(*change)

        about = refused(cast, lambda: client.get(path_of(back)))

        assert about == change[0].rstrip("=")

    def test_without_the_verifier_of_the_question_lets_nobody_in(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client()
        away = leave(client, str(alders.id))
        session = client.session
        session["sso_flow"] = session["sso_flow"] | {"verifier": ""}
        session.save()

        about = refused(cast, lambda: come_back(client, directory, away))

        assert about == "fetch"

    def test_of_another_browser_lets_nobody_in(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        back = directory.authorize(leave(Client(), str(alders.id)))
        client = Client()

        answer = client.get(path_of(back))

        assert answer.status_code == 403
        assert not is_signed_in(client)
        row = AuditLog.unscoped.get()
        assert (row.action, row.fields) == ("accounts.sso.refused", ["state"])

    def test_of_nobody_is_written_once_a_minute_and_network(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        near, far = "2001:db8:1:2::%x", "2001:db8:1:3::1"
        for number in range(3):
            Client(REMOTE_ADDR=near % number).get("/sso/callback/?code=x&state=y")
        Client(REMOTE_ADDR=near % 9).get("/sso/saml/finish/")
        assert AuditLog.unscoped.count() == 1

        Client(REMOTE_ADDR=far).get("/sso/callback/")
        assert AuditLog.unscoped.count() == 2
        stopped_clock.move(seconds=61)
        answer = Client(REMOTE_ADDR=near % 1).get("/sso/callback/")

        assert answer.status_code == 403
        assert AuditLog.unscoped.count() == 3

    def test_is_begun_sixty_times_a_minute_from_one_network(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection, monkeypatch
    ):
        few = replace(SSO_CLIENT, tries=2)
        monkeypatch.setattr("accounts.sso.views.SSO_CLIENT", few)
        begin = f"/sso/begin/{alders.id}/"
        asked_before = len(directory.asked)

        answers = [
            Client(REMOTE_ADDR=f"2001:db8:1:2::{number}").post(begin)
            for number in range(1, 4)
        ]

        assert [one.status_code for one in answers] == [200, 200, 429]
        assert len(directory.asked) == asked_before + 2

    def test_counts_once(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client()
        back = path_of(directory.authorize(leave(client, str(alders.id))))
        client.get(back)

        assert client.get(back).status_code == 403

    def test_does_not_bring_back_who_has_left(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        travel(Client(), directory, alders)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user__email__startswith="nora").update(
                ended_at=utc_now()
            )
        client = Client()

        answer = travel(client, directory, alders)

        assert answer.status_code == 403
        assert not is_signed_in(client)
        assert alder_rows(cast)[-1].fields == ["member"]

    def test_does_not_open_an_account_that_is_closed(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        travel(Client(), directory, alders)
        with signing_in():
            User.objects.filter(email__startswith="nora").update(is_active=False)

        answer = travel(Client(), directory, alders)

        assert answer.status_code == 403
        assert alder_rows(cast)[-1].fields == ["member"]

    def test_that_comes_after_ten_minutes_lets_nobody_in(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client()
        away = leave(client, str(alders.id))
        session = client.session
        began_at = session["sso_flow"]["began_at"] - 601
        session["sso_flow"] = session["sso_flow"] | {"began_at": began_at}
        session.save()

        answer = come_back(client, directory, away)

        assert answer.status_code == 403
        assert not is_signed_in(client)

    def test_is_not_heard_without_the_plan(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        with tenancy.scope(cast.alder.organization.id):
            organization = cast.alder.organization
            type(organization).objects.filter(pk=organization.pk).update(plan="pro")

        assert Client().get(f"/sso/begin/{alders.id}/").status_code == 403


class TestLink:
    """To the beginning, written by whomever: a directory's tile, or somebody else."""

    def test_shows_a_page_with_a_button_and_sets_out_nowhere(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client()

        answer = client.get(f"/sso/begin/{alders.id}/?next=/app/calls/")

        words = answer.content.decode()
        assert answer.status_code == 200
        assert "Refresh" not in answer.headers
        assert "Go on to Alder directory" in words
        assert 'name="next" value="/app/calls/"' in words
        assert "sso_flow" not in client.session
        assert directory.asked == []

    def test_takes_no_form_of_another_site(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        client = Client(enforce_csrf_checks=True)

        answers = [
            client.post(f"/sso/begin/{alders.id}/"),
            client.post("/sso/", {"email": "nora@alder-clinic.example"}),
        ]

        assert [one.status_code for one in answers] == [403, 403]
        assert "sso_flow" not in client.session
        assert directory.asked == []


class TestRoad:
    @pytest.mark.parametrize("road", ["google", "microsoft", "nothing", "0" * 32])
    def test_that_is_none_is_not_found(self, cast: Cast, road: str):
        assert Client().get(f"/sso/begin/{road}/").status_code == 404

    def test_that_is_off_is_not_found(self, cast: Cast, directory: OidcProvider):
        off = make_connection(cast.alder, directory, status="tested", tested_at=NOW)

        assert Client().get(f"/sso/begin/{off.id}/").status_code == 404
        assert directory.asked == []

    def test_to_another_issuer_than_it_says_is_not_gone(
        self, cast: Cast, directory: OidcProvider, alders: SsoConnection
    ):
        directory.overrides = {"issuer": "https://other.example"}

        answer = Client().post(f"/sso/begin/{alders.id}/")

        assert answer.status_code == 403
        assert "Refresh" not in answer.headers
