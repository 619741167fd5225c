"""One person, in every field, file and vendor; erased; looked for everywhere.

The day before she asks, somebody dumps the database and copies the key store. She asks
at the public door, and proves her number there.
"""

import asyncio
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import redis
from django.conf import settings as product
from django.core import mail
from django.core.cache import cache
from django.db import connections

from compliance.asking.contact import open_contact
from compliance.asking.services.clear_askings import clear_askings
from compliance.backups.programs import find_program
from compliance.certificates.models import DeletionCertificate
from compliance.keys import keys as key_module
from compliance.keys.call_sealer import sealer_for_call
from compliance.keys.keys import key_store, key_wrapping
from compliance.keys.provider import COPIES_LIVE
from compliance.keys.services.copy_key_store import copy_key_store
from compliance.retention.models import LegalHold
from compliance.retention.services.place_hold import Wanted, place_hold, release_hold
from compliance.rights.models import RightsRequest
from compliance.rights.services.decide import approve, extend, refuse
from compliance.rights.services.open_request import Entered, enter_request
from compliance.rights.words import GROUNDS
from recordings.spool import spool_path
from sondervoice.embedded import redis_server
from sondervoice.embedded.layout import Layout
from sondervoice.embedded.process import end
from sondervoice.kernel import copies, tenancy
from sondervoice.kernel.jobs import run_slow
from sondervoice.kernel.rights import Person, RightsKind
from sondervoice.settings.env import redis_client_url
from telephony.carrier.telnyx.copies import TelnyxCopies
from telephony.models import Call, Reveal
from telephony.services.apply_event import apply_event
from tests.cast_calls import keep_for, leave_message, make_appointment, say
from tests.cast_fixtures import cast
from tests.cast_sound import store_sound
from tests.clock import stopped_clock
from tests.fakes.s3.client import VIRGINIA, left_in, make_bucket, use_buckets
from tests.fakes.s3.proxy import S3
from tests.fakes.s3.server import s3
from tests.fakes.telnyx.server import RunningCarrier, running_carrier
from tests.integration.compliance.asking.conftest import (
    Visitor,
    asked_clinics,
    askings,
    telephone,
)
from tests.integration.compliance.asking.desk import Telephone
from tests.integration.compliance.certificates.conftest import seal_and_certify
from tests.integration.compliance.retention.nights import THREE
from tests.integration.compliance.rights.asked import fresh_owner, road
from tests.integration.composition.raw_dump import Row, Thief, rows_of
from tests.integration.telephony.posts import event, run_all_jobs
from tests.integration.telephony.ringing import keep

