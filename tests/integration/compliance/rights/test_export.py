"""All of a clinic's data: every row, as its schema says, for one owner alone."""

import asyncio
import csv
import io
import json
import threading
import time
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.models import Organization
from accounts.permissions import Role
from compliance.closing.services.ask_closing import ask_closing
from compliance.ledger.models import AuditLog
from compliance.rights.services import grant_export
from recordings.models import Recording
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.subject_data import subject_holders
from telephony.messages.models import Message
from telephony.models import Call
from telephony.scheduling.models import Appointment
from tests.cast import actor_for, join, make_person
from tests.cast_calls import leave_message, make_call
from tests.integration.compliance.rights.asked import actions

pytestmark = pytest.mark.django_db
PAGE = "/app/settings/export/"
KINDS = [
    "appointments",
    "calls",
    "members",
    "messages",
    "receptionists",
    "recordings",
    "settings",
    "transcripts",
]


@pytest.fixture
def ada(cast, signed_in) -> Client:
    return signed_in(cast.ada)


def _link(client: Client, **body: str) -> str:
    page = client.post(PAGE, body).content.decode()
    found = page.partition(f'href="{PAGE}file/?')[2].partition('"')[0]
    return f"{PAGE}file/?{found.replace('&amp;', '&')}"


def _archive(client: Client, **body: str) -> zipfile.ZipFile:
    answer = client.get(_link(client, **body))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def _lines(archive: zipfile.ZipFile, kind: str) -> list[dict]:
    body = archive.read(f"data/{kind}.jsonl").decode()
    return [json.loads(line) for line in body.splitlines()]


def _facts(cast, word: str) -> dict:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.get(action=f"compliance.business_data.{word}").facts


class TestExport:
    def test_has_each_kind_twice_with_its_schema(self, day, ada):
        archive = _archive(ada)

        assert archive.namelist() == [
            *(
                name
                for kind in KINDS
                for name in (
                    f"data/{kind}.jsonl",
                    f"data/{kind}.csv",
                    f"schema/{kind}.schema.json",
                )
            ),
            "manifest.json",
        ]

    def test_counts_as_many_rows_as_the_database_has(self, cast, day, ada):
        archive = _archive(ada)

        rows = json.loads(archive.read("manifest.json"))["rows"]

        with tenancy.scope(cast.alder.organization.id):
            assert rows["calls"] == Call.objects.count() == 7
            assert rows["messages"] == Message.objects.count() == 3
            assert rows["appointments"] == Appointment.objects.count() == 3
            assert rows["recordings"] == Recording.objects.count() == 1
        assert (rows["members"], rows["receptionists"], rows["settings"]) == (3, 1, 1)
        for kind in KINDS:
            assert len(_lines(archive, kind)) == rows[kind]
            table = archive.read(f"data/{kind}.csv").decode()
            assert len(list(csv.DictReader(io.StringIO(table)))) == rows[kind]

    @pytest.mark.parametrize("kind", KINDS)
    def test_is_as_its_schema_says(self, day, ada, kind):
        archive = _archive(ada)
        schema = json.loads(archive.read(f"schema/{kind}.schema.json"))

        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        for line in _lines(archive, kind):
            assert list(validator.iter_errors(line)) == []

    def test_masks_nothing(self, day, ada):
        calls = _lines(_archive(ada), "calls")

        assert "Hannah Brandt" in [one["name_given"] for one in calls]

    def test_is_of_one_clinic(self, cast, day, ada):
        with tenancy.scope(cast.birch.organization.id):
            call = make_call(
                cast.birch, at=day.booked.started_at, name="Canary of Birch"
            )
            leave_message(call, "canary of birch")
        archive = _archive(ada)

        bodies = b"".join(archive.read(name) for name in archive.namelist())

        assert b"anary of" not in bodies
        assert b"birch" not in bodies.lower()

    def test_has_no_formula_for_a_spreadsheet(self, cast, day, ada):
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(cast.alder, at=day.booked.started_at)
            leave_message(call, "=HYPERLINK(1)")

        table = _archive(ada).read("data/messages.csv").decode()

        texts = [row["text"] for row in csv.DictReader(io.StringIO(table))]
        assert "'=HYPERLINK(1)" in texts

    def test_has_the_sound_when_it_is_asked_for(self, day, ada):
        archive = _archive(ada, sound="yes")

        (sound,) = (one for one in archive.namelist() if one.startswith("audio/"))
        assert archive.read(sound)[:4] == b"RIFF"

    def test_stands_in_the_record_with_its_rows(self, cast, day, ada):
        archive = _archive(ada)

        rows = json.loads(archive.read("manifest.json"))["rows"]
        assert actions(cast, "compliance.business_data") == [
            "compliance.business_data.granted",
            "compliance.business_data.exported",
            "compliance.business_data.sent",
        ]
        count = sum(rows.values())
        assert _facts(cast, "exported") == {"count": count, "with_sound": False}
        assert _facts(cast, "sent") == {"count": count, "is_whole": True}

    def test_stands_in_the_record_before_a_byte_of_it_is_sent(self, cast, day, ada):
        answer = ada.get(_link(ada, sound="yes"))

        assert answer.status_code == 200
        assert actions(cast, "compliance.business_data") == [
            "compliance.business_data.granted",
            "compliance.business_data.exported",
        ]
        assert _facts(cast, "exported") == {"count": 22, "with_sound": True}


