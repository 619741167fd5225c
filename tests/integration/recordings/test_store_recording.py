import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages

from compliance.keys.keys import keys
from compliance.keys.sealing import SealBrokenError
from compliance.keys.store import KeyGoneError
from compliance.ledger.models import AuditLog
from recordings import spool as spooling
from recordings.models import Recording
from recordings.objects.files import FileObjects
from recordings.recorder import CallRecorder
from recordings.services import store_recording as storing
from recordings.services.find_left_spools import find_left_spools
from recordings.services.store_recording import store_recording
from recordings.sound import HEADER_BYTES, WavView
from recordings.spool import (
    SEALED_BYTES,
    Spool,
    SpoolBusyError,
    SpoolLateError,
    spool_path,
)
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call
from telephony.voice.frames import Audio
from tests.cast import NOW
from tests.cast_calls import make_call, sealer_of
from tests.integration.telephony.posts import run_all_jobs

LOUD = b"\x00\x20" * 160
LATER = NOW + timedelta(minutes=5)
A_CALL = "01989c2e-7a00-7000-8000-000000000001"


class KilledError(Exception):
    pass


@pytest.fixture
def call(cast):
    with tenancy.scope(cast.alder.organization.id):
        return make_call(cast.alder, at=NOW, seconds=10)


@pytest.fixture
def spool(call, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path
    path = spool_path(tmp_path, call.organization_id, call.id)
    return Spool(path, sealer_of(call))


def _record(spool, seconds):
    recorder = CallRecorder(spool, encoding="PCMU", submit=lambda work: work())
    for at_ms in range(0, seconds * 1000, 20):
        recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))
    recorder.finish()


def _record_from(spool, from_ms, to_ms):
    """Keep what a line writes that begins late: its own half-seconds alone."""
    recorder = CallRecorder(spool, encoding="PCMU", submit=lambda work: work())
    for at_ms in range(from_ms, to_ms, 20):
        recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))
    recorder.finish()


def _seen(call, at):
    with tenancy.scope(call.organization_id):
        Call.objects.filter(pk=call.pk).update(line_seen_at=at)


def _store(call, now=LATER):
    store_recording(organization_id=call.organization_id, call_id=call.id, now=now)


def _recordings(call):
    with tenancy.scope(call.organization_id):
        return list(Recording.objects.select_related("call").filter(call=call))


def _view(call, track="both"):
    (recording,) = _recordings(call)
    return WavView(recording, sealer_of(call), track)


def _whole(view):
    return b"".join(view.read(0, view.size_bytes - 1))


def _stored_audits(call):
    with tenancy.scope(call.organization_id):
        return AuditLog.objects.filter(
            action="recordings.recording.stored", subject_id=call.id
        ).count()


