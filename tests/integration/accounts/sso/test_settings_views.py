import pytest
from django.core import mail
from django.test import Client

from accounts.entitlements import Plan
from accounts.models import CustomRole, Membership, Organization
from accounts.permissions import Permission, Role
from accounts.sso.models import DirectoryIdentity, SsoConnection, SsoDomain
from accounts.sso.secrets import unseal
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast
from tests.cast_fixtures import SignIn
from tests.fakes.directory.dns import DnsServer
from tests.fakes.directory.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests.fakes.directory.saml import ISSUER, SSO_URL, certificate
from tests.integration.accounts.sso.browser import come_back, leave
from tests.integration.accounts.sso.conftest import make_connection, prove

HERE = "/app/settings/single-sign-on/"
DOMAIN = "alder-clinic.example"


def written(directory: OidcProvider, **more: str) -> dict[str, str]:
    return {
        "kind": "oidc",
        "preset": "okta",
        "label": "Okta",
        "issuer": directory.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "groups_claim": "groups",
        "role_lines": "front-desk = receptionist\n\nbosses = administrator",
        "default_role": "viewer",
    } | more


def kept(cast: Cast) -> SsoConnection | None:
    with tenancy.scope(cast.alder.organization.id):
        return SsoConnection.objects.first()


def domains(cast: Cast) -> list[SsoDomain]:
    with tenancy.scope(cast.alder.organization.id):
        return list(SsoDomain.objects.all())


def actions(cast: Cast) -> list[str]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action__startswith="accounts.sso")
        return list(rows.order_by("at", "id").values_list("action", flat=True))


def endpoints(domain: SsoDomain) -> list[tuple[str, dict[str, str]]]:
    """Every form of the set-up that changes something."""
    return [
        ("directory/", {}),
        ("domains/", {"domain": "more.example"}),
        (f"domains/{domain.id}/check/", {}),
        (f"domains/{domain.id}/remove/", {}),
        ("test/", {}),
        *((f"{act}/", {}) for act in ("on", "off", "enforce", "relax", "remove")),
    ]