__all__ = ["cast", "stopped_clock", "telephone"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

PROGRAM = redis_server.find_program()
NUMBER = "+13125550163"
CALL_ID, SESSION = "v3:zephyrine-rings", "session-of-zephyrine"
NAME = "Zephyrine Quillfeather"
# What stands nowhere but in what she left; each kind has a word of its own.
CANARIES = {
    "number": "3125550163",
    "name": "Quillfeather",
    "words": "marmalade allergy",
    "heard": "marmalade half",
    "message": "about the heliotrope rash",
    "note": "rings for her sister Ottoline",
    "dialogue": "she said gooseberry",
    "carrier": CALL_ID,
    "session": SESSION,
    # What she wrote when she asked for a copy, and now at the door.
    "asked": "my cousin's quince scan",
    "asks": "please forget the tamarind",
    # What the clinic wrote about her.
    "held": "she may sue over the persimmon",
    "released": "her persimmon was paid for",
    "put_off": "her quince takes longer",
}
# Where each can be read by who has the keys.
WHERE = {
    "number": {
        "telephony_call.caller_sealed",
        "telephony_carrierevent.payload_sealed",
        "phone_messages_message.phone_sealed",
        "scheduling_appointment.patient_phone_sealed",
        "rights_rightsrequest.phone_sealed",
    },
    "name": {
        "telephony_call.caller_name_sealed",
        "phone_messages_message.name_sealed",
        "scheduling_appointment.patient_name_sealed",
    },
    "words": {"recordings_utterance.text_sealed"},
    "heard": {"recordings_utterance.heard_sealed"},
    "message": {"phone_messages_message.text_sealed"},
    "note": {"telephony_reveal.note_sealed"},
    "dialogue": {"telephony_call.dialogue"},
    "carrier": {"telephony_carrierevent.payload_sealed"},
    "session": {"telephony_carrierevent.payload_sealed"},
    "asked": {"rights_rightsrequest.words_sealed"},
    "held": {"compliance_legalhold.reason_sealed"},
    "released": {"compliance_legalhold.release_reason_sealed"},
    "put_off": {"rights_rightsrequest.extension_sealed"},
}
_CACHED = (key_module.keys, key_module.key_store, key_module.key_wrapping)


@dataclass
class House:
    """Everything that the product keeps, in this test's own place."""

    folder: Path
    carrier: RunningCarrier
    bucket: S3
    copies: Path
    telephone: Telephone
    redis_url: str
    log: list[str] = field(default_factory=list)

    def dump(self) -> str:
        """Return the whole database as a superuser dumps it."""
        url = os.environ["DATABASE_SUPERUSER_URL"]
        name = connections["default"].settings_dict["NAME"]
        done = subprocess.run(  # noqa: S603 -- PostgreSQL's own program
            [
                str(find_program("pg_dump", major=18)),
                "--dbname",
                urlsplit(url)._replace(path=f"/{name}").geturl(),
            ],
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    def thief(self, store: Path | None = None) -> Thief:
        """Return somebody with a key store, the live one unless it is said."""
        return Thief(store or key_store().directory, key_wrapping())


@pytest.fixture
def bucket(settings, monkeypatch) -> Iterator[S3]:
    """A bucket whose deletes hide: what must go, goes with all its versions."""
    with s3() as service:
        make_bucket(service, VIRGINIA, versions="Enabled")
        use_buckets(settings, monkeypatch, service, VIRGINIA)
        yield service


@pytest.fixture
def house(
    tmp_path, settings, monkeypatch, stopped_clock, telephone, bucket
) -> Iterator[House]:
    stopped_clock.at = THREE
    (tmp_path / "keyring").write_bytes(os.urandom(32))
    settings.KEYRING_PATH = tmp_path / "keyring"
    for name in ("KEY_STORE_DIR", "SPOOL_DIR", "LEDGER_ANCHOR_DIR", "ERASURE_LIST_DIR"):
        setattr(settings, name, tmp_path / "data" / name.lower())
    for cached in _CACHED:
        cached.cache_clear()
    with _carrier() as carrier, _listening() as log, _redis(tmp_path, settings) as url:
        asked = TelnyxCopies(api_key="KEY", base_url=carrier.api_base)
        monkeypatch.setattr(copies, "_processors", {"telnyx": asked})
        yield House(
            tmp_path / "data", carrier, bucket, tmp_path / "copies", telephone, url, log
        )
        asked._recordings._client.close()
    for cached in _CACHED:
        cached.cache_clear()


@contextmanager
def _redis(folder: Path, settings) -> Iterator[str]:
    """Run a Redis for cache and sockets, where there is one; the tests use none."""
    if PROGRAM is None:
        yield ""
        return
    layout = Layout(folder)
    layout.redis.mkdir(parents=True, mode=0o700)
    layout.logs.mkdir()
    server = redis_server.RedisServer(layout, PROGRAM)
    process = server.start()
    url = redis_client_url(server.url)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
        }
    }
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [url]},
        }
    }
    try:
        yield url
    finally:
        end(process, first=signal.SIGTERM, grace_s=5)


@contextmanager
def _carrier() -> Iterator[RunningCarrier]:
    """Run the carrier's double on a loop of its own."""
    loop, is_up, box = asyncio.new_event_loop(), threading.Event(), []

    async def serve(stop: asyncio.Event) -> None:
        async with running_carrier() as carrier:
            box.extend((carrier, stop))
            is_up.set()
            await stop.wait()

    thread = threading.Thread(
        target=lambda: loop.run_until_complete(serve(asyncio.Event()))
    )
    thread.start()
    assert is_up.wait(20)
    carrier, stop = box
    try:
        yield carrier
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Hear every line of every log, with all that is attached, from INFO on.

    That is what the product's processes write; an SDK says more while it is debugged.
    """
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(f"{record.getMessage()} {record.__dict__}")

    ear, root = Ear(logging.INFO), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        root.removeHandler(ear)
        root.setLevel(before)


@pytest.fixture
def call(cast, house) -> Call:
    """Zephyrine's call, through the carrier's webhook, with all that it leaves."""
    began = THREE - timedelta(days=20)
    rings = event(
        "call.initiated",
        clinic=cast.alder,
        call_id=CALL_ID,
        call_session_id=SESSION,
        **{"from": NUMBER},
    )
    kept = keep(cast.alder, rings, received_at=began)
    apply_event(organization_id=kept.organization_id, event_id=kept.id, now=began)
    with tenancy.scope(kept.organization_id):
        call = Call.objects.get(carrier_call_id=CALL_ID)
        _leave_all(cast, call, began)
    house.carrier.recordings.keep(session_id=SESSION, control_id=CALL_ID)
    _ask_for_a_copy(cast)
    _hold_and_release(cast)
    return call


def _hold_and_release(cast) -> None:
    """Hold what is hers back for a while, and say why in words of one's own."""
    by, began = fresh_owner(cast), THREE - timedelta(days=9)
    wanted = Wanted(
        scope=LegalHold.Scope.CALLER,
        caller_e164=NUMBER,
        reason=CANARIES["held"],
        review_on=THREE.date(),
    )
    with tenancy.scope(cast.alder.organization.id):
        hold = place_hold(actor=by, wanted=wanted, now=began)
        release_hold(actor=by, hold_id=hold.id, reason=CANARIES["released"], now=began)