class TestStoreRecording:
    def test_moves_the_sound_to_storage_and_removes_the_spool(self, call, spool):
        _record(spool, 10)

        _store(call)

        (recording,) = _recordings(call)
        assert recording.status == "stored"
        assert recording.duration_ms == 10_000
        assert recording.erase_after == datetime(2027, 5, 20, tzinfo=UTC)
        assert storages["recordings"].size(recording.object_name) == (
            recording.size_bytes
        )
        assert not spool._path.exists()
        assert _stored_audits(call) == 1

    def test_leaves_no_recording_of_a_call_that_kept_nothing(self, call, spool):
        _store(call)

        assert _recordings(call) == []
        assert _stored_audits(call) == 0

    def test_is_harmless_when_it_runs_twice(self, call, spool):
        _record(spool, 10)
        _store(call)
        before = _whole(_view(call))

        _store(call, now=LATER + timedelta(days=1))

        (recording,) = _recordings(call)
        assert recording.stored_at == LATER
        assert _whole(_view(call)) == before

    @pytest.mark.parametrize(
        "step",
        ["seal_pieces", "put", "_note", "Recording", "audit", "remove", "settle"],
    )
    def test_goes_on_after_a_crash_between_any_two_steps(
        self, call, spool, monkeypatch, step
    ):
        _record(spool, 10)

        def die(*_args, **_kwargs):
            raise KilledError

        with monkeypatch.context() as killed:
            if step == "remove":
                killed.setattr(Spool, "remove", die)
            elif step == "audit":
                killed.setattr(storing.audit, "record", die)
            elif step == "Recording":
                killed.setattr(Recording.with_deleted, "update_or_create", die)
            elif step == "put":
                killed.setattr(FileObjects, "put", die)
            elif step != "settle":
                killed.setattr(storing, step, die)
            if step == "settle":
                _store(call)
            else:
                with pytest.raises(KilledError):
                    _store(call)
        _store(call)

        (recording,) = _recordings(call)
        assert recording.duration_ms == 10_000
        assert len(_whole(_view(call))) == HEADER_BYTES + 10 * 8_000 * 4
        assert not spool._path.exists()
        folder = Path(storages["recordings"].path(recording.object_name)).parent
        names = [path.name for path in folder.iterdir()]
        assert names.count(f"{call.id}.sealed") == 1
        assert [name for name in names if str(call.id) in name] == [f"{call.id}.sealed"]

    def test_stores_nothing_of_a_spool_that_was_changed(self, call, spool):
        _record(spool, 2)
        raw = bytearray(spool._path.read_bytes())
        raw[SEALED_BYTES + 100] ^= 1
        spool._path.write_bytes(raw)

        with pytest.raises(SealBrokenError):
            _store(call)

        assert _recordings(call) == []
        assert spool._path.exists()

    def test_stores_nothing_of_a_call_whose_key_is_gone(self, call, spool):
        _record(spool, 2)
        keys().destroy_call_key(organization_id=call.organization_id, call_id=call.id)

        with pytest.raises(KeyGoneError):
            _store(call)

        assert _recordings(call) == []

    def test_waits_for_a_line_that_still_writes(self, call, spool, monkeypatch):
        monkeypatch.setattr(spooling, "LETS_GO_WITHIN_S", 0.1)
        recorder = CallRecorder(spool, encoding="PCMU", submit=lambda work: work())
        for at_ms in range(0, 3_000, 20):
            recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))

        with pytest.raises(SpoolBusyError):
            _store(call)
        assert _recordings(call) == []
        recorder.finish()
        _store(call)

        (recording,) = _recordings(call)
        assert recording.duration_ms == 3_000

    def test_takes_the_sound_of_a_process_that_died(self, call, spool):
        recorder = CallRecorder(spool, encoding="PCMU", submit=lambda work: work())
        for at_ms in range(0, 3_000, 20):
            recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))
        # The system closes what a dead process had open.
        spool.release()

        _store(call)

        (recording,) = _recordings(call)
        assert 2_000 <= recording.duration_ms <= 3_000


class TestSpoolThatComesLate:
    @pytest.mark.parametrize("seen_s", [0, 59])
    def test_is_waited_for_while_its_line_was_just_alive(
        self, cast, call, spool, seen_s
    ):
        _seen(call, LATER - timedelta(seconds=seen_s))

        with pytest.raises(SpoolLateError):
            _store(call)
        _record(spool, 1)
        _store(call)

        (recording,) = _recordings(call)
        assert recording.duration_ms == 1_000

    @pytest.mark.parametrize(
        "fields",
        [
            {"line_seen_at": LATER - timedelta(seconds=60)},
            {"line_seen_at": LATER, "first_captured_at": None},
            {"line_seen_at": LATER, "consent_answer": False},
        ],
        ids=["long ago", "nothing captured", "refused"],
    )
    def test_is_not_waited_for_otherwise(self, call, spool, fields):
        with tenancy.scope(call.organization_id):
            Call.objects.filter(pk=call.pk).update(**fields)

        _store(call)

        assert _recordings(call) == []

    def test_adds_to_what_is_stored(self, call, spool):
        _record(spool, 10)
        _store(call)
        before = _whole(_view(call))

        _record_from(spool, 10_000, 11_000)
        _store(call)

        (recording,) = _recordings(call)
        assert recording.duration_ms == 11_000
        assert _whole(_view(call))[HEADER_BYTES : len(before)] == before[HEADER_BYTES:]
        assert not spool._path.exists()

    @pytest.mark.parametrize("step", ["bring_back", "put", "remove"])
    def test_adds_also_after_a_crash(self, call, spool, monkeypatch, step):
        _record(spool, 10)
        _store(call)
        before = _whole(_view(call))
        _record_from(spool, 10_000, 11_000)

        def die(*_args, **_kwargs):
            raise KilledError

        with monkeypatch.context() as killed:
            if step == "put":
                killed.setattr(FileObjects, "put", die)
            elif step == "remove":
                killed.setattr(Spool, "remove", die)
            else:
                written = []
                write = Spool.write
                killed.setattr(
                    Spool,
                    "write",
                    lambda self, piece: (
                        die() if len(written) == 3 else written.append(1),
                        write(self, piece),
                    ),
                )
            with pytest.raises(KilledError):
                _store(call)
        _store(call)

        (recording,) = _recordings(call)
        assert recording.duration_ms == 11_000
        assert _whole(_view(call))[HEADER_BYTES : len(before)] == before[HEADER_BYTES:]


