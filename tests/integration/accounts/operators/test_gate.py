from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.operators.models import OperatorSession
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from tests.cast import Cast, make_person
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import grant, hashes
from tests.owner import as_owner

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "operator"]),
    pytest.mark.urls("tests.integration.accounts.operators.factor_urls"),
]
NOBODYS = UUID(int=0)


def _patterns(patterns: list[Any]) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def _addresses() -> dict[str, str]:
    """Return every address under `/admin/` by name, its ids nobody's."""
    site = next(
        one
        for one in get_resolver().url_patterns
        if getattr(one, "namespace", None) == "admin"
    )
    return {
        one.name: reverse(
            f"admin:{one.name}",
            kwargs={
                key: "accounts" if key == "app_label" else NOBODYS
                for key in one.pattern.converters
            },
        )
        for one in _patterns(site.url_patterns)
    }


def _answers(client: Client) -> dict[str, set[object]]:
    """Return what each address answers to GET and POST: status, and whereto."""
    found: dict[str, set[object]] = {}
    for name, address in _addresses().items():
        answers = [client.get(address), client.post(address, {"reason": "x"})]
        found[name] = {
            (one.status_code, one.headers.get("Location", "").partition("?")[0])
            for one in answers
        }
    return found


def _without_factor(user: User) -> Client:
    client = Client()
    with signing_in():
        client.force_login(user)
    return client


class TestAdmin:
    def test_has_these_addresses_and_none_that_adds_or_deletes(self):
        names = set(_addresses())

        assert len(names) == 54
        assert [
            name for name in names if name.endswith(("_add", "_delete", "_history"))
        ] == []

    def test_sends_nobody_to_sign_in(self, cast: Cast):
        before = hashes()

        answers = _answers(Client())

        assert set().union(*answers.values()) == {(302, "/accounts/login/")}
        assert hashes() == before

    def test_is_not_there_for_a_member(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)
        before = hashes()

        answers = _answers(client)

        assert set().union(*answers.values()) == {(404, "")}
        assert hashes() == before

    def test_is_not_there_for_staff_without_a_grant(
        self, cast: Cast, signed_in: SignIn
    ):
        vic = make_person("Vic", "vic@sondervoice.example")
        as_owner("UPDATE accounts_user SET is_staff = true WHERE id = %s", [vic.pk])
        client = signed_in(vic)
        before = hashes()

        answers = _answers(client)

        assert set().union(*answers.values()) == {(404, "")}
        assert hashes() == before

    def test_is_not_there_once_the_grant_is_over(self, cast: Cast, signed_in: SignIn):
        vic = make_person("Vic", "vic@sondervoice.example")
        grant(vic, hours_ago=8)
        client = signed_in(vic)
        before = hashes()

        answers = _answers(client)

        assert set().union(*answers.values()) == {(404, "")}
        assert hashes() == before

    def test_is_not_there_for_who_holds_a_grant_and_is_no_staff(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        as_owner("UPDATE accounts_user SET is_staff = false WHERE id = %s", [tove.pk])

        assert signed_in(tove).get("/admin/").status_code == 404

    def test_asks_an_operator_for_a_second_factor(self, cast: Cast, tove: User):
        client = _without_factor(tove)
        before = hashes()

        answers = _answers(client)

        assert set().union(*answers.values()) == {(302, "/accounts/factor/set-up/")}
        assert hashes() == before

    def test_asks_who_has_a_factor_to_show_it(self, cast: Cast, tove: User):
        as_owner(
            "UPDATE accounts_user SET second_factor_since = now() WHERE id = %s",
            [tove.pk],
        )

        answer = _without_factor(tove).get("/admin/user/")

        assert answer.headers["Location"] == (
            "/accounts/factor/verify/?next=/admin/user/"
        )

    def test_opens_for_an_operator_with_all_three(
        self, cast: Cast, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)

        found = {
            name: client.get(address).status_code
            for name, address in _addresses().items()
            if name.endswith(("_changelist", "index", "jsi18n", "search"))
        }

        assert set(found.values()) == {200}
        assert len(found) == 14

    def test_shows_each_row_it_lists(
        self, cast: Cast, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        sheets = {
            "accounts_organization": cast.alder.organization.pk,
            "accounts_user": cast.ada.pk,
            "operators_operatorsession": session.pk,
        }

        pages = {
            name: client.get(reverse(f"admin:{name}_change", args=[pk]))
            for name, pk in sheets.items()
        }

        assert {page.status_code for page in pages.values()} == {200}
        assert "Alder Clinic" in pages["accounts_organization"].content.decode()
        assert "a•••@alder-clinic.example" in pages["accounts_user"].content.decode()
        assert "Ada Lindgren" not in pages["accounts_user"].content.decode()

    def test_names_on_the_overview_who_is_an_operator_now(
        self, cast: Cast, visitor: Client, sam: User, signed_in: SignIn
    ):
        vic = make_person("Vic Stone", "vic@sondervoice.example")
        grant(vic, hours_ago=8)

        page = signed_in(sam).get("/admin/").content.decode()

        assert "Sam Idowu" in page
        assert "Tove Lind at Alder Clinic" in page
        assert "Vic Stone" not in page

    def test_changes_no_row_by_a_sheet(
        self, cast: Cast, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        before = hashes()

        answer = client.post(
            f"/admin/organization/{cast.alder.organization.pk}/", {"name": "Mine"}
        )

        assert answer.status_code == 403
        assert hashes() == before

    def test_leaves_nothing_in_djangos_own_log(self, cast: Cast):
        assert as_owner("SELECT count(*) FROM django_admin_log", []) == [(0,)]
        assert as_owner(
            "SELECT has_table_privilege('sv_app', 'django_admin_log', 'INSERT')", []
        ) == [(False,)]

    def test_writes_one_row_a_page_with_the_purpose(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)

        client.get("/admin/organization/")
        client.get("/admin/user/")

        rows = AuditLog.unscoped.filter(
            action="accounts.operator_reading.opened", actor_id=tove.pk
        ).order_by("at", "id")
        assert [row.facts for row in rows] == [{"purpose": 2}, {"purpose": 3}]

    def test_loosens_no_policy_but_its_own(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)

        own = client.get("/admin/").headers["Content-Security-Policy"]
        other = client.get("/accounts/clinics/").headers["Content-Security-Policy"]

        assert "script-src 'self' 'unsafe-eval';" in own
        assert "unsafe-inline" not in own
        assert "unsafe" not in other
