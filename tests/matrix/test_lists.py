"""Lists, filters, searches, orders, counts and exports: nothing of another clinic's."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.test import Client

from accounts.joining.models import Invitation
from accounts.models import ApiKey, CustomRole, Membership
from accounts.permissions import Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.messages.models import Message
from telephony.models import Call
from telephony.reception.models import Agent
from telephony.scheduling.models import Appointment
from tests.matrix.entries import ENTRIES
from tests.matrix.routes import Route
from tests.matrix.shared import Browsers
from tests.matrix.test_matrix import GUARDED, ROUTES, _address
from tests.matrix.world import CANARIES, Side, World


def _is_list(route: Route) -> bool:
    shape = getattr(route.handler, "answers", None) or {}
    return "items" in shape or "results" in shape.get("properties", {})


# What a page may read from its address; the rest leads on in a list.
PARAMETERS = re.compile(r"(?:GET|asked)\.get(?:list)?\(\s*\"(\w+)\"|(CallQuery)")
PLACES = ("before", "newer_than", "older_than", "receptionist")


def _parameters(route: Route) -> set[str]:
    """Return what the page's module reads from its address, and what leads on."""
    text = inspect.getsource(sys.modules[route.handler.__module__])
    found = {first or second for first, second in PARAMETERS.findall(text)}
    return {*found, *PLACES} if found else set()


# How many rows each list of the API has: of one's own. A new list needs its line.
OWN_ROWS: Mapping[str, Callable[[], int]] = {
    "api-calls": Call.objects.count,
    "api-appointments": Appointment.objects.count,
    "api-messages": Message.objects.count,
    "api-agents": Agent.objects.count,
    "api-keys": ApiKey.objects.count,
    "api-members": Membership.objects.count,
    "api-invitations": Invitation.objects.count,
    # Beside those that the product has.
    "api-roles": CustomRole.objects.count,
}
# Lists of what the person who asks has themselves, in whichever clinic.
OWN_THINGS = {"api-tokens", "api-sessions"}
API_LISTS = [
    route
    for route in ROUTES
    if route.is_api and not route.parameters and _is_list(route)
]
READING = [
    route
    for route in GUARDED
    if not route.is_api and ENTRIES[route.name].method == "GET" and _parameters(route)
]
# What a parameter names, where it is not a call.
MEANS = {"done": "message", "person": "user"}


class Program:
    """Somebody's program at the API."""

    def __init__(self, words: str) -> None:
        self._client, self._words = Client(), words

    def get(self, path: str, **query: object):
        return self._client.get(path, query, headers={"authorization": self._words})


def _program(side: Side) -> Program:
    return Program(f"Bearer {side.token_of(Role.OWNER)}")


def _key(side: Side) -> Program:
    return Program(f"Api-Key {side.key}")


def _walk(asker: Program, path: str, **query: object) -> Iterator[str]:
    """Yield the ids of a list, one row a page where it has pages."""
    wanted: str | None = path
    while wanted is not None:
        answer = asker.get(wanted, **query)
        assert answer.status_code == 200, answer.content
        assert _canaries(answer) == []
        said, query = answer.json(), {}
        if isinstance(said, list):
            said = {"results": said}
        yield from (str(row["id"]) for row in said["results"] if row["id"])
        wanted = said.get("next")


def _canaries(answer) -> list[str]:
    words = _bytes(answer).decode("utf-8", "replace")
    return [one for one in CANARIES if one in words]


def _bytes(answer) -> bytes:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not is_zipfile(BytesIO(content)):
        return content
    with ZipFile(BytesIO(content)) as file:
        return b"\n".join(file.read(name) for name in file.namelist())


def _path(route: Route) -> str:
    return f"/{route.pattern}"


def _own_rows(side: Side, name: str) -> int:
    with tenancy.scope(side.clinic.organization.id):
        return OWN_ROWS[name]()


class TestLists:
    def test_of_the_api_have_a_line_each(self):
        names = {route.name for route in API_LISTS}

        assert names == set(OWN_ROWS) | OWN_THINGS


