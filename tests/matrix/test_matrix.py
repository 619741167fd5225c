"""Every route, role and verb: one's own things by the table, others' never."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.machines.models import TokenFamily
from accounts.permissions import ROLE_GRANTS, SCOPE_GRANTS, Role
from accounts.roles.matrix import grants_of, make_matrix
from accounts.roles.selectors.endpoints import list_endpoints
from accounts.roles.sockets import known_sockets
from accounts.sso.models import SsoConnection
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.architecture.source import REPOSITORY
from tests.matrix.entries import (
    ENTRIES,
    OPEN,
    OPENED_BY,
    OPERATORS,
    OTHERS,
    SOCKETS,
    WRITES,
    Entry,
    Own,
)
from tests.matrix.routes import Route, list_routes
from tests.matrix.rows import fingerprint, tables_of_people
from tests.matrix.shared import Browsers
from tests.matrix.world import CANARIES, CUSTOM, CUSTOM_GRANTS, Side, World

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = {401, 403, 404, 405}
ROUTES = list_routes()
GUARDED = [route for route in ROUTES if route.name in ENTRIES]
ASKED = [
    pytest.param(route, entry, id=f"{entry.method} {route.name}")
    for route in GUARDED
    for entry in (ENTRIES[route.name], *WRITES.get(route.name, ()))
]
# Whom a role of the clinic's own lets in as well, and who only works for SonderVoice.
PEOPLE = [*(role.value for role in Role), CUSTOM]
OUTSIDERS = {"stranger", Role.SYSTEM_OPERATOR.value}
# Where a browser is sent that has not shown enough; any other page is an answer.
ASKING = {
    reverse(name)
    for name in (
        "account_login",
        "second-factor-set-up",
        "second-factor-verify",
        "second-factor-mailbox",
    )
}


class Asker(NamedTuple):
    """Somebody with a browser or a program."""

    name: str
    client: Client
    headers: dict[str, str]


def _address(route: Route, entry: Entry, side: Side) -> str:
    """Return the address of the side's own thing."""
    names = {}
    for one in route.parameters:
        kind = entry.ids.get(one, one.removesuffix("_id"))
        names[one] = side.ids.get(kind, kind)
    return reverse(route.name, kwargs=names)


def _filled(entry: Entry, side: Side) -> dict[str, object]:
    return {
        name: value.format(**side.ids) if isinstance(value, str) else value
        for name, value in entry.body.items()
    }


def _ask(asker: Asker, verb: str, path: str, body: dict[str, object]):
    if path.startswith("/api/"):
        return asker.client.generic(
            verb, path, json.dumps(body), "application/json", headers=asker.headers
        )
    if verb == "POST":
        return asker.client.post(path, body)
    return asker.client.generic(verb, path)


def _text(answer) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("latin-1")
    return answer.content.decode("utf-8", "replace")


def _status(answer) -> int:
    """Return the status; being sent to sign in is a 401 in a browser's words."""
    if answer.status_code == 302:
        place = answer.headers["Location"].partition("?")[0]
        return 401 if place in ASKING else 302
    return answer.status_code


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _askers(route: Route, world: World, browsers: Browsers) -> list[Asker]:
    """Return everybody who could ask: a person of each role, a stranger, nobody."""
    nobody = Asker("nobody", Client(), {})
    if not route.is_api:
        people = [Asker(role, browsers(role), {}) for role in PEOPLE]
        return [*people, Asker("stranger", browsers("stranger"), {}), nobody]
    tokens = {role: world.alder.token_of(role) for role in PEOPLE}
    tokens["stranger"] = world.alder.token_for(world.stranger)
    programs = [
        Asker(name, Client(), {"authorization": f"Bearer {token}"})
        for name, token in tokens.items()
    ]
    key = Asker("key", Client(), {"authorization": f"Api-Key {world.alder.key}"})
    return [*programs, key, nobody]


