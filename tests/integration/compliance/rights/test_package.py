"""The package of one person: all of theirs, nothing of another's."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from accounts.models import Organization
from compliance.rights.desk import open_package_for_staff
from compliance.rights.errors import PackageGoneError
from compliance.rights.jobs import watch_rights
from compliance.rights.models import RightsRequest
from compliance.rights.record import person_read
from compliance.rights.selectors.looks import ALL_TAKEN
from compliance.rights.services.grant_export import _record
from sondervoice.kernel import tenancy
from sondervoice.kernel.rights import RightsKind, open_package, read_answer
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.services.reveal_caller import reveal_caller
from tests.cast import HANNAH, RUTH
from tests.cast_calls import (
    book_check_up,
    leave_message,
    make_appointment,
    make_call,
    say,
)
from tests.cast_sound import store_sound
from tests.integration.compliance.retention.nights import THREE
from tests.integration.compliance.rights.asked import actions, found, fresh_owner, road
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["index.html", "data.json", "data.schema.json"]


@pytest.fixture
def hannah(cast, three):
    """Hannah's call with all that comes of one; Ruth booked for her once."""
    alder = cast.alder
    with tenancy.scope(alder.organization.id):
        call = book_check_up(
            alder, at=THREE - timedelta(days=6), starts_at=THREE + timedelta(days=4)
        )
        leave_message(call, "canary message of hannah", name="Hannah Brandt")
        store_sound(call, seconds=9, silent_s=0)
        # In her call she also booked for her neighbour, who has a number of her own.
        make_appointment(
            alder,
            starts_at=THREE + timedelta(days=5),
            name="Neighbour Canary",
            call=call,
            phone="+13125550199",
        )
    return call


@pytest.fixture
def ruth(cast, three):
    """Ruth's call, in which she booked for Hannah's number."""
    alder = cast.alder
    with tenancy.scope(alder.organization.id):
        call = make_call(
            alder, at=THREE - timedelta(days=5), caller=RUTH, name="Ruth Canary"
        )
        say(call, 1, "caller", "canary words of ruth", at_ms=900)
        leave_message(call, "canary message of ruth", name="Ruth Canary", phone=RUTH)
        make_appointment(
            alder,
            starts_at=THREE + timedelta(days=6),
            name="Hannah Under Ruth",
            call=call,
        )
        store_sound(call, seconds=9, silent_s=0)
    return call


@pytest.fixture
def package(cast, hannah, ruth, ask, say_yes):
    request_id = ask(RightsKind.ACCESS)
    say_yes(request_id)
    run_all_jobs(cast)
    return request_id


def _read(cast, request_id) -> zipfile.ZipFile:
    pieces = open_package(
        organization_id=cast.alder.organization.id, request_id=request_id
    )
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def _data(archive) -> dict:
    return json.loads(archive.read("data.json"))