@pytest.mark.parametrize(
    "route",
    [route for route in API_LISTS if route.name in OWN_ROWS],
    ids=lambda route: route.name,
)
class TestList:
    def test_has_ones_own_rows_in_every_order_and_by_every_filter(
        self, world: World, route: Route
    ):
        path, own = _path(route), _own_rows(world.alder, route.name)
        orders = [{"ordering": one[0], "limit": 1} for one in route.handler.orderings]

        for asker in (_program(world.alder), _key(world.alder)):
            walks = [list(_walk(asker, path, **one)) for one in orders or [{}]]
            assert [len(walk) for walk in walks] == [own] * len(walks)
            assert len({frozenset(walk) for walk in walks}) == 1
            for name, words in route.handler.choices.items():
                found = [
                    one for word in words for one in _walk(asker, path, **{name: word})
                ]
                assert sorted(found) == sorted(walks[0])

        assert own >= 1
        assert _own_rows(world.birch, route.name) >= 1

    def test_begins_nowhere_else_by_another_clinics_cursor(
        self, world: World, route: Route
    ):
        if not route.handler.orderings:
            return
        path = _path(route)
        mine = set(_walk(_program(world.alder), path))
        theirs = _program(world.birch)
        asker = _program(world.alder)
        for order in route.handler.orderings:
            first = theirs.get(path, ordering=order[0], limit=1).json()["next"]
            if first is None:
                continue
            assert set(_walk(asker, first.partition("testserver")[2])) <= mine


class TestPages:
    def test_show_nothing_by_another_clinics_ids_in_their_address(
        self, world: World, browsers: Browsers
    ):
        client, wrong = browsers(Role.OWNER), []
        for route in READING:
            path = _address(route, ENTRIES[route.name], world.alder)
            query = {
                one: world.birch.ids[MEANS.get(one, "call")]
                for one in _parameters(route)
            }
            answer = client.get(path, query)
            if answer.status_code >= 500 or _canaries(answer):
                wrong.append((route.name, answer.status_code))

        assert len(READING) > 10
        assert wrong == []

    def test_say_no_more_of_another_clinics_words_than_of_nobodys(
        self, world: World, browsers: Browsers
    ):
        client, wrong = browsers(Role.OWNER), []
        for route in [one for one in READING if _parameters(one) & {"q", "CallQuery"}]:
            path = _address(route, ENTRIES[route.name], world.alder)
            for word in ("Zyx Canaria", "+492215550177"):
                nobodys = word.replace("Canaria", "Nemandi").replace("55501", "55902")
                said = [
                    _bytes(client.get(path, {"when": "all", "q": one})).count(
                        one.encode()
                    )
                    for one in (word, nobodys)
                ]
                if said[0] != said[1]:
                    wrong.append((route.name, word, said))

        assert wrong == []

    def test_count_ones_own_calls_alone(self, world: World, browsers: Browsers):
        client = browsers(Role.OWNER)
        with tenancy.scope(world.birch.clinic.organization.id):
            receptionist = Agent.objects.get().id

        def count(**query: object) -> int:
            return client.get("/app/calls/", {"when": "all", **query}).context["count"]

        assert count() == _own_rows(world.alder, "api-calls")
        assert count(q="Nobody Special") >= 1
        assert count(q="Zyx Canaria") == count(q="+492215550177") == 0
        assert count(receptionist=receptionist) == count(receptionist=uuid7())

    def test_and_files_of_ones_own_hold_nothing_of_another_clinic(
        self, world: World, browsers: Browsers
    ):
        client, wrong, seen = browsers(Role.OWNER), [], 0
        for route in GUARDED:
            entry = ENTRIES[route.name]
            # The words of a PDF are packed; they are those of its page.
            if route.is_api or entry.method != "GET" or route.name.endswith("-pdf"):
                continue
            path = _address(route, entry, world.alder) + entry.query
            more = entry.first(client, world.alder.ids) if entry.first else ""
            answer = client.get(path + more)
            seen += answer.status_code == 200
            if _canaries(answer):
                wrong.append(route.name)

        assert wrong == []
        assert seen > 35
