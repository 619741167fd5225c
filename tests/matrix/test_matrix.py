"""Every route, role and verb: one's own things by the table, others' never."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.permissions import ROLE_GRANTS, SCOPE_GRANTS, Role
from tests.matrix.entries import ENTRIES, OPEN, OTHERS, WRITES, Entry
from tests.matrix.routes import Route, list_routes
from tests.matrix.rows import fingerprint
from tests.matrix.shared import Browsers
from tests.matrix.world import CANARIES, Side, World

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = {401, 403, 404, 405}
ROUTES = list_routes()
GUARDED = [route for route in ROUTES if route.name in ENTRIES]
ASKED = [
    pytest.param(route, entry, id=f"{entry.method} {route.name}")
    for route in GUARDED
    for entry in (ENTRIES[route.name], *WRITES.get(route.name, ()))
]
PEOPLE = [role for role in Role if role is not Role.SYSTEM_OPERATOR]


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
    if answer.status_code == 302 and answer.headers["Location"].startswith(
        "/accounts/"
    ):
        return 401
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
        people = [Asker(role.value, browsers(role.value), {}) for role in PEOPLE]
        return [*people, Asker("stranger", browsers("stranger"), {}), nobody]
    programs = [
        Asker(
            role.value,
            Client(),
            {"authorization": f"Bearer {world.alder.token_of(role)}"},
        )
        for role in PEOPLE
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

        assert names - set(ENTRIES) - OPEN == set()
        assert (set(ENTRIES) | OPEN) - names == set()
        assert set(ENTRIES) & OPEN == set()

    def test_that_are_open_ask_for_no_permission(self):
        wrong = [one.name for one in ROUTES if one.name in OPEN and one.permission]

        assert wrong == []


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
        names_a_thing = any(one not in entry.ids for one in route.parameters)
        before = fingerprint(birch.clinic.organization.id)
        wrong = []

        for asker in _askers(route, world, browsers):
            for verb in VERBS:
                answer = _ask(asker, verb, path, _filled(entry, birch))
                words = _text(answer)
                seen = [one for one in CANARIES if one in words]
                is_refused = _status(answer) in REFUSED
                if seen or (names_a_thing and not is_refused):
                    wrong.append((asker.name, verb, _status(answer), seen))

        assert wrong == []
        assert fingerprint(birch.clinic.organization.id) == before


@pytest.mark.parametrize("name", OTHERS)
class TestOwnThings:
    def test_of_somebody_else_are_not_there(
        self, world: World, browsers: Browsers, name: str
    ):
        birch, route = world.birch, next(one for one in ROUTES if one.name == name)
        path = _address(route, Entry(ids=OTHERS[name]), birch)
        before, wrong = fingerprint(birch.clinic.organization.id), []

        for asker in _askers(route, world, browsers):
            for verb in VERBS:
                answer = _ask(asker, verb, path, {})
                words = _text(answer)
                seen = [one for one in CANARIES if one in words]
                if seen or _status(answer) not in REFUSED:
                    wrong.append((asker.name, verb, _status(answer), seen))

        assert wrong == []
        assert fingerprint(birch.clinic.organization.id) == before


class TestOperatorsPages:
    def test_are_not_there_for_anybody_of_a_clinic(
        self, world: World, browsers: Browsers
    ):
        routes = [route for route in ROUTES if route.is_operators]
        askers = _askers(routes[0], world, browsers)
        before, wrong = fingerprint(world.birch.clinic.organization.id), []

        for route in routes:
            names = {one: _some(one, world) for one in route.parameters}
            path = reverse(route.name, kwargs=names)
            for asker in askers:
                for verb in ("GET", "POST"):
                    answer = _ask(asker, verb, path, {})
                    if _status(answer) not in REFUSED:
                        wrong.append((route.name, asker.name, verb, _status(answer)))

        assert len(routes) > 20
        assert wrong == []
        assert fingerprint(world.birch.clinic.organization.id) == before


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
    if name == "stranger" or name in entry.not_for:
        return {403, 404, 422}
    if permission is None or permission in ROLE_GRANTS[Role(name)]:
        return set(entry.answers)
    return {403}


def _key_may(permission) -> bool:
    return any(permission in granted for granted in SCOPE_GRANTS.values())
