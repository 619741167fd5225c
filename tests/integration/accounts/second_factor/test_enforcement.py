import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Membership,
    Organization,
    User,
)
from accounts.permissions import Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, PASSWORD, Cast, join, make_person
from tests.cast_factor import give_phone, sign_in_with_password, sign_in_without_factor
from tests.matrix.routes import list_routes

SET_UP = "/accounts/second-factor/set-up/"
VERIFY = "/accounts/second-factor/verify/"
# It says that a directory is wanted; whoever needs none is sent on, to be asked there.
LEADS_ON = "app/directory/"
# What is a person's own and stays open to a password alone where more is asked for.
OPEN_WITHOUT = {
    # Going, and saying that one is there.
    "account_logout",
    "end-sessions",
    "stay-signed-in",
    # Setting the first factor up, by who reads their mail; these ask for it themselves.
    "second-factor-set-up",
    "second-factor-mailbox",
    "second-factor-mailbox-send",
    "second-factor-codes",
    "passkey-add",
    "passkey-added",
    "passkey-show",
    "passkey-shown",
    # Says that it is done, and nothing else.
    "password-changed",
    # The way to the directory that a clinic enforces; nothing is changed here.
    "sso-connections",
    # Lead to the first page, which asks.
    "agency",
    "agency-new-clinic",
}


def _routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def _app_pages() -> list[str]:
    """Return an address of every page of the dashboard, with an id where one is."""
    return [
        "/" + _fill(route)
        for route in _routes(get_resolver().url_patterns)
        if route.startswith("app/") and route != LEADS_ON
    ]


def _fill(route: str) -> str:
    """Put an id or a number where one is wanted; of several words the first."""
    plain = re.sub(r"\(\?P<\w+>(\w+)[|\w]*\)", r"\1", route)
    plain = plain.replace("^", "").replace("$", "")
    plain = re.sub(r"<int:\w+>", "0", plain)
    return re.sub(r"<uuid:\w+>", lambda _: str(uuid7()), plain)


def _own_pages() -> list[tuple[str, str]]:
    """Return the pages of people's own that ask who comes, with an address each."""
    addresses = [
        (one.name, "/" + _fill(re.sub(r"<(?:str:)?\w+>", "x", one.pattern)))
        for one in list_routes()
        if one.pattern.startswith(("accounts/", "preferences/"))
    ]
    stranger = Client()
    return [
        (name, address)
        for name, address in addresses
        if any(
            _where(getattr(stranger, method)(address)) == "/accounts/login/"
            for method in ("get", "post")
        )
    ]


def _is_sent_to_set_up(user: User, method: str, address: str) -> bool:
    answer = getattr(sign_in_without_factor(user), method)(address)
    return answer.status_code == 405 or _where(answer) == SET_UP


def _where(answer) -> str:
    return answer.headers.get("Location", "").partition("?")[0]


def _reached(client: Client) -> dict[str, set[str]]:
    """Return where every page leads, by method."""
    found: dict[str, set[str]] = {}
    for address in _app_pages():
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            where = answer.headers.get("Location", "").partition("?")[0]
            found.setdefault(f"{answer.status_code} {where}", set()).add(address)
    return found


def _set_hipaa(cast: Cast) -> None:
    organization = cast.alder.organization
    with tenancy.scope(organization.id):
        Organization.objects.filter(pk=organization.id).update(hipaa_mode=True)


def _administrator(cast: Cast) -> User:
    user = make_person("Flo", "flo@alder-clinic.example")
    join(cast.alder, user, Role.ADMINISTRATOR)
    return user


def _agency_administrator(cast: Cast) -> User:
    user = make_person("Gil", "gil@agency.example")
    agency = Agency.objects.create(name="Firm")
    with signing_in():
        AgencyMembership.objects.create(agency=agency, user=user, created_at=NOW)
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(agency=agency)
    return user


def _own_role_that_gives_access(cast: Cast) -> User:
    user = make_person("Hal", "hal@alder-clinic.example")
    organization = cast.alder.organization
    with tenancy.scope(organization.id):
        role = CustomRole.objects.create(
            organization=organization,
            name="Key keeper",
            permissions=["keys.view", "keys.manage"],
            created_at=NOW,
        )
        Membership.objects.create(
            organization=organization,
            user=user,
            role=Role.VIEWER,
            custom_role=role,
            created_at=NOW,
        )
    return user


def _viewer_in_hipaa_mode(cast: Cast) -> User:
    user = make_person("Ivy", "ivy@alder-clinic.example")
    join(cast.alder, user, Role.VIEWER)
    _set_hipaa(cast)
    return user


