import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from compliance.keys import jobs
from compliance.keys.keyring import LocalKeyring
from compliance.keys.keys import Keys
from compliance.keys.sealing import Place
from compliance.keys.services.rotate_keys import Rotated, rotate_keys
from compliance.keys.store import FileKeyStore, RotationRunsError
from compliance.keys.wrapping import Wrapping
from sondervoice.kernel.errors import VendorError
from tests.clock import StoppedClock, stopped_clock
from tests.fakes.kms import kms
from tests.fakes.kms.client import lend_credentials
from tests.integration.compliance.keys.conftest import (
    DAY,
    ROW,
    Installation,
    forget,
    record,
)

__all__ = ["stopped_clock"]

pytestmark = pytest.mark.django_db

ONE, OTHER = UUID(int=1), UUID(int=2)


def _rotate(
    installation: Installation, *, days: float = 0, is_asked: bool = True
) -> Rotated:
    return rotate_keys(
        wrapping=installation.wrapping,
        store=installation.store,
        now=DAY + timedelta(days=days),
        is_asked=is_asked,
    )


class TestRotation:
    def test_wraps_all_by_a_new_root_key_and_opens_what_was_sealed(
        self, installation: Installation
    ):
        sealed = [installation.seal(one, "words") for one in (ONE, OTHER)]
        index = installation.fresh().index(ONE, kind="phone", value="+13125550136")
        month = installation.store.get(ONE, "month-202611")

        done = _rotate(installation)

        assert done == Rotated(
            generation=2, has_begun=True, rewrapped=3, broken=0, retired=()
        )
        assert installation.generations_in_use() == {2}
        assert installation.store.get(ONE, "month-202611") != month
        assert [
            installation.open(one, raw)
            for one, raw in zip((ONE, OTHER), sealed, strict=True)
        ] == ["words", "words"]
        same = installation.fresh().index(ONE, kind="phone", value="+13125550136")
        assert same == index
        assert record(ONE, OTHER) == [
            ("rotated", None, {"generation": 2}),
            ("rewrapped", ONE, {"count": 2, "generation": 2}),
            ("rewrapped", OTHER, {"count": 1, "generation": 2}),
        ]

    def test_needs_the_old_root_key_no_more(self, installation: Installation):
        sealed = installation.seal(ONE, "words")
        _rotate(installation)
        lines = installation.keyring.read_text().splitlines()

        installation.keyring.write_text(f"{lines[0]}\n{lines[2]}\n")

        assert installation.open(ONE, sealed) == "words"

    def test_is_due_after_90_days(self, installation: Installation):
        installation.seal(ONE, "words")

        early = _rotate(installation, days=89.9, is_asked=False)
        due = _rotate(installation, days=90, is_asked=False)
        again = _rotate(installation, days=91, is_asked=False)

        assert [early.has_begun, due.has_begun, again.has_begun] == [False, True, False]
        assert [early.generation, due.generation, again.generation] == [1, 2, 2]
        assert [due.rewrapped, again.rewrapped] == [1, 0]

    def test_leaves_a_key_that_was_destroyed_destroyed(
        self, installation: Installation, monkeypatch
    ):
        installation.seal(ONE, "words")
        rewrap = Wrapping.rewrap

        def slow(self, raw, **whose):
            installation.store.destroy(ONE, "month-202611")
            return rewrap(self, raw, **whose)

        monkeypatch.setattr(Wrapping, "rewrap", slow)

        assert _rotate(installation).rewrapped == 0
        assert installation.store.root_wrapped(ONE) == []

    def test_goes_past_a_broken_key_and_keeps_its_root_key(
        self, installation: Installation, caplog
    ):
        sealed = installation.seal(OTHER, "words")
        installation.seal(ONE, "words")
        path = installation.store.directory / str(ONE) / "month-202611"
        broken = path.read_bytes()[:-1]
        path.write_bytes(broken)

        done = _rotate(installation)
        later = _rotate(installation, days=30, is_asked=False)

        assert (done.rewrapped, done.broken, later.retired) == (1, 1, ())
        assert path.read_bytes() == broken
        assert installation.open(OTHER, sealed) == "words"
        assert "a wrapped key does not open" in caplog.text

    def test_keeps_every_root_key_while_one_wrapped_key_says_nothing(
        self, installation: Installation
    ):
        installation.seal(ONE, "words")
        _rotate(installation)
        (installation.store.directory / str(ONE) / "month-202612").write_bytes(b"?")

        assert _rotate(installation, days=30, is_asked=False).retired == ()

    def test_is_one_at_a_time(self, installation: Installation):
        installation.seal(ONE, "words")

        with installation.store.rotating(), pytest.raises(RotationRunsError):
            _rotate(installation)

        assert installation.generations_in_use() == {1}
        assert record(ONE) == []

    def test_does_not_begin_when_the_record_cannot_say_so(
        self, installation: Installation, monkeypatch
    ):
        installation.seal(ONE, "words")
        before = installation.keyring.read_bytes()

        def refuse(entry: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("sondervoice.kernel.audit.record", refuse)
        with pytest.raises(RuntimeError):
            _rotate(installation)

        assert installation.keyring.read_bytes() == before
        assert installation.generations_in_use() == {1}


class TestRetiring:
    def test_waits_for_the_copies_of_seven_days(self, installation: Installation):
        installation.seal(ONE, "words")
        old = installation.keyring.read_bytes()
        _rotate(installation)

        early = _rotate(installation, days=6.9, is_asked=False)
        done = _rotate(installation, days=7, is_asked=False)

        assert (early.retired, done.retired) == ((), (1,))
        first, second = LocalKeyring(installation.keyring).generations()
        assert (first.is_live, first.made_at, second.is_live) == (False, DAY, True)
        assert old not in installation.keyring.read_bytes()
        assert record()[-1] == ("retired", None, {"generation": 1})

    def test_waits_for_a_run_that_found_no_key_of_it(self, installation: Installation):
        """Whoever read the old wrapped key just before still opens it."""
        sealed = installation.seal(ONE, "words")
        installation.wrapping.current.begin_generation(DAY)

        late = _rotate(installation, days=8, is_asked=False)
        next_day = _rotate(installation, days=9, is_asked=False)

        assert (late.rewrapped, late.retired) == (1, ())
        assert (next_day.rewrapped, next_day.retired) == (0, (1,))
        assert installation.open(ONE, sealed) == "words"


class TestResume:
    @pytest.mark.parametrize("dies_at", range(4))
    def test_goes_on_where_a_dead_run_ended(
        self, installation: Installation, monkeypatch, dies_at: int
    ):
        clinics = [UUID(int=n) for n in range(1, 5)]
        sealed = {one: installation.seal(one, str(one)) for one in clinics}
        replace, calls = FileKeyStore.replace, []

        def dying(self, *args, **kwargs):
            calls.append(args)
            if len(calls) > dies_at:
                raise KeyboardInterrupt
            return replace(self, *args, **kwargs)

        monkeypatch.setattr(FileKeyStore, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            _rotate(installation)
        monkeypatch.undo()
        assert installation.generations_in_use() == {1, 2} - (
            {2} if not dies_at else set()
        )
        for one in clinics:
            assert installation.open(one, sealed[one]) == str(one)

        done = _rotate(installation, days=1, is_asked=False)

        assert (done.generation, done.rewrapped) == (2, 4 - dies_at)
        assert installation.generations_in_use() == {2}
        for one in clinics:
            assert installation.open(one, sealed[one]) == str(one)


class TestAWriterWhoIsAtIt:
    def test_keeps_what_it_has_half_written_whatever_the_clock_says(
        self, installation: Installation, monkeypatch
    ):
        """A run that has waited for makers before does not see one who begins after."""
        link = os.link

        def late(draft, path):
            monkeypatch.setattr(os, "link", link)
            _rotate(installation, days=30, is_asked=False)
            link(draft, path)

        monkeypatch.setattr(os, "link", late)
        monkeypatch.setattr(FileKeyStore, "wait_for_makers", lambda _: None)
        sealed = installation.seal(ONE, "words")

        assert installation.open(ONE, sealed) == "words"


class TestUnderLoad:
    def test_nothing_is_unreadable_at_any_instant(self, installation: Installation):
        """Readers and a maker with cold memory beside rotations."""
        clinics = [UUID(int=n) for n in range(1, 9)]
        sealed = {one: installation.seal(one, str(one)) for one in clinics}
        crowd = Crowd(installation, sealed)

        with crowd.at_work():
            done = [_rotate(installation, days=8 * n) for n in range(3)]
            # Long past all copies: what is given up now was met by no walk.
            done += [_rotate(installation, days=30 + n, is_asked=False) for n in (0, 1)]

        assert crowd.troubles == []
        assert crowd.opened > 0
        assert crowd.made > 0
        assert [one.generation for one in done] == [2, 3, 4, 4, 4]
        assert all(one.broken == 0 for one in done)
        assert sorted(n for one in done for n in one.retired) == [1, 2, 3]
        assert installation.generations_in_use() == {4}


# Unpaced, the crowd takes the processor from whom it shall disturb, and makes keys
# faster than a rotation walks them.
_PACE_S = 0.002


class Crowd:
    """Two who read and one who makes keys, for as long as a block runs."""

    def __init__(self, installation: Installation, sealed: dict[UUID, bytes]) -> None:
        self._installation = installation
        self._sealed = sealed
        self._over = threading.Event()
        self.troubles: list[Exception] = []
        self.opened = self.made = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        works = (self._read, self._read, self._make)
        threads = [threading.Thread(target=self._told, args=(one,)) for one in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _told(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- the main thread tells
            self.troubles.append(error)

    def _cold(self) -> Keys:
        store = FileKeyStore(self._installation.folder / "keys")
        return Keys(Wrapping(LocalKeyring(self._installation.keyring)), store)

    def _read(self) -> None:
        while not self._over.wait(_PACE_S):
            cold = self._cold()
            for one, raw in self._sealed.items():
                assert cold.unseal_field(raw, _place(one)) == str(one)
                self.opened += 1

    def _make(self) -> None:
        long_lived, made = self._cold(), []
        while not self._over.wait(_PACE_S):
            place = _place(UUID(int=1000 + len(made)))
            made.append((place, long_lived.seal_field("new", place, now=DAY)))
            self.made += 1
        cold = self._cold()
        assert {cold.unseal_field(raw, place) for place, raw in made} == {"new"}


def _place(organization_id: UUID) -> Place:
    return Place(organization_id, "diary", "name", ROW)


class TestKeyService:
    @pytest.fixture
    def service(self, monkeypatch, installation: Installation, settings):
        lend_credentials(monkeypatch)
        with kms() as service:
            settings.KMS_ENDPOINT_URL = service.url
            settings.KMS_KEY_ID = service.room.add().arn
            forget()
            yield service

    def test_takes_over_from_the_keyring(
        self, installation: Installation, settings, service
    ):
        arn, settings.KMS_KEY_ID = settings.KMS_KEY_ID, ""
        forget()
        sealed = installation.seal(ONE, "words")
        settings.KMS_KEY_ID = arn
        forget()
        assert installation.open(ONE, sealed) == "words"

        done = _rotate(installation, is_asked=False)

        assert (done.generation, done.rewrapped) == (1, 1)
        installation.keyring.unlink()
        assert installation.open(ONE, sealed) == "words"
        assert service.count("Encrypt") == 1

    def test_encrypts_anew_and_shows_no_key(self, installation: Installation, service):
        sealed = installation.seal(ONE, "words")
        service.asked.clear()

        done = _rotate(installation)

        assert (done.generation, done.rewrapped) == (2, 1)
        assert [name for name, _ in service.asked] == ["ReEncrypt"]
        assert installation.open(ONE, sealed) == "words"

    def test_that_fails_midway_loses_nothing_and_is_gone_on_with(
        self, installation: Installation, service
    ):
        sealed = {one: installation.seal(one, "words") for one in (ONE, OTHER)}
        honest = service.room.operations["ReEncrypt"]

        def once(said):
            service.trouble = "500"
            return honest(said)

        service.room.operations["ReEncrypt"] = once
        with pytest.raises(VendorError):
            _rotate(installation)
        service.trouble = ""
        service.room.operations["ReEncrypt"] = honest
        assert installation.generations_in_use() == {1, 2}
        for one in (ONE, OTHER):
            assert installation.open(one, sealed[one]) == "words"

        done = _rotate(installation, is_asked=False)

        assert (done.generation, done.rewrapped) == (2, 1)
        assert installation.open(OTHER, sealed[OTHER]) == "words"

    def test_moves_to_another_key_and_the_old_one_may_go(
        self, installation: Installation, service, settings
    ):
        sealed = installation.seal(ONE, "words")
        old, new = settings.KMS_KEY_ID, service.room.add().arn
        settings.KMS_KEY_ID = new
        forget()

        done = _rotate(installation, is_asked=False)
        service.room.operations["ScheduleKeyDeletion"]({"KeyId": old})

        assert done.rewrapped == 1
        assert installation.open(ONE, sealed) == "words"


class TestClock:
    def test_looks_once_a_day(
        self, installation: Installation, stopped_clock: StoppedClock
    ):
        installation.seal(ONE, "words")
        stopped_clock.at = DAY + timedelta(days=90)

        for _ in range(3):
            jobs.rotate_keys_daily()
            stopped_clock.move(hours=1)

        assert [row[0] for row in record(ONE)] == ["rotated", "rewrapped"]

    def test_comes_again_when_a_run_failed(
        self, installation: Installation, stopped_clock: StoppedClock, monkeypatch
    ):
        installation.seal(ONE, "words")
        stopped_clock.at = DAY + timedelta(days=90)
        with monkeypatch.context() as patch:
            patch.setattr(FileKeyStore, "replace", _fail)
            with pytest.raises(OSError, match="disk"):
                jobs.rotate_keys_daily()
        stopped_clock.move(hours=1)

        jobs.rotate_keys_daily()

        assert installation.generations_in_use() == {2}
        assert [row[0] for row in record(ONE)] == ["rotated", "rewrapped"]

    def test_leaves_the_slot_to_who_is_at_it(
        self, installation: Installation, stopped_clock: StoppedClock
    ):
        installation.seal(ONE, "words")
        stopped_clock.at = DAY + timedelta(days=90)
        with installation.store.rotating():
            jobs.rotate_keys_daily()
        assert record(ONE) == []
        stopped_clock.move(hours=1)

        jobs.rotate_keys_daily()

        assert installation.generations_in_use() == {2}


def _fail(*_: object, **__: object) -> None:
    raise OSError("disk full")
