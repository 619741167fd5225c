"""Every route, role and verb: one's own things by the table, others' never."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.permissions import ROLE_GRANTS, SCOPE_GRANTS, Role
from tests.cast_fixtures import SignIn
from tests.matrix.entries import ENTRIES, OPEN, Entry
from tests.matrix.routes import Route, list_routes
from tests.matrix.rows import fingerprint
from tests.matrix.world import CANARIES, Side, World, make_world

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = {401, 403, 404, 405}
ROUTES = list_routes()
GUARDED = [route for route in ROUTES if route.name in ENTRIES]
PEOPLE = [role for role in Role if role is not Role.SYSTEM_OPERATOR]


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world()


def _address(route: Route, ids: Side) -> str:
    names = {one: ids.ids[one.removesuffix("_id")] for one in route.parameters}
    return reverse(route.name, kwargs=names)


def _filled(entry: Entry, side: Side) -> dict[str, object]:
    return {
        name: value.format(**side.ids) if isinstance(value, str) else value
        for name, value in entry.body.items()
    }


def _ask(client: Client, route: Route, verb: str, path: str, body, **headers: str):
    if route.is_api:
        return client.generic(
            verb, path, json.dumps(body), "application/json", headers=headers
        )
    if verb == "POST":
        return client.post(path, body, headers=headers)
    return client.generic(verb, path, headers=headers)


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


def _clients(world: World, signed_in: SignIn) -> dict[str, Client]:
    people = {role.value: signed_in(world.alder.people[role]) for role in PEOPLE}
    return {**people, "stranger": signed_in(world.stranger), "nobody": Client()}


def _askers(route: Route, world: World, signed_in: SignIn):
    """Yield name, client and headers of everybody who could ask."""
    for name, client in _clients(world, signed_in).items():
        yield name, client, {}
    if route.is_api:
        yield "key", Client(), {"authorization": f"Api-Key {world.alder.key}"}


class TestRoutes:
    def test_have_an_entry_each_and_each_entry_a_route(self):
        names = {route.name for route in ROUTES}

        assert names - set(ENTRIES) - OPEN == set()
        assert (set(ENTRIES) | OPEN) - names == set()
        assert set(ENTRIES) & OPEN == set()

    def test_that_are_open_ask_for_no_permission(self):
        wrong = [one.name for one in ROUTES if one.name in OPEN and one.permission]

        assert wrong == []


@pytest.mark.parametrize("route", GUARDED, ids=lambda one: one.name)
class TestRoute:
    def test_lets_in_whose_role_holds_its_permission_and_nobody_else(
        self, world: World, signed_in: SignIn, route: Route
    ):
        entry = ENTRIES[route.name]
        path = _address(route, world.alder) + entry.query
        wrong, let_in = [], 0

        for name, client, headers in _askers(route, world, signed_in):
            expected = _expected(route, entry, name)
            with _undone():
                more = entry.first(client, world.alder.ids) if entry.first else ""
                answer = _ask(
                    client,
                    route,
                    entry.method,
                    path + more,
                    _filled(entry, world.alder),
                    **headers,
                )
            let_in += _status(answer) in entry.answers
            if _status(answer) not in expected:
                wrong.append((name, _status(answer), expected))

        assert wrong == []
        assert let_in >= 1

    def test_opens_nothing_of_another_clinic(
        self, world: World, signed_in: SignIn, route: Route
    ):
        entry, birch = ENTRIES[route.name], world.birch
        path = _address(route, birch) + entry.query
        before = fingerprint(birch.clinic.organization.id)
        wrong = []

        for name, client, headers in _askers(route, world, signed_in):
            for verb in VERBS:
                answer = _ask(
                    client, route, verb, path, _filled(entry, birch), **headers
                )
                words = _text(answer)
                seen = [one for one in CANARIES if one in words]
                is_refused = _status(answer) in REFUSED
                if seen or (route.parameters and not is_refused):
                    wrong.append((name, verb, _status(answer), seen))

        assert wrong == []
        assert fingerprint(birch.clinic.organization.id) == before


def _expected(route: Route, entry: Entry, name: str) -> set[int]:
    if name == "nobody":
        return {401}
    if route.is_api:
        return set(entry.answers) if name == "key" and _key_may(route) else {401, 403}
    if name == "stranger" or name in entry.not_for:
        return {403, 404}
    if route.permission is None or route.permission in ROLE_GRANTS[Role(name)]:
        return set(entry.answers)
    return {403}


def _key_may(route: Route) -> bool:
    return any(route.permission in granted for granted in SCOPE_GRANTS.values())