class TestLeftSpools:
    def _age(self, spool, seconds):
        at = (LATER - timedelta(seconds=seconds)).timestamp()
        os.utime(spool._path, (at, at))

    def _jobs(self, call):
        with tenancy.scope(call.organization_id):
            return OutboxJob.objects.filter(task="recordings.store_recording").count()

    def test_of_an_ended_call_is_stored(self, cast, call, spool):
        _record(spool, 2)
        self._age(spool, 60)

        assert find_left_spools(now=LATER) == 1
        assert find_left_spools(now=LATER) == 0
        run_all_jobs(cast)

        (recording,) = _recordings(call)
        assert recording.duration_ms == 2_000
        assert not spool._path.exists()

    def test_is_left_alone_while_it_is_young(self, call, spool):
        _record(spool, 2)
        self._age(spool, 59)

        assert find_left_spools(now=LATER) == 0
        assert self._jobs(call) == 0

    def test_of_a_live_call_is_left_alone(self, call, spool):
        with tenancy.scope(call.organization_id):
            Call.objects.filter(pk=call.pk).update(status="live")
        _record(spool, 2)
        self._age(spool, 3_600)

        assert find_left_spools(now=LATER) == 0

    @pytest.mark.parametrize(
        "name",
        ["notes/one.spool", f"{A_CALL}/{A_CALL}.spool", f"{A_CALL}/x.spool"],
    )
    def test_is_none_of_a_file_that_is_no_calls(self, call, spool, tmp_path, name):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_bytes(b"x")
        os.utime(path, (0, 0))

        assert find_left_spools(now=LATER) == 0
        assert path.exists()


class TestWavView:
    @pytest.mark.parametrize("track", ["both", "caller", "agent"])
    def test_gives_any_range_as_a_slice_of_the_whole(self, call, spool, track):
        _record(spool, 10)
        _store(call)
        view = _view(call, track)
        whole = _whole(view)
        edges = [0, 1, 43, 44, 45, 320, 65_279, 65_280, 130_604, len(whole) - 1]

        assert len(whole) == view.size_bytes
        for first in edges:
            for last in edges:
                if first <= last < len(whole):
                    assert b"".join(view.read(first, last)) == whole[first : last + 1]

    def test_opens_one_piece_for_one_byte(self, call, spool):
        _record(spool, 30)
        _store(call)
        view = _view(call)

        (byte,) = view.read(view.size_bytes - 1, view.size_bytes - 1)

        assert len(byte) == 1

    @pytest.mark.parametrize("at", [0, 100, 70_000, -1])
    def test_does_not_open_what_was_changed(self, call, spool, at):
        _record(spool, 10)
        _store(call)
        (recording,) = _recordings(call)
        path = Path(storages["recordings"].path(recording.object_name))
        raw = bytearray(path.read_bytes())
        raw[at] ^= 1
        path.write_bytes(raw)

        with pytest.raises(SealBrokenError):
            _whole(_view(call))

    def test_does_not_open_what_was_cut(self, call, spool):
        _record(spool, 10)
        _store(call)
        (recording,) = _recordings(call)
        path = Path(storages["recordings"].path(recording.object_name))
        path.write_bytes(path.read_bytes()[:70_000])

        with pytest.raises(SealBrokenError):
            _whole(_view(call))

    def test_does_not_open_another_calls_sound(self, cast, call, spool):
        _record(spool, 2)
        _store(call)
        (recording,) = _recordings(call)
        other = uuid7()
        keys().make_call_key(
            organization_id=call.organization_id, call_id=other, now=NOW
        )
        stranger = type(sealer_of(call))(
            call.organization_id,
            other,
            keys().call_key(organization_id=call.organization_id, call_id=other),
        )

        with pytest.raises(SealBrokenError):
            _whole(WavView(recording, stranger, "both"))