class TestSetUp:
    def test_goes_from_nothing_to_the_only_way_in(
        self, cast: Cast, adas: Client, directory: OidcProvider, resolver: DnsServer
    ):
        directory.person["email"] = cast.ada.email
        adas.post(f"{HERE}directory/", written(directory))
        adas.post(f"{HERE}domains/", {"domain": DOMAIN})
        (domain,) = domains(cast)
        proof = f"sondervoice-verification={domain.token}"
        resolver.records[f"_sondervoice.{DOMAIN}"] = ["v=spf1 -all", proof]
        adas.post(f"{HERE}domains/{domain.id}/check/")
        road = adas.post(f"{HERE}test/").headers["Location"].split("/")[-2]
        come_back(adas, directory, leave(adas, road))
        page = adas.get(HERE).content.decode()
        adas.post(f"{HERE}on/")
        adas.post(f"{HERE}enforce/")

        row = kept(cast)
        assert "The test came back" in page
        assert (row.status, row.is_enforced) == ("on", True)
        assert row.role_map == [
            ["front-desk", "receptionist"],
            ["bosses", "administrator"],
        ]
        assert unseal(bytes(row.sealed_secret), row_id=row.id) == CLIENT_SECRET.encode()
        assert CLIENT_SECRET.encode() not in bytes(row.sealed_secret)
        assert actions(cast) == [
            "accounts.sso.set_up",
            "accounts.sso.domain_added",
            "accounts.sso.domain_proved",
            "accounts.sso.tested",
            "accounts.sso.turned_on",
            "accounts.sso.enforced",
        ]

    def test_shows_what_comes_next(self, cast: Cast, adas: Client):
        words = adas.get(HERE).content.decode()

        assert "Which one does the clinic have?" in words
        assert "Microsoft Entra ID" in words

    @pytest.mark.parametrize("preset", ["okta", "entra", "google", "other", "none"])
    @pytest.mark.parametrize("kind", ["", "oidc", "saml"])
    def test_shows_a_form_for_each_directory(
        self, cast: Cast, adas: Client, preset: str, kind: str
    ):
        answer = adas.get(f"{HERE}directory/?preset={preset}&kind={kind}")

        assert answer.status_code == 200

    def test_takes_saml_with_its_certificate(self, cast: Cast, adas: Client):
        said = {
            "kind": "saml",
            "preset": "google",
            "label": "Google",
            "issuer": ISSUER,
            "sso_url": SSO_URL,
            "certificates": certificate(),
        }

        adas.post(f"{HERE}directory/", said)

        row = kept(cast)
        assert row.certificates == [certificate()]
        assert "ACS URL" in adas.get(HERE).content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"issuer": "no address"},
            {"issuer": "ftp://directory.example"},
            {"issuer": "https://user:word@directory.example"},
            {"client_secret": ""},
            {"client_id": ""},
            {"role_lines": "bosses = owner"},
            {"role_lines": "bosses"},
            {"default_role": "owner"},
            {"kind": "saml", "sso_url": SSO_URL, "certificates": "none"},
            {"kind": "saml", "sso_url": "", "certificates": "none"},
        ],
    )
    def test_refuses_what_cannot_be(
        self, cast: Cast, adas: Client, directory: OidcProvider, wrong
    ):
        answer = adas.post(f"{HERE}directory/", written(directory, **wrong))

        assert answer.status_code == 422
        assert kept(cast) is None
        assert actions(cast) == []

    def test_keeps_the_secret_that_is_there_and_takes_a_new_one(
        self, cast: Cast, adas: Client, alders: SsoConnection, directory: OidcProvider
    ):
        adas.post(f"{HERE}directory/", written(directory, client_secret=""))
        before = bytes(kept(cast).sealed_secret)
        adas.post(f"{HERE}directory/", written(directory, client_secret="another"))

        after = kept(cast)
        assert before == bytes(alders.sealed_secret)
        assert unseal(bytes(after.sealed_secret), row_id=after.id) == b"another"
        assert after.status == "on"
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.order_by("at", "id").last()
        assert row.fields == ["client_secret"]

    def test_of_another_directory_begins_anew(
        self, cast: Cast, adas: Client, alders: SsoConnection, directory: OidcProvider
    ):
        adas.post(f"{HERE}directory/", written(directory, client_id="another"))

        assert (kept(cast).status, kept(cast).tested_at) == ("draft", None)

    def test_needs_a_test_and_a_domain_before_it_is_on(
        self, cast: Cast, adas: Client, directory: OidcProvider
    ):
        adas.post(f"{HERE}directory/", written(directory))

        answers = [adas.post(f"{HERE}{act}/").status_code for act in ("on", "enforce")]

        assert answers == [409, 409]
        assert kept(cast).status == "draft"

    def test_asks_before_what_hurts(
        self, cast: Cast, adas: Client, alders: SsoConnection
    ):
        asked = [
            adas.get(f"{HERE}{act}/").content.decode()
            for act in ("enforce", "off", "remove")
        ]

        assert "the only way in?" in asked[0]
        assert "off?" in asked[1]
        assert "away?" in asked[2]
        assert kept(cast).status == "on"

    def test_is_taken_away(self, cast: Cast, adas: Client, alders: SsoConnection):
        adas.post(f"{HERE}off/")
        adas.post(f"{HERE}remove/")

        assert kept(cast) is None
        assert actions(cast) == ["accounts.sso.turned_off", "accounts.sso.taken_away"]


class TestTest:
    def test_signs_nobody_in_and_notes_what_is_missing(
        self, cast: Cast, adas: Client, directory: OidcProvider
    ):
        adas.post(f"{HERE}directory/", written(directory))
        directory.person["email_verified"] = False
        road = str(kept(cast).id)
        adas.post(f"{HERE}test/")

        answer = come_back(adas, directory, leave(adas, road))
        page = adas.get(HERE).content.decode()

        assert answer.headers["Location"] == HERE
        assert "does not say that the address is verified" in page
        assert adas.session["_auth_user_id"] == str(cast.ada.id)
        assert kept(cast).status == "draft"
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.sso.tested")
        assert row.facts == {"has_succeeded": False, "claims": 9}