class TestRoutes:
    def test_of_the_api_have_an_entry_for_each_write(self):
        known = {
            (route.name, entry.method)
            for route in GUARDED
            for entry in (ENTRIES[route.name], *WRITES.get(route.name, ()))
            if route.is_api and entry.method != "GET"
        }
        served = {
            (route.name, verb.upper()) for route in GUARDED for verb in route.writes
        }

        assert known == served

    def test_have_an_entry_each_and_each_entry_a_route(self):
        names = {route.name for route in ROUTES if not route.is_operators}
        operators = {route.name for route in ROUTES if route.is_operators}

        assert operators == {f"admin:{name}" for name in OPERATORS}
        assert names - set(ENTRIES) - OPEN == set()
        assert (set(ENTRIES) | OPEN) - names == set()
        assert set(ENTRIES) & OPEN == set()

    def test_that_are_open_ask_for_no_permission(self):
        wrong = [one.name for one in ROUTES if one.name in OPEN and one.permission]

        assert wrong == []

    def test_that_are_open_and_name_a_thing_are_walked_or_have_a_reason(self):
        named = {one.name for one in ROUTES if one.name in OPEN and one.parameters}

        assert named == set(OTHERS) | set(OPENED_BY)
        assert set(OTHERS) & set(OPENED_BY) == set()

    def test_over_websocket_are_walked_elsewhere(self):
        assert {one.route for one in known_sockets()} == set(SOCKETS)
        assert [
            one for one in SOCKETS.values() if not (REPOSITORY / one).exists()
        ] == []

    def test_are_watched_by_the_rows_of_people_too(self):
        assert {
            "otp_totp_totpdevice",
            "django_otp_webauthn_webauthncredential",
            "second_factor_recoverycodes",
            "machines_tokenfamily",
            "sso_socialidentity",
            "accounts_agencymembership",
        } <= tables_of_people()


@pytest.mark.parametrize(("route", "entry"), ASKED)
class TestRequest:
    def test_lets_in_whose_role_holds_its_permission_and_nobody_else(
        self, world: World, browsers: Browsers, route: Route, entry: Entry
    ):
        path = _address(route, entry, world.alder) + entry.query
        body, wrong, let_in = _filled(entry, world.alder), [], 0

        for asker in _askers(route, world, browsers):
            with _undone():
                more = entry.first(asker.client, world.alder.ids) if entry.first else ""
                answer = _ask(asker, entry.method, path + more, body)
            expected = _expected(route, entry, asker.name)
            let_in += _status(answer) in entry.answers
            if _status(answer) not in expected:
                wrong.append((asker.name, _status(answer), expected))

        assert wrong == []
        assert let_in >= 1


@pytest.mark.parametrize("route", GUARDED, ids=lambda one: one.name)
class TestRoute:
    def test_opens_nothing_of_another_clinic(
        self, world: World, browsers: Browsers, route: Route
    ):
        entry, birch = ENTRIES[route.name], world.birch
        path = _address(route, entry, birch) + entry.query
        kinds = (
            entry.ids.get(one, one.removesuffix("_id")) for one in route.parameters
        )
        names_a_thing = any(kind in birch.ids for kind in kinds)
        # Of a record that is not sealed yet nothing is shown to anybody.
        refused = REFUSED | ({409} & set(entry.answers))
        before = _rows(birch)
        wrong = []

        for asker in _askers(route, world, browsers):
            for verb in VERBS:
                answer = _ask(asker, verb, path, _filled(entry, birch))
                words = _text(answer)
                seen = [one for one in CANARIES if one in words]
                is_refused = _status(answer) in refused
                if seen or (names_a_thing and not is_refused):
                    wrong.append((asker.name, verb, _status(answer), seen))

        assert wrong == []
        assert _rows(birch) == before