class TestPackage:
    def test_is_tried_before_it_is_promised(self, cast, package):
        assert road(cast, package) == ["received", "approved", "packed", "answered"]

    def test_has_a_page_data_sound_and_a_manifest(self, cast, hannah, package):
        archive = _read(cast, package)

        sound = f"audio/2026-11-19 2100-{hannah.id.hex[-6:]}.wav"
        assert archive.namelist() == [*NAMES, sound, "manifest.json"]
        assert archive.read(sound)[:4] == b"RIFF"
        # Stereo, 16 bits, 8,000 Hz, 9 s.
        assert len(archive.read(sound)) == 44 + 9 * 8_000 * 4

    def test_says_the_checksum_of_each_file(self, cast, package):
        archive = _read(cast, package)

        manifest = json.loads(archive.read("manifest.json"))

        assert [one["name"] for one in manifest["files"]] == archive.namelist()[:-1]
        for one in manifest["files"]:
            body = archive.read(one["name"])
            assert one["sha256"] == hashlib.sha256(body).hexdigest()
            assert one["bytes"] == len(body)

    def test_is_as_its_schema_says(self, cast, package):
        archive = _read(cast, package)

        schema = json.loads(archive.read("data.schema.json"))

        Draft202012Validator.check_schema(schema)
        assert list(Draft202012Validator(schema).iter_errors(_data(archive))) == []

    def test_holds_all_that_is_theirs(self, cast, hannah, package):
        data = _data(_read(cast, package))

        assert data["phone"] == HANNAH
        (call,) = data["calls"]
        assert (call["id"], call["from_number"]) == (str(hannah.id), HANNAH)
        assert (call["name_given"], call["consent_given"]) == ("Hannah Brandt", True)
        assert call["notice"] == list(hannah.capture["notice"]["en"])
        assert sorted(call["kept_until"]) == [
            "names_and_messages",
            "number",
            "recording",
            "transcript",
        ]
        (said,) = data["transcripts"]
        assert len(said["lines"]) == 13
        assert said["lines"][3] == {
            "at_ms": 16_900,
            "who": "caller",
            "text": "Yes, that is fine.",
        }
        (message,) = data["messages"]
        assert message["text"] == "canary message of hannah"
        assert [one["seconds"] for one in data["recordings"]] == [9]
        assert [one["patient_name"] for one in data["appointments"]] == [
            "Hannah Brandt",
            None,
            "Hannah Under Ruth",
        ]
        assert data["processors"] == ["Telnyx, telephone carrier"]

    def test_holds_nothing_of_another_caller(self, cast, ruth, package):
        archive = _read(cast, package)
        bodies = b"".join(archive.read(name) for name in archive.namelist())

        for canary in (
            "words of ruth",
            "message of ruth",
            "Ruth Canary",
            RUTH,
            str(ruth.id),
            ruth.id.hex[-6:],
            # Whom they booked for is the other's own.
            "Neighbour Canary",
            "+13125550199",
        ):
            assert canary.encode() not in bodies

    def test_of_the_other_holds_what_is_missing_here(
        self, cast, hannah, ruth, ask, say_yes
    ):
        request_id = ask(RightsKind.EXPORT, phone_e164=RUTH)
        say_yes(request_id)
        run_all_jobs(cast)

        archive = _read(cast, request_id)
        bodies = b"".join(archive.read(name) for name in archive.namelist())

        assert b"canary words of ruth" in bodies
        assert b"Hannah" not in bodies
        assert HANNAH.encode() not in bodies

    def test_holds_what_lies_in_the_bin(self, cast, hannah, ask, say_yes):
        with tenancy.scope(cast.alder.organization.id):
            type(hannah).objects.filter(pk=hannah.pk).update(
                deleted_at=THREE,
                deleted_by=cast.ada.id,
                restorable_until=THREE + RESTORABLE_FOR,
            )
        request_id = ask(RightsKind.ACCESS)
        say_yes(request_id)
        run_all_jobs(cast)

        data = _data(_read(cast, request_id))

        assert [one["id"] for one in data["calls"]] == [str(hannah.id)]
        assert len(data["transcripts"][0]["lines"]) == 13
        assert (len(data["messages"]), len(data["recordings"])) == (1, 1)

    def test_says_by_role_who_looked(self, cast, hannah, ruth, ask, say_yes):
        with tenancy.scope(cast.alder.organization.id):
            reveal_caller(
                actor=fresh_owner(cast),
                call_id=hannah.id,
                reason="call_back",
                note="",
                now=THREE,
            )
        request_id = ask(RightsKind.ACCESS)
        say_yes(request_id)
        run_all_jobs(cast)

        (look,) = _data(_read(cast, request_id))["looks"]

        assert (look["by"], look["did"]) == ("owner", "Saw who called, to call back")

    def test_says_who_took_everything_and_who_read_the_requests(
        self, cast, hannah, ruth, ask, say_yes, stopped_clock
    ):
        ada = fresh_owner(cast)

        def take_everything(days: int) -> None:
            stopped_clock.at = THREE - timedelta(days=days)
            with tenancy.scope(cast.alder.organization.id):
                _record(ALL_TAKEN, ada, {"count": 9})

        take_everything(7)
        take_everything(4)
        take_everything(1)
        stopped_clock.at = THREE
        request_id = ask(RightsKind.ACCESS)
        other_id = ask(RightsKind.ACCESS, phone_e164=RUTH)
        with tenancy.scope(cast.alder.organization.id):
            for one in (request_id, other_id):
                person_read(RightsRequest.objects.get(pk=one), ada)
        say_yes(request_id)
        run_all_jobs(cast)
        _read(cast, request_id)

        looks = _data(_read(cast, request_id))["looks"]

        assert [(one["by"], one["did"]) for one in looks] == [
            ("owner", "Took all of the clinic's data along"),
            ("owner", "Took all of the clinic's data along"),
            ("owner", "Saw who asks about their data"),
            ("we", "The caller took their own package along"),
        ]
        assert looks[0]["at"][:10] == f"{THREE - timedelta(days=4):%Y-%m-%d}"

    def test_is_read_by_a_page_without_script(self, cast, package):
        page = _read(cast, package).read("index.html").decode()

        assert "Yes, that is fine." in page
        assert "<script" not in page
        assert "19 November 2026, 21:00" in page

    def test_stands_in_the_record_each_time(self, cast, package):
        _read(cast, package)
        _read(cast, package)

        assert (
            actions(cast, "compliance.rights_package")
            == ["compliance.rights_package.exported"] * 2
        )

    def test_is_read_in_flat_memory(self, cast, hannah, ask, say_yes):
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(cast.alder, at=THREE - timedelta(days=3))
            store_sound(call, seconds=900, silent_s=0)
        request_id = ask(RightsKind.ACCESS)
        say_yes(request_id)
        run_all_jobs(cast)

        pieces = open_package(
            organization_id=cast.alder.organization.id, request_id=request_id
        )
        tracemalloc.start()
        size = sum(len(piece) for piece in pieces)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        # A quarter of an hour is 28.8 MB of WAV.
        assert size > 20_000
        assert peak < 4_000_000