def _ask_for_a_copy(cast) -> None:
    """Have staff enter that she asks for a copy; it is put off and not answered."""
    with tenancy.scope(cast.alder.organization.id):
        request = enter_request(
            actor=fresh_owner(cast),
            entered=Entered(
                kind=RightsKind.ACCESS,
                person=Person(phone_e164=NUMBER),
                words=CANARIES["asked"],
                verified="in_person",
            ),
            now=THREE - timedelta(days=10),
        )
        extend(
            actor=fresh_owner(cast),
            request_id=request.id,
            until=request.due_on + timedelta(days=5),
            reason=CANARIES["put_off"],
            now=THREE - timedelta(days=9),
        )


def _answer_the_other(cast, house: House) -> None:
    """Refuse the copy: until then the clinic must know who asked for it."""
    assert _told(house.thief().opened(list(rows_of(house.dump())))) == {
        "number": {"rights_rightsrequest.phone_sealed"},
        "asked": {"rights_rightsrequest.words_sealed"},
        "put_off": {"rights_rightsrequest.extension_sealed"},
    }
    with tenancy.scope(cast.alder.organization.id):
        refuse(
            actor=fresh_owner(cast),
            request_id=RightsRequest.objects.get(kind=RightsKind.ACCESS).id,
            ground=next(iter(GROUNDS)),
            words="There is nothing left to copy.",
            now=THREE,
        )
    run_all_jobs(cast)


def _leave_all(cast, call: Call, began) -> None:
    sealer = sealer_for_call(organization_id=call.organization_id, call_id=call.id)

    def seal(text: str, column: str, table: str = "telephony_call", row=call.id):
        return sealer.seal(text, table=table, column=column, row_id=row)

    ended = began + timedelta(minutes=4)
    Call.objects.filter(pk=call.pk).update(
        status="ended",
        answered_at=began,
        ended_at=ended,
        caller_name_sealed=seal(NAME, "caller_name_sealed"),
        dialogue=seal(CANARIES["dialogue"], "dialogue"),
        **keep_for(ended),
    )
    call.refresh_from_db()
    say(call, 1, "caller", f"I have a {CANARIES['words']}.", at_ms=300)
    say(call, 2, "agent", "I hear.", at_ms=900, heard="part", part=CANARIES["heard"])
    leave_message(call, f"Please call {CANARIES['message']}", name=NAME, phone=NUMBER)
    make_appointment(
        cast.alder,
        starts_at=THREE + timedelta(days=40),
        name=NAME,
        phone=NUMBER,
        call=call,
    )
    note = Reveal(
        organization_id=call.organization_id,
        call=call,
        actor_id=cast.ada.id,
        reason="other",
        revealed_at=ended,
        ends_at=ended + timedelta(minutes=15),
    )
    note.note_sealed = seal(
        CANARIES["note"], "note_sealed", "telephony_reveal", note.id
    )
    note.save()
    store_sound(call)
    spool = _spool_of(call)
    spool.parent.mkdir(parents=True, exist_ok=True)
    spool.write_bytes(sealer.key[:1] + os.urandom(64))