@pytest.mark.parametrize("name", OTHERS)
class TestOwnThings:
    def test_of_somebody_else_are_not_there(
        self, world: World, browsers: Browsers, name: str
    ):
        own, route = OTHERS[name], _route(name)
        path = _address_of_own(route, own, world.birch)
        askers = _askers(route, world, browsers)
        before, wrong = _rows(world.birch), []

        for asker in askers:
            for verb in VERBS:
                answer = _ask(asker, verb, path, dict(own.body))
                words = _text(answer)
                seen = [one for one in CANARIES if one in words]
                if seen or _status(answer) not in REFUSED:
                    wrong.append((asker.name, verb, _status(answer), seen))

        assert wrong == []
        assert _rows(world.birch) == before

    def test_are_there_for_whose_they_are(
        self, world: World, browsers: Browsers, name: str
    ):
        own, route = OTHERS[name], _route(name)
        owners = [
            one for one in _askers(route, world, browsers) if one.name == own.role
        ]
        path = _address_of_own(route, own, world.alder)

        (answer,) = [_ask(one, own.method, path, dict(own.body)) for one in owners]

        assert _status(answer) in own.answers


class TestOperatorsPages:
    def test_are_not_there_for_anybody_of_a_clinic(
        self, world: World, browsers: Browsers
    ):
        routes = [route for route in ROUTES if route.is_operators]
        askers = _askers(routes[0], world, browsers)
        before, wrong = _rows(world.birch), []

        for route in routes:
            names = {one: _some(one, world) for one in route.parameters}
            path = reverse(route.name, kwargs=names)
            for asker in askers:
                for verb in ("GET", "POST", "DELETE"):
                    status = _status(_ask(asker, verb, path, {}))
                    if status != (401 if asker.name == "nobody" else 404):
                        wrong.append((route.name, asker.name, verb, status))

        assert len(routes) > 20
        assert wrong == []
        assert _rows(world.birch) == before

    def test_are_open_to_no_role_of_a_clinic_in_the_shown_matrix(self):
        shown = make_matrix(grants_of([]), list_endpoints())
        lines = [one for one in shown.endpoints if one.what.startswith("/admin/")]
        let_in = {
            role
            for line in lines
            for role, may in zip(shown.roles, line.may, strict=True)
            if may is not False
        }

        assert len(lines) == len([route for route in ROUTES if route.is_operators])
        assert let_in == {Role.SYSTEM_OPERATOR.value}


def _rows(side: Side) -> dict[str, tuple[int, str]]:
    """Return the fingerprint of the clinic and of its people."""
    people = [person.pk for person in side.people.values()]
    return fingerprint(side.clinic.organization.id, people)


def _route(name: str) -> Route:
    return next(one for one in ROUTES if one.name == name)


def _address_of_own(route: Route, own: Own, side: Side) -> str:
    """Return the address of the thing, made ready: a token that lives, a directory."""
    if "family" in own.ids.values():
        _give_token(side, own.role)
    if "connection" in own.ids.values():
        with tenancy.scope(side.clinic.organization.id):
            SsoConnection.objects.update(
                status=SsoConnection.Status.ON, tested_at=utc_now()
            )
    ids = {**side.ids, "family": _newest_token(side, own.role)}
    names = {one: ids.get(own.ids[one], own.ids[one]) for one in route.parameters}
    return reverse(route.name, kwargs=names)


def _give_token(side: Side, role: str) -> None:
    """Make one, unless the person asks by one that a second would end."""
    if not _newest_token(side, role):
        side.token_of(role)


def _newest_token(side: Side, role: str) -> str:
    with signing_in():
        found = TokenFamily.objects.filter(user=side.people[role])
        newest = found.order_by("-started_at").values_list("pk", flat=True).first()
    return str(newest or "")


def _some(parameter: str, world: World) -> str:
    kind = parameter.removesuffix("_id")
    return world.birch.ids.get(kind, world.birch.ids["organization"])


def _expected(route: Route, entry: Entry, name: str) -> set[int]:
    """Return what the table of roles says of this person at this address."""
    permission = entry.permission or route.permission
    if name == "nobody":
        return {401}
    if name == "key":
        may = entry.method == "GET" and _key_may(permission)
        return set(entry.answers) if may else {401, 403}
    if name in OUTSIDERS:
        return {401, 403, 404}
    if name in entry.not_for:
        return {403, 404, 422}
    granted = CUSTOM_GRANTS if name == CUSTOM else ROLE_GRANTS[Role(name)]
    if permission is None or permission in granted:
        return set(entry.answers)
    return {403}


def _key_may(permission) -> bool:
    return any(permission in granted for granted in SCOPE_GRANTS.values())