class TestPackageInHipaaMode:
    def test_says_who_took_it_and_has_the_persons_sound_all_the_same(
        self, cast, hannah, package
    ):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.filter(pk=cast.alder.organization.id).update(
                hipaa_mode=True
            )

        own = _read(cast, package)
        with tenancy.scope(cast.alder.organization.id):
            pieces = open_package_for_staff(actor=fresh_owner(cast), request_id=package)
        handed = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))

        for archive, by in (
            (own, "the person it is about"),
            (handed, cast.ada.full_name),
        ):
            assert json.loads(archive.read("manifest.json"))["taken"]["by"] == by
            assert f"taken from SonderVoice by {by} on" in (
                archive.read("index.html").decode()
            )
            assert any(name.startswith("audio/") for name in archive.namelist())


class TestEnd:
    def test_is_after_thirty_days_and_who_asked_is_forgotten(
        self, cast, package, three
    ):
        answer = _answer(cast, package)
        assert (answer.status, answer.package_ready) == ("done", True)

        three.move(days=29, hours=23)
        watch_rights()
        assert found(cast, package).forgotten_at is None
        three.move(hours=1)
        with pytest.raises(PackageGoneError):
            _read(cast, package)
        watch_rights()

        assert found(cast, package).forgotten_at == three.at
        assert _answer(cast, package).package_ready is False

    def test_comes_when_the_person_is_erased_meanwhile(
        self, cast, package, ask, say_yes
    ):
        say_yes(ask(RightsKind.ERASE))
        run_all_jobs(cast)

        data = _data(_read(cast, package))

        assert [data[one] for one in ("calls", "messages", "transcripts")] == [[]] * 3

    def test_is_there_for_no_other_kind(self, cast, hannah, ask):
        request_id = ask(RightsKind.ERASE)

        with pytest.raises(PackageGoneError):
            _read(cast, request_id)


def _answer(cast, request_id):
    with tenancy.scope(cast.alder.organization.id):
        return read_answer(
            organization_id=cast.alder.organization.id, request_id=request_id
        )
