"""What a clinic wrote about people, and a dump of the day before it was forgotten.

Reasons of holds, why an answer took longer, a refusal, why a mark was lifted.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.db import models

from compliance.backups.erasure_list import erasure_list
from compliance.backups.services.replay_erasures import replay_erasures
from compliance.keys import keys as key_module
from compliance.keys.keys import key_store, key_wrapping, keys
from compliance.keys.sealing import Place
from compliance.keys.services.copy_key_store import copy_key_store
from compliance.keys.services.rotate_keys import rotate_keys
from compliance.keys.store import FileKeyStore
from compliance.ledger.signer import signer
from compliance.retention.jobs import holds
from compliance.retention.models import LegalHold
from compliance.retention.selectors.retention_page import list_holds
from compliance.retention.services.place_hold import Wanted, place_hold, release_hold
from compliance.rights.jobs import watch_rights
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.selectors.request_pages import read_sheet
from compliance.rights.services.decide import extend, refuse
from compliance.rights.services.mark_caller import lift_mark
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.rights import RightsKind
from tests.integration.compliance.retention.nights import THREE
from tests.integration.compliance.rights.asked import fresh_owner
from tests.integration.composition.raw_dump import Row, Thief
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
MODELS = (LegalHold, RightsRequest, CallerMark)
_CACHED = (key_module.keys, key_module.key_store, key_module.key_wrapping)
HELD = {
    ("compliance_legalhold.reason_sealed", "Hannah Wells sues"),
    ("compliance_legalhold.release_reason_sealed", "Hannah Wells settled"),
}
REFUSED = {("rights_rightsrequest.refusal_sealed", "Hannah Wells has it")}
PUT_OFF = {("rights_rightsrequest.extension_sealed", "Hannah Wells asked much")}
LIFTED = {("rights_callermark.reason_sealed", "Hannah Wells agreed")}
ASKED = {("rights_rightsrequest.words_sealed", "Hannah Wells asks")}
WORDS = HELD | REFUSED | LIFTED


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, settings) -> Iterator[None]:
    (tmp_path / "keyring").write_bytes(os.urandom(32))
    settings.KEYRING_PATH = tmp_path / "keyring"
    settings.KEY_STORE_DIR = tmp_path / "keys"
    settings.ERASURE_LIST_DIR = tmp_path / "erasures"
    for cached in _CACHED:
        cached.cache_clear()
    yield
    for cached in _CACHED:
        cached.cache_clear()


def _dumped(cast) -> list[Row]:
    """Return the rows of a clinic's words as a dump has them."""
    with tenancy.scope(cast.alder.organization.id):
        return [_row(one) for model in MODELS for one in model.objects.order_by("id")]


def _row(one: models.Model) -> Row:
    sealed = {
        field.column: f"\\\\x{bytes(getattr(one, field.attname)).hex()}"
        for field in one._meta.fields
        if isinstance(field, models.BinaryField)
    }
    ids = {"id": str(one.pk), "organization_id": str(one.organization_id)}
    return Row(one._meta.db_table, ids | sealed)


def _read(rows: list[Row], store: Path | None = None) -> set[tuple[str, str]]:
    """Return what somebody reads who has a key store, the live one unless said."""
    thief = Thief(store or key_store().directory, key_wrapping())
    return {one for one in thief.opened(rows) if "Hannah" in one[1]}


def _hold(cast, reason: str = "Hannah Wells sues") -> UUID:
    wanted = Wanted(
        scope=LegalHold.Scope.ALL, reason=reason, review_on=date(2027, 1, 1)
    )
    with tenancy.scope(cast.alder.organization.id):
        return place_hold(actor=fresh_owner(cast), wanted=wanted, now=THREE).id


def _release(cast, hold_id: UUID) -> None:
    with tenancy.scope(cast.alder.organization.id):
        release_hold(
            actor=fresh_owner(cast),
            hold_id=hold_id,
            reason="Hannah Wells settled",
            now=THREE,
        )


def _decide(cast, request_id: UUID, how, **said) -> None:
    with tenancy.scope(cast.alder.organization.id):
        how(actor=fresh_owner(cast), request_id=request_id, now=THREE, **said)


