"""Raw SQL without WHERE, from each kind of process: own rows alone, or none."""

import asyncio
import json
from collections.abc import Callable
from uuid import UUID

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path

from accounts.access import page, public
from accounts.models import User
from accounts.permissions import Permission
from accounts.way_in import signing_in
from sondervoice.kernel import jobs, tenancy
from sondervoice.kernel.jobs import after_commit, job
from sondervoice.kernel.tasks import run_waiting_jobs
from sondervoice.kernel.tenancy import open_organization_id
from sondervoice.urls import urlpatterns as product
from tests.cast import Cast, make_cast
from tests.integration.kernel.raw_rows import owners_by_table, owners_of

Seen = dict[str, list[str]]
# What a process sees in the clinic's scope, and what beside it.
Look = Callable[[User, UUID], tuple[Seen, Seen]]
TURNS = 200

pytestmark = pytest.mark.urls(__name__)


def _see() -> Seen:
    return {table: sorted(owners) for table, owners in owners_by_table().items()}


@page(Permission.CALLS_VIEW)
def _page_of_a_clinic(request: HttpRequest) -> JsonResponse:
    return JsonResponse(_see())


@public("a test of what nobody sees")
def _open_page(request: HttpRequest) -> JsonResponse:
    return JsonResponse(_see())


@page(Permission.CALLS_VIEW)
def _one_table_of_a_clinic(request: HttpRequest) -> JsonResponse:
    return JsonResponse(owners_of("telephony_phonenumber"), safe=False)


@public("a test of what nobody sees")
def _one_table(request: HttpRequest) -> JsonResponse:
    return JsonResponse(owners_of("telephony_phonenumber"), safe=False)


urlpatterns = [
    *product,
    path("app/raw/one/", _one_table_of_a_clinic),
    path("raw/one/", _one_table),
    path("app/raw/", _page_of_a_clinic),
    path("raw/", _open_page),
]


def _browser(user: User) -> Client:
    client = Client()
    with signing_in():
        client.force_login(user)
    session = client.session
    session["second_factor_at"] = int(user.created_at.timestamp())
    session.save()
    return client


def _web(user: User, organization_id: UUID) -> tuple[Seen, Seen]:
    client = _browser(user)
    return client.get("/app/raw/").json(), client.get("/raw/").json()


def _worker(user: User, organization_id: UUID) -> tuple[Seen, Seen]:
    seen: list[Seen] = []

    def work(*, organization_id: UUID) -> None:
        before = _see()
        with tenancy.scope(organization_id):
            seen.extend((_see(), before))

    known = dict(jobs._registry)
    try:
        job("test.see")(work)
        with tenancy.scope(organization_id):
            after_commit("test.see", organization_id=organization_id, ids={})
        run_waiting_jobs.apply(throw=True)
    finally:
        jobs._registry.clear()
        jobs._registry.update(known)
    (within, beside) = seen
    return within, beside


def _websocket(user: User, organization_id: UUID) -> tuple[Seen, Seen]:
    def look(*, within: bool) -> Seen:
        try:
            if not within:
                return _see()
            with tenancy.scope(organization_id):
                return _see()
        finally:
            connection.close()

    class Consumer(AsyncJsonWebsocketConsumer):
        async def receive_json(self, content: bool, **_: object) -> None:
            ask = database_sync_to_async(look, thread_sensitive=False)
            await self.send_json(await ask(within=content))

    async def talk() -> tuple[Seen, Seen]:
        socket = ApplicationCommunicator(
            Consumer.as_asgi(), {"type": "websocket", "path": "/ws/raw/"}
        )
        await socket.send_input({"type": "websocket.connect"})
        await socket.receive_output()
        answers = []
        for within in (True, False):
            text = json.dumps(within)
            await socket.send_input({"type": "websocket.receive", "text": text})
            answers.append(json.loads((await socket.receive_output(10))["text"]))
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await socket.wait()
        return answers[0], answers[1]

    return asyncio.run(talk())


def _shell(user: User, organization_id: UUID) -> tuple[Seen, Seen]:
    code = (
        "import json\n"
        "from sondervoice.kernel import tenancy\n"
        "from tests.integration.kernel.test_process_types import _see, SHELL\n"
        f"with tenancy.scope({organization_id!r}):\n"
        "    within = _see()\n"
        "SHELL[:] = [within, _see()]\n"
    )
    call_command("shell", command=code.replace("UUID(", "__import__('uuid').UUID("))
    (within, beside) = SHELL
    return within, beside


SHELL: list[Seen] = []
PROCESSES = {
    "web": _web,
    "worker": _worker,
    "websocket": _websocket,
    "shell": _shell,
}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


@pytest.mark.parametrize("process", PROCESSES)
class TestProcess:
    def test_sees_one_clinics_rows_in_its_scope_and_none_beside_it(
        self, cast: Cast, process: str
    ):
        look: Look = PROCESSES[process]

        for user, clinic in ((cast.ada, cast.alder), (cast.dot, cast.birch)):
            own = clinic.organization.id
            within, beside = look(user, own)

            assert set(within) >= {"telephony_phonenumber", "accounts_membership"}
            assert {owner for owners in within.values() for owner in owners} == {
                str(own)
            }
            assert beside == {}
            assert open_organization_id() is None
            assert _see() == {}


class TestRequests:
    def test_of_two_clinics_in_turn_see_each_their_own(self, cast: Cast):
        clients = [
            (_browser(cast.ada), str(cast.alder.organization.id)),
            (_browser(cast.dot), str(cast.birch.organization.id)),
        ]
        leaks = []

        for step in range(TURNS):
            client, own = clients[step % 2]
            within = client.get("/app/raw/one/").json()
            beside = client.get("/raw/one/").json()
            if (within, beside) != ([own], []):
                leaks.append((step, within, beside))

        assert leaks == []
