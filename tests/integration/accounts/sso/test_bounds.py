"""By the directory nobody gives, or becomes, more than they could by hand."""

import pytest
from django.test import Client

from accounts.entitlements import Plan
from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Membership,
    Organization,
    User,
)
from accounts.second_factor.models import AuthenticatorApp
from accounts.sso.models import DirectoryIdentity, SsoConnection
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast, join, make_person
from tests.cast_fixtures import SignIn
from tests.fakes.directory.oidc import OidcProvider
from tests.fakes.directory.saml import ISSUER, SSO_URL, certificate
from tests.integration.accounts.sso.browser import travel
from tests.integration.accounts.sso.conftest import make_connection, prove
from tests.integration.accounts.sso.test_settings_views import HERE, kept, written

ROLES = ["clinician", "receptionist", "auditor", "administrator"]


@pytest.fixture
def jo(cast: Cast) -> User:
    """The administrator of Alder's agency."""
    jo = make_person("Jo Jansen", "jo@lakeside.example")
    with signing_in():
        agency = Agency.objects.create(name="Lakeside")
        AgencyMembership.objects.create(agency=agency, user=jo, created_at=NOW)
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(agency=agency, plan=Plan.ENTERPRISE)
    return jo


def _composed(cast: Cast) -> None:
    """Make Ben one who sets the directory up and manages people, and no more."""
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(plan=Plan.ENTERPRISE)
        role = CustomRole.objects.create(
            organization=cast.alder.organization,
            name="Door",
            permissions=["sso.manage", "members.manage", "members.view"],
            created_at=NOW,
        )
        Membership.objects.filter(user=cast.ben).update(role="viewer", custom_role=role)


def _set_up(client: Client, directory: OidcProvider, **words: str) -> int:
    wanted = {"role_lines": "", "default_role": "", **words}
    return client.post(f"{HERE}directory/", written(directory, **wanted)).status_code


class TestRoles:
    @pytest.mark.parametrize("role", ROLES)
    def test_that_an_agency_could_not_give_are_not_given(
        self, cast: Cast, directory: OidcProvider, jo: User, signed_in: SignIn,
        role: str,
    ):  # fmt: skip
        client = signed_in(jo)

        assert _set_up(client, directory, default_role=role) == 403
        assert _set_up(client, directory, role_lines=f"boss: {role}") in {403, 422}
        assert kept(cast) is None

    def test_that_it_could_give_are(
        self, cast: Cast, directory: OidcProvider, jo: User, signed_in: SignIn
    ):
        assert _set_up(signed_in(jo), directory, default_role="viewer") == 302
        assert kept(cast).default_role == "viewer"

    def test_of_a_composed_role_are_no_more_than_it_holds(
        self, cast: Cast, directory: OidcProvider, signed_in: SignIn
    ):
        _composed(cast)

        status = _set_up(signed_in(cast.ben), directory, default_role="administrator")

        assert status == 403
        assert kept(cast) is None

    def test_that_an_owner_wrote_are_not_switched_on_by_an_agency(
        self, cast: Cast, directory: OidcProvider, jo: User, signed_in: SignIn
    ):
        prove(cast.alder, "alder-clinic.example")
        make_connection(
            cast.alder, directory, status=SsoConnection.Status.TESTED,
            tested_at=NOW, default_role="clinician",
        )  # fmt: skip

        answer = signed_in(jo).post(f"{HERE}on/")

        assert answer.status_code == 403
        assert kept(cast).status == "tested"


class TestProof:
    def test_is_not_the_agencys_to_change_where_a_clinician_comes_in_by_it(
        self, cast: Cast, directory: OidcProvider, jo: User, signed_in: SignIn
    ):
        prove(cast.alder, "alder-clinic.example")
        make_connection(
            cast.alder, directory, kind="saml", preset="other", issuer=ISSUER,
            sso_url=SSO_URL, certificates=["CLINICS OWN"], client_id="",
            sealed_secret=b"", default_role="",
        )  # fmt: skip
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(role="clinician")
            DirectoryIdentity.objects.create(
                organization=cast.alder.organization, user=cast.ben, issuer=ISSUER,
                subject="ben", created_at=NOW,
            )  # fmt: skip

        answer = signed_in(jo).post(
            f"{HERE}directory/",
            {
                "kind": "saml", "preset": "other", "label": "Alder directory",
                "issuer": ISSUER, "sso_url": SSO_URL, "certificates": certificate(),
                "groups_claim": "groups", "role_lines": "", "default_role": "",
                "trusts_second_factor": "on",
            },
        )  # fmt: skip

        assert answer.status_code == 403
        row = kept(cast)
        assert (row.certificates, row.trusts_second_factor) == (["CLINICS OWN"], False)


class TestVouching:
    def test_plants_no_first_factor_which_would_count_in_other_clinics(
        self, cast: Cast, directory: OidcProvider
    ):
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(
            cast.alder, directory, trusts_second_factor=True, default_role=""
        )
        join(cast.birch, cast.ben, "administrator")
        with tenancy.scope(cast.alder.organization.id):
            DirectoryIdentity.objects.create(
                organization=cast.alder.organization, user=cast.ben,
                issuer=connection.issuer, subject="ben", created_at=NOW,
            )  # fmt: skip
        directory.person |= {
            "sub": "ben", "email": "who@alder-clinic.example", "amr": ["mfa"],
        }  # fmt: skip
        client = Client()
        travel(client, directory, connection)

        answer = client.get("/accounts/second-factor/set-up/")

        assert client.get("/app/calls/").status_code == 200
        assert answer.headers["Location"].startswith("/accounts/second-factor/mailbox/")
        with signing_in():
            assert not AuthenticatorApp.objects.filter(user=cast.ben).exists()