def _refuse(cast, request_id: UUID) -> None:
    _decide(cast, request_id, refuse, ground="claims", words="Hannah Wells has it")


@pytest.fixture
def said(cast, make_due, three, ask, say_yes) -> list[Row]:
    """A dump with words of each kind, whose time is yet to come."""
    _release(cast, _hold(cast))
    make_due(-90)
    say_yes(ask(RightsKind.RESTRICT))
    run_all_jobs(cast)
    _refuse(cast, ask(RightsKind.ACCESS))
    with tenancy.scope(cast.alder.organization.id):
        lift_mark(
            actor=fresh_owner(cast),
            mark_id=CallerMark.objects.get().id,
            reason="Hannah Wells agreed",
            now=THREE,
        )
    run_all_jobs(cast)
    return _dumped(cast)


def _thirty_days_on(cast, three) -> None:
    three.move(days=30)
    holds()
    watch_rights()
    run_all_jobs(cast)


def _put_back(copied: Path) -> None:
    """Copy keys into the live store that are there no more, as who restores does."""
    for path in copied.glob("*/*"):
        live = key_store().directory / path.parent.name / path.name
        if not live.exists():
            live.write_bytes(path.read_bytes())


def _replay() -> int:
    listed = erasure_list()
    verifiers = [signer().verifier]
    return replay_erasures(lambda: listed.since(None, verifiers)).erased


class TestWordsInYesterdaysDump:
    def test_open_by_no_key_of_the_live_store_once_they_are_forgotten(
        self, cast, said, three, tmp_path
    ):
        assert _read(said) == WORDS
        copied = copy_key_store(key_store(), tmp_path / "copies", now=three.at).folder

        _thirty_days_on(cast, three)

        assert _read(_dumped(cast)) == set()
        assert _read(said) == set()
        # The copy of the keys lives seven days: it is the key that went, not the test.
        assert _read(said, copied) == WORDS

    def test_of_an_answer_that_took_longer_go_with_who_asked(
        self, cast, make_due, three, ask
    ):
        make_due(-90)
        request_id = ask(RightsKind.ACCESS)
        reason = "Hannah Wells asked much"
        _decide(cast, request_id, extend, until=date(2027, 1, 9), reason=reason)
        dumped = _dumped(cast)
        assert _read(dumped) == PUT_OFF

        _refuse(cast, request_id)
        run_all_jobs(cast)

        assert _read(dumped) == set()

    def test_stay_readable_until_then_whatever_else_goes(self, cast, said, three):
        hold_id = _hold(cast, "Hannah Wells sues again")
        _thirty_days_on(cast, three)

        with tenancy.scope(cast.alder.organization.id):
            (held,) = list_holds(actor=fresh_owner(cast), today=three.at.date())
        assert (held.id, held.reason) == (hold_id, "Hannah Wells sues again")

    def test_are_readable_after_a_rotation(self, cast, said, three):
        rotated = rotate_keys(
            wrapping=key_wrapping(), store=key_store(), now=three.at, is_asked=True
        )
        assert rotated.rewrapped > 0
        for cached in _CACHED:
            cached.cache_clear()

        assert _read(said) == WORDS