MUST = {
    "owner": lambda cast: cast.ada,
    "administrator": _administrator,
    "agency administrator": _agency_administrator,
    "a role of the clinic's own": _own_role_that_gives_access,
    "viewer in HIPAA mode": _viewer_in_hipaa_mode,
}


class TestWhoMustHaveOne:
    @pytest.mark.parametrize("who", MUST)
    def test_reaches_nothing_but_the_set_up(self, cast: Cast, who: str):
        client = sign_in_with_password(MUST[who](cast))

        reached = _reached(client)

        assert len(_app_pages()) > 10
        assert reached.keys() == {f"302 {SET_UP}"}

    def test_reaches_no_other_page_about_people_either(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        answers = [
            client.get("/accounts/clinics/"),
            client.post(f"/accounts/clinics/{cast.alder.organization.id}/"),
            client.get("/accounts/second-factor/"),
            client.post("/accounts/second-factor/codes/kept/", {"kept": "yes"}),
            client.get("/accounts/second-factor/app/1/remove/"),
            client.post("/accounts/second-factor/app/1/rename/", {"name": "x"}),
        ]

        where = {one.headers["Location"].partition("?")[0] for one in answers}
        assert where == {SET_UP}
        assert "organization_id" not in client.session

    def test_may_sign_out(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        client.post("/accounts/logout/")

        assert client.get(SET_UP).headers["Location"].startswith("/accounts/login/")

    def test_is_not_let_through_by_another_clinic(self, cast: Cast):
        join(cast.birch, cast.ada, Role.VIEWER)
        client = sign_in_with_password(cast.ada)
        session = client.session
        session["organization_id"] = str(cast.birch.organization.id)
        session.save()

        # The other clinic asks her for nothing; to change back she must show it.
        assert client.get("/app/").status_code == 200
        answer = client.post(f"/accounts/clinics/{cast.alder.organization.id}/")
        assert answer.headers["Location"].startswith(SET_UP)


class TestTheirOwnPages:
    """Pages beside the dashboard that send strangers to sign in."""

    def test_are_closed_but_for_these(self, cast: Cast):
        found = {
            name
            for name, address in _own_pages()
            for method in ("get", "post")
            if not _is_sent_to_set_up(cast.ada, method, address)
        }

        assert found == OPEN_WITHOUT

    def test_do_not_close_the_account(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        shown = client.get("/accounts/close/")
        answer = client.post("/accounts/close/", {"email": cast.ada.email})

        where = {one.headers["Location"].partition("?")[0] for one in (shown, answer)}
        assert where == {SET_UP}
        with signing_in():
            assert User.objects.get(pk=cast.ada.pk).is_active is True

    def test_do_not_change_the_password(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        answer = client.post(
            "/accounts/password/",
            {"old_password": PASSWORD, "new_password": "another horse staple battery"},
        )

        assert answer.headers["Location"].partition("?")[0] == SET_UP
        with signing_in():
            assert User.objects.get(pk=cast.ada.pk).check_password(PASSWORD)


class TestWhoHasOne:
    def test_reaches_nothing_before_it_is_shown(self, cast: Cast):
        give_phone(cast.ben, now=utc_now())
        client = sign_in_without_factor(cast.ben)

        reached = _reached(client)

        assert reached.keys() == {f"302 {VERIFY}"}
        assert client.get("/accounts/clinics/").status_code == 302

    def test_cannot_add_another_instead_of_showing_it(self, cast: Cast):
        give_phone(cast.ben, now=utc_now())
        client = sign_in_without_factor(cast.ben)

        for address in (SET_UP, "/accounts/second-factor/passkey/add/"):
            answer = client.post(address, {"code": "123456"})
            assert answer.headers["Location"].startswith(VERIFY)


class TestWhoNeedsNone:
    def test_comes_in_with_the_password(self, cast: Cast):
        client = sign_in_with_password(cast.ben)

        assert client.get("/app/").status_code == 200
        assert client.get("/accounts/clinics/").status_code == 200
        assert client.get("/accounts/second-factor/").status_code == 200


class TestScript:
    def test_of_htmx_is_sent_by_its_own_header(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        answer = client.get(
            "/app/calls/?when=all",
            headers={
                "HX-Request": "true",
                "HX-Current-URL": "http://testserver/app/calls/",
            },
        )

        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"] == f"{SET_UP}?next=%2Fapp%2Fcalls%2F"
        assert answer.content == b""

    def test_of_another_host_leads_to_the_first_page(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        answer = client.get(
            "/app/calls/",
            headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"},
        )

        assert answer.headers["HX-Redirect"] == f"{SET_UP}?next=%2Fapp%2F"

    def test_that_wants_json_is_told(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        answer = client.get("/app/calls/", headers={"Accept": "application/json"})

        assert answer.status_code == 403
        assert answer.json()["code"] == "second_factor_missing"