def _told(texts: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    """Return where each canary was read."""
    found: dict[str, set[str]] = {}
    for where, text in texts:
        for kind, canary in CANARIES.items():
            if canary in text:
                found.setdefault(kind, set()).add(where)
    return found


def _plain(text: str) -> set[str]:
    return {kind for kind, canary in CANARIES.items() if canary in text}


def _in_files(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        kind for path in files for kind in _plain(path.read_bytes().decode("latin-1"))
    }


def _in_redis(house: House) -> set[str]:
    if not house.redis_url:
        # Only where there is none; else an empty look would pass for a clean one.
        assert PROGRAM is None
        return set()
    with redis.Redis.from_url(house.redis_url) as client:
        return {
            kind
            for name in client.scan_iter()
            for kind in _plain((client.dump(name) or b"").decode("latin-1") + str(name))
        }


def _ask_at_the_door(cast, house: House) -> UUID:
    """Have her ask at the public page and type the code she is sent."""
    caller = Visitor(house.telephone)
    caller.proves_phone(NUMBER, words=CANARIES["asks"])
    with tenancy.scope(cast.alder.organization.id):
        request = RightsRequest.objects.get(kind=RightsKind.ERASE)
    assert asked_clinics() == [("open", True), ("unknown", False)]
    if house.redis_url:
        with redis.Redis.from_url(house.redis_url) as client:
            # Her browser's session, at the least.
            assert client.dbsize() > 0
    return request.id


def _erase(cast, house: House) -> UUID:
    """Have her ask, the owner approve it, and everything follow."""
    request_id = _ask_at_the_door(cast, house)
    with tenancy.scope(cast.alder.organization.id):
        approve(actor=fresh_owner(cast), request_id=request_id, now=THREE)
    run_all_jobs(cast)
    run_slow()
    run_all_jobs(cast)
    seal_and_certify(cast)
    return request_id


@dataclass
class DayBefore:
    """What somebody took along the day before she asked.

    Attributes:
        read: What opens in the dump with the keys of that day, and where.
        keys: The copy of the key store.
    """

    rows: list[Row]
    read: dict[str, set[str]]
    keys: Path


@pytest.fixture
def day_before(house, call) -> DayBefore:
    """She is there, sealed; a thief with the keys reads all of her."""
    dump = house.dump()
    rows = list(rows_of(dump))
    read = _told(house.thief().opened(rows))
    assert read == WHERE
    # By the carrier's own id its events are found; it goes with them.
    assert _plain(dump) == {"carrier"}
    assert _in_files(house.folder) == set()
    assert (left_in(house.bucket, VIRGINIA), _spool_of(call).exists()) == (1, True)
    assert len(house.carrier.recordings.kept) == 1
    house.log.clear()
    copied = copy_key_store(key_store(), house.copies, now=THREE)
    return DayBefore(rows, read, copied.folder)


@pytest.fixture
def erased(cast, house, day_before) -> None:
    request_id = _erase(cast, house)
    assert road(cast, request_id)[-1] == "answered"
    _answer_the_other(cast, house)


def _spool_of(call: Call) -> Path:
    """Return the spool that was left behind."""
    return spool_path(Path(product.SPOOL_DIR), call.organization_id, call.id)


class TestErasedPerson:
    def test_is_nowhere(self, cast, house, call, erased):
        dump = house.dump()

        assert _plain(dump) == set()
        assert _told(house.thief().opened(list(rows_of(dump)))) == {}
        assert _in_files(house.folder) == set()
        assert left_in(house.bucket, VIRGINIA) == 0
        assert not _spool_of(call).exists()
        assert _in_redis(house) == set()
        assert _plain("\n".join(house.log)) == set()
        letters = [(one.subject, one.body) for one in mail.outbox]
        assert _plain(str(letters)) == set()
        assert {text.to_e164 for text in house.telephone.texts} == {NUMBER}
        assert _plain(str([text.text for text in house.telephone.texts])) == set()

    def test_is_known_at_the_door_for_thirty_days_and_no_longer(self, erased):
        (asking,) = askings()
        contact = open_contact(asking)
        assert (contact.phone_e164, contact.words) == (NUMBER, CANARIES["asks"])

        assert clear_askings(now=THREE + timedelta(days=30)) == 1

        assert askings() == []

    def test_would_be_found_in_redis_log_and_letters(self, house):
        name = f"tests:{CANARIES['name']}"
        if PROGRAM:
            cache.set(name, CANARIES["words"])
            assert _in_redis(house) == {"name", "words"}
            cache.delete(name)
        assert _in_redis(house) == set()
        logging.getLogger("tests").info("said", extra={"of": CANARIES["message"]})
        assert _plain("\n".join(house.log)) == {"message"}
        house.folder.mkdir(exist_ok=True)
        (house.folder / "left").write_text(CANARIES["note"])
        assert _in_files(house.folder) == {"note"}

    def test_has_no_copy_at_the_carrier_and_a_certificate_here(
        self, cast, house, call, erased
    ):
        assert house.carrier.recordings.kept == {}
        assert len(house.carrier.recordings.deleted) == 1
        with tenancy.scope(call.organization_id):
            body = DeletionCertificate.objects.get().body
        assert _plain(str(body)) == set()

    def test_opens_in_yesterdays_dump_only_with_keys_whose_date_has_not_passed(
        self, house, day_before, erased, stopped_clock
    ):
        def read(store: Path | None = None) -> dict[str, set[str]]:
            return _told(house.thief(store).opened(day_before.rows))

        assert read() == {}
        assert read(day_before.keys) == day_before.read

        stopped_clock.move(days=COPIES_LIVE.days)
        copy_key_store(key_store(), house.copies, now=stopped_clock.at)

        assert not day_before.keys.exists()
        (left,) = house.copies.iterdir()
        assert read(left) == {}