class TestKeyOfWords:
    def test_goes_even_if_whoever_destroys_it_dies(
        self, cast, said, three, monkeypatch
    ):
        def fails(*_) -> None:
            raise OSError

        with monkeypatch.context() as broken:
            broken.setattr(FileKeyStore, "destroy_own", fails)
            _thirty_days_on(cast, three)
        assert _read(_dumped(cast)) == set()
        assert _read(said) == WORDS

        with tenancy.scope(cast.alder.organization.id):
            OutboxJob.objects.filter(done_at=None).update(attempts=0)
        run_all_jobs(cast)

        assert _read(said) == set()

    def test_is_not_brought_back_by_an_old_copy_of_the_key_store(
        self, cast, said, three, tmp_path
    ):
        copied = copy_key_store(key_store(), tmp_path / "copies", now=three.at).folder
        _thirty_days_on(cast, three)
        _put_back(copied)
        assert _read(said) == WORDS

        assert _replay() == 3

        assert _read(said) == set()
        assert _replay() == 0

    def test_of_who_asked_is_not_brought_back_either(
        self, cast, make_due, three, ask, tmp_path
    ):
        make_due(-90)
        request_id = ask(RightsKind.ACCESS, words="Hannah Wells asks")
        dumped = _dumped(cast)
        copied = copy_key_store(key_store(), tmp_path / "copies", now=three.at).folder
        _refuse(cast, request_id)
        run_all_jobs(cast)
        assert _read(dumped) == set()
        _put_back(copied)
        assert _read(dumped) == ASKED

        assert _replay() == 1

        assert _read(dumped) == set()
        assert _replay() == 0

    def test_that_is_gone_while_a_restored_row_has_the_words_shows_nothing(
        self, cast, said
    ):
        hold_id = _hold(cast)
        with tenancy.scope(cast.alder.organization.id):
            refused = RightsRequest.objects.get(kind=RightsKind.ACCESS)
        for path in key_store().directory.glob("*/row-*"):
            path.unlink()

        with tenancy.scope(cast.alder.organization.id):
            (held,) = list_holds(actor=fresh_owner(cast), today=THREE.date())
            sheet = read_sheet(
                actor=fresh_owner(cast),
                request=refused,
                today=THREE.date(),
                now=THREE,
            )
        assert (held.id, held.reason) == (hold_id, "")
        assert sheet.refusal == "Needed for a legal claim (Art. 17(3)(e))."

    def test_of_who_asks_may_be_gone_too_and_the_request_is_shown(
        self, cast, make_due, ask
    ):
        make_due(-90)
        request_id = ask(RightsKind.ACCESS)
        for path in key_store().directory.glob("*/row-*"):
            path.unlink()

        with tenancy.scope(cast.alder.organization.id):
            sheet = read_sheet(
                actor=fresh_owner(cast),
                request=RightsRequest.objects.get(pk=request_id),
                today=THREE.date(),
                now=THREE,
            )
        assert (sheet.phone, sheet.email, sheet.words) == ("", "", "")

        # A request that is open again is decided again, and that forgets it.
        reason = "Hannah Wells asked much"
        _decide(cast, request_id, extend, until=date(2027, 1, 9), reason=reason)
        with tenancy.scope(cast.alder.organization.id):
            sheet = read_sheet(
                actor=fresh_owner(cast),
                request=RightsRequest.objects.get(pk=request_id),
                today=THREE.date(),
                now=THREE,
            )
        assert sheet.phone == ""
        _refuse(cast, request_id)
        run_all_jobs(cast)
        with tenancy.scope(cast.alder.organization.id):
            request = RightsRequest.objects.get(pk=request_id)
        assert (bytes(request.phone_index), bytes(request.phone_sealed)) == (b"", b"")
        assert request.forgotten_at == THREE


class TestWordsOfBeforeTheyHadAKey:
    """Sealed under the clinic's key of the month, as they were once."""

    def _seal(self, row: models.Model, column: str, text: str) -> None:
        place = Place(row.organization_id, row._meta.db_table, column, row.pk)
        setattr(row, column, keys().seal_field(text, place, now=THREE))
        row.save(update_fields=[column])

    def test_are_read(self, cast, said, three):
        hold_id = _hold(cast)
        with tenancy.scope(cast.alder.organization.id):
            refused = RightsRequest.objects.get(kind=RightsKind.ACCESS)
            self._seal(refused, "refusal_sealed", "Of old")
            hold = LegalHold.objects.get(pk=hold_id)
            self._seal(hold, "reason_sealed", "Of old, too")
            (held,) = list_holds(actor=fresh_owner(cast), today=THREE.date())
            sheet = read_sheet(
                actor=fresh_owner(cast), request=refused, today=THREE.date(), now=THREE
            )

        assert sheet.refusal == "Needed for a legal claim (Art. 17(3)(e)). Of old"
        assert held.reason == "Of old, too"

    def test_of_a_hold_get_its_key_when_it_is_released(self, cast, three):
        hold_id = _hold(cast, "of today")
        with tenancy.scope(cast.alder.organization.id):
            hold = LegalHold.objects.get(pk=hold_id)
            self._seal(hold, "reason_sealed", "Hannah Wells sues")

        _release(cast, hold_id)

        dumped = _dumped(cast)
        assert _read(dumped) == HELD
        _thirty_days_on(cast, three)
        assert _read(dumped) == set()
