"""A deleted call is nowhere: every address is asked, by its owner and a program."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.permissions import Role
from sondervoice.kernel import tenancy
from telephony.scheduling.models import Appointment
from telephony.selectors.calls import count_new_messages
from tests.cast import actor_for
from tests.cast_fixtures import signed_in
from tests.matrix.entries import ENTRIES
from tests.matrix.routes import list_routes
from tests.matrix.shared import nameless_dns
from tests.matrix.world import make_world

__all__ = ["nameless_dns", "signed_in"]

CALLER = ("Zyx Canaria", "+4922155501", "Wort aus Birch", "55501 77")
ROUTES = [route for route in list_routes() if route.name in ENTRIES]
# Where what was deleted is shown on purpose, and where a number is the asker's own.
BIN = {"bin", "bin-erase", "rights-request", "rights-request-approve"}


@pytest.fixture
def world(db, nameless_dns, settings):
    cache.clear()
    settings.DNS_RESOLVERS = [nameless_dns]
    return make_world()


def _shown(side, signed_in) -> set[str]:
    """Return the addresses that show the caller, and those that play the sound."""
    owner = side.people[Role.OWNER]
    headers = {"authorization": f"Api-Key {side.key}"}
    program, person = Client(headers=headers), signed_in(owner)
    seen = set()
    for route in ROUTES:
        entry = ENTRIES[route.name]
        kinds = {
            one: entry.ids.get(one, one.removesuffix("_id")) for one in route.parameters
        }
        path = reverse(
            route.name,
            kwargs={one: side.ids.get(kind, kind) for one, kind in kinds.items()},
        )
        client = program if route.is_api else person
        more = entry.first(client, side.ids) if entry.first else entry.query
        if route.name == "scheduling:day":
            more = f"?on={_day_of_visit(side)}"
        answer = client.get(path + (more or ""))
        body = (
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        ).decode("utf-8", "replace")
        is_sound = route.name == "recordings:call-audio" and answer.status_code == 200
        if is_sound or any(word in body for word in CALLER):
            seen.add(route.name)
    return seen - BIN


def _day_of_visit(side) -> date:
    """Return it where the clinic is: an hour ago may be yesterday."""
    organization = side.clinic.organization
    with tenancy.scope(organization.id):
        starts_at = Appointment.with_deleted.get().slot.starts_at
    return starts_at.astimezone(ZoneInfo(organization.timezone)).date()


class TestDeletedCall:
    def test_is_shown_by_no_address_and_by_all_again_when_restored(
        self, world, signed_in
    ):
        side = world.birch
        before = _shown(side, signed_in)
        assert before >= {
            "telephony:today",
            "telephony:call-list",
            "recordings:call-detail",
            "recordings:call-audio",
            "phone_messages:message-list",
            "scheduling:day",
            "api-transcript",
            "api-messages",
            "api-appointments",
        }
        ids = side.ids
        owner = signed_in(side.people[Role.OWNER])

        for path in (f"calls/{ids['call']}", f"diary/{ids['appointment']}"):
            assert owner.post(f"/app/{path}/delete/").status_code == 302
        hidden = _shown(side, signed_in)
        owner = signed_in(side.people[Role.OWNER])
        answers = {
            path: owner.get(path).status_code
            for path in (
                f"/app/calls/{ids['call']}/",
                f"/app/settings/access/call/{ids['call']}/",
            )
        }
        for path in (f"calls/{ids['call']}", f"appointments/{ids['appointment']}"):
            assert owner.post(f"/app/settings/bin/{path}/restore/").status_code == 302

        assert hidden == set()
        # Who saw the calls is told all the same, and names nobody: see `hidden`.
        assert list(answers.values()) == [404, 200]
        assert _shown(side, signed_in) == before

    def test_is_not_in_the_lists_and_counts_of_the_api(self, world, signed_in):
        side = world.birch
        owner = side.people[Role.OWNER]
        signed_in(owner).post(f"/app/calls/{side.ids['call']}/delete/")
        program = Client(headers={"authorization": f"Api-Key {side.key}"})

        found = json.loads(program.get("/api/v1/calls/").content)
        left = json.loads(program.get("/api/v1/messages/").content)

        assert (found["results"], left["results"]) == ([], [])
        path = f"/api/v1/calls/{side.ids['call']}/"
        assert program.get(path).status_code == 404
        actor = actor_for(owner, side.clinic, Role.OWNER)
        with tenancy.scope(side.clinic.organization.id):
            assert count_new_messages(actor=actor) == 0