class TestLink:
    def test_is_over_after_a_quarter_of_an_hour(self, day, ada, monkeypatch):
        link = _link(ada)
        assert ada.get(link).status_code == 200
        later = time.time() + 901
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)

        assert ada.get(link).status_code == 403

    def test_is_of_one_person(self, cast, day, ada, signed_in):
        link = _link(ada)
        other = make_person("Olga Other", "olga@alder-clinic.example")
        join(cast.alder, other, Role.OWNER)

        assert signed_in(other).get(link).status_code == 403

    @pytest.mark.parametrize("wrong", ["grant=x", "grant=", "grant=a:b:c"])
    def test_is_refused_when_it_is_not_whole(self, cast, day, ada, wrong):
        assert ada.get(f"{PAGE}file/?{wrong}").status_code == 403
        assert actions(cast, "compliance.business_data") == []

    def test_that_is_none_leads_to_the_page(self, cast, day, ada):
        assert ada.get(f"{PAGE}file/")["Location"] == PAGE
        assert actions(cast, "compliance.business_data") == []

    def test_wants_a_fresh_second_factor(self, cast, day, ada):
        session = ada.session
        session["second_factor_at"] -= 400
        session.save()

        assert "second-factor" in ada.get(PAGE)["Location"]
        assert ada.post(PAGE).status_code == 403
        assert actions(cast, "compliance.business_data") == []

    def test_is_for_owners_alone(self, cast, day, signed_in):
        person = make_person("Al Dean", "al@alder-clinic.example")
        join(cast.alder, person, Role.ADMINISTRATOR)

        for user in (cast.ben, cast.cy, person):
            client = signed_in(user)
            assert client.get(PAGE).status_code == 403
            assert client.post(PAGE).status_code == 403
            assert client.get(f"{PAGE}file/").status_code == 403
        assert actions(cast, "compliance.business_data") == []


class TestExportInHipaaMode:
    @pytest.fixture(autouse=True)
    def hipaa(self, cast):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.filter(pk=cast.alder.organization.id).update(
                hipaa_mode=True
            )

    def test_says_first_who_took_it_when_and_from_where(self, cast, day, ada):
        archive = _archive(ada)

        assert archive.namelist()[0] == "READ-FIRST.txt"
        taken = json.loads(archive.read("manifest.json"))["taken"]
        assert (taken["clinic"], taken["by"]) == (
            cast.alder.organization.name,
            cast.ada.full_name,
        )
        when = datetime.fromisoformat(taken["at"])
        assert (
            f"kept by {cast.alder.organization.name}. This copy was taken from "
            f"SonderVoice by {cast.ada.full_name} on {when:%Y-%m-%d at %H:%M} UTC."
        ) in archive.read("READ-FIRST.txt").decode()

    def test_leaves_the_sound_where_it_is(self, cast, day, ada):
        page = ada.get(PAGE).content.decode()
        answer = ada.get(_link(ada, sound="yes"))

        assert 'name="sound"' not in page
        assert "recordings are played here and not downloaded" in page
        assert answer.status_code == 403
        assert actions(cast, "compliance.business_data") == [
            "compliance.business_data.granted"
        ]

    def test_gives_the_sound_back_to_who_closes_the_account(self, cast, day, ada):
        now = utc_now()
        owner = actor_for(cast.ada, cast.alder, Role.OWNER)
        with tenancy.scope(cast.alder.organization.id):
            ask_closing(
                actor=replace(owner, factor_at=now, role=Role.OWNER),
                typed_name=cast.alder.organization.name,
                stops_at_once=False,
                now=now,
            )

        archive = _archive(ada, sound="yes")

        assert any(one.startswith("audio/") for one in archive.namelist())


class TestHolder:
    def test_of_the_clinics_own_has_nothing_of_a_caller(self):
        own = [one.name for one in subject_holders() if not one.is_of_callers]

        assert own == ["members", "receptionists", "settings"]


async def _break_off(client: Client, address: str) -> int:
    """Ask as a server that speaks ASGI does; be gone once a piece has come."""
    path, _, query = address.partition("?")
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver"), (b"cookie", cookies.encode())],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    asked = [{"type": "http.request", "body": b"", "more_body": False}]
    has_come, statuses = asyncio.Event(), []

    async def receive() -> dict[str, object]:
        if asked:
            return asked.pop()
        await has_come.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        elif message["body"]:
            has_come.set()
            await asyncio.Event().wait()  # who reads no more

    await asyncio.wait_for(get_asgi_application()(scope, receive, send), 30)
    return statuses[0]


class TestBreakingOff:
    @pytest.mark.django_db(transaction=True)
    def test_leaves_the_row_of_what_was_taken_along(self, cast, day, ada, monkeypatch):
        is_written, record = threading.Event(), grant_export._record

        def write(action, *said) -> None:
            record(action, *said)
            if action == "compliance.business_data.sent":
                transaction.on_commit(is_written.set)

        address = _link(ada)
        monkeypatch.setattr(grant_export, "_record", write)

        async def main() -> tuple[int, bool]:
            status = await _break_off(ada, address)
            return status, await asyncio.to_thread(is_written.wait, 10)

        assert asyncio.run(main()) == (200, True)
        sent = _facts(cast, "sent")
        assert 0 < sent["count"] < _facts(cast, "exported")["count"]
        assert sent["is_whole"] is False