class TestDomain:
    @pytest.mark.parametrize(
        "domain",
        ["gmail.com", "GMAIL.com.", "localhost", "10.0.0.1", "a b.example", "", "-.x"],
    )
    def test_that_is_nobodys_own_is_refused(
        self, cast: Cast, adas: Client, domain: str
    ):
        adas.post(f"{HERE}domains/", {"domain": domain})

        assert domains(cast) == []
        assert 'role="status"' in adas.get(HERE).content.decode()

    @pytest.mark.parametrize("said", [None, [], ["sondervoice-verification=other"]])
    def test_without_its_record_is_not_proved(
        self, cast: Cast, adas: Client, resolver: DnsServer, said
    ):
        adas.post(f"{HERE}domains/", {"domain": DOMAIN})
        (row,) = domains(cast)
        if said is not None:
            resolver.records[f"_sondervoice.{DOMAIN}"] = said

        adas.post(f"{HERE}domains/{row.id}/check/")

        assert domains(cast)[0].proved_at is None
        assert "was not found" in adas.get(HERE).content.decode()

    def test_that_another_clinic_has_proved_is_refused(
        self, cast: Cast, adas: Client, resolver: DnsServer
    ):
        prove(cast.birch, DOMAIN)
        adas.post(f"{HERE}domains/", {"domain": DOMAIN})
        (row,) = domains(cast)
        proof = f"sondervoice-verification={row.token}"
        resolver.records[f"_sondervoice.{DOMAIN}"] = [proof]

        answer = adas.post(f"{HERE}domains/{row.id}/check/")

        assert answer.status_code == 409
        assert domains(cast)[0].proved_at is None
        assert actions(cast) == ["accounts.sso.domain_added"]

    def test_of_another_clinic_is_not_found(
        self, cast: Cast, adas: Client, resolver: DnsServer
    ):
        theirs = prove(cast.birch, "birch-legal.example")

        answers = [
            adas.post(f"{HERE}domains/{theirs.id}/{act}/").status_code
            for act in ("check", "remove")
        ]

        assert answers == [404, 404]
        with tenancy.scope(cast.birch.organization.id):
            assert SsoDomain.objects.get().checked_at == NOW

    def test_that_is_the_last_of_an_enforced_directory_stays(
        self, cast: Cast, directory: OidcProvider, adas: Client
    ):
        row = prove(cast.alder, DOMAIN)
        make_connection(cast.alder, directory, is_enforced=True)

        answer = adas.post(f"{HERE}domains/{row.id}/remove/")

        assert answer.status_code == 409
        assert len(domains(cast)) == 1


class TestAccess:
    def test_is_refused_to_a_role_without_it(
        self, cast: Cast, alders: SsoConnection, signed_in: SignIn
    ):
        (row,) = domains(cast)
        bens = signed_in(cast.ben)

        answers = {
            bens.post(f"{HERE}{path}", said).status_code
            for path, said in endpoints(row)
        }

        assert answers == {403}
        assert bens.get(HERE).status_code == 403
        assert kept(cast).status == "on"
        assert len(domains(cast)) == 1
        assert actions(cast) == []

    def test_is_refused_without_the_plan(
        self, cast: Cast, alders: SsoConnection, adas: Client
    ):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(plan=Plan.PRO)
        (row,) = domains(cast)

        answers = {
            adas.post(f"{HERE}{path}", said).status_code
            for path, said in endpoints(row)
        }

        assert answers == {403}
        assert "does not have single sign-on" in adas.get(HERE).content.decode()
        assert actions(cast) == []

    def test_is_asked_to_sign_in_first(self, cast: Cast, alders: SsoConnection):
        (row,) = domains(cast)

        answers = {
            Client().post(f"{HERE}{path}", said).status_code
            for path, said in endpoints(row)
        }

        assert answers == {302}
        assert actions(cast) == []
        assert mail.outbox == []


class TestRoles:
    """A directory gives roles; who sets it up gives none beyond their own."""

    @pytest.mark.parametrize(
        "wish",
        [
            {"role_lines": "mine = administrator", "default_role": ""},
            {"role_lines": "", "default_role": "clinician"},
        ],
    )
    def test_are_not_given_by_who_may_only_set_the_directory_up(
        self,
        cast: Cast,
        adas: Client,
        directory: OidcProvider,
        signed_in: SignIn,
        wish: dict[str, str],
    ):
        with tenancy.scope(cast.alder.organization.id):
            own = CustomRole.objects.create(
                organization=cast.alder.organization,
                name="Directory",
                permissions=[Permission.SSO_MANAGE.value],
                created_at=NOW,
            )
            Membership.objects.filter(user=cast.ben).update(
                role=Role.VIEWER, custom_role=own
            )

        answer = signed_in(cast.ben).post(
            f"{HERE}directory/", written(directory, **wish)
        )

        assert answer.status_code == 403
        assert kept(cast) is None
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.role.refused")
        assert (row.actor_id, row.subject_kind) == (cast.ben.id, "sso_connection")


class TestOwnersIdentity:
    def test_is_not_an_administrators_to_answer_for(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider, signed_in
    ):
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(role=Role.ADMINISTRATOR)
            DirectoryIdentity.objects.create(
                organization=cast.alder.organization,
                user=cast.ada,
                issuer=directory.issuer,
                subject="ada",
                created_at=NOW,
            )
        before = kept(cast).sealed_secret

        answer = signed_in(cast.ben).post(
            f"{HERE}directory/", written(directory, client_secret="mine now")
        )

        assert answer.status_code == 403
        assert "who may do more than you could give" in answer.content.decode()
        assert bytes(kept(cast).sealed_secret) == bytes(before)
        assert "accounts.sso.set_up" not in actions(cast)
