"""The whole road of sound through S3: stored, played, erased, and S3 in trouble."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.errors import RegionNotServedError
from accounts.models import Organization
from compliance.keys.sealing import SealBrokenError
from recordings.errors import PlaceUnknownError
from recordings.models import Recording
from recordings.object_file import SEALED_PIECE_BYTES
from recordings.objects.files import FileObjects
from recordings.objects.places import objects_at
from recordings.objects.s3 import S3Objects
from recordings.personal_data import Sound
from recordings.recorder import CallRecorder
from recordings.services import store_recording as storing
from recordings.services.store_recording import store_recording
from recordings.sound import HEADER_BYTES, WavView
from recordings.spool import Spool, SpoolBusyError, spool_path
from recordings.storage_names import object_name
from sondervoice.kernel import tenancy
from sondervoice.kernel.errors import VendorError
from sondervoice.kernel.jobs import after_commit, run_waiting
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call
from telephony.voice.frames import Audio
from tests.cast import NOW
from tests.cast_calls import make_call, sealer_of
from tests.fakes.s3 import S3, s3
from tests.fakes.s3.client import (
    FRANKFURT,
    VIRGINIA,
    boto,
    bring_trouble,
    left_in,
    make_bucket,
    objects_in,
    use_buckets,
)

LOUD = b"\x00\x20" * 160
LATER = NOW + timedelta(minutes=5)
TROUBLES = ["500", "503", "403", "never", "cut"]


class KilledError(BaseException):
    pass


@pytest.fixture
def service(settings, monkeypatch) -> Iterator[S3]:
    with s3() as running:
        make_bucket(running, FRANKFURT)
        make_bucket(running, VIRGINIA)
        use_buckets(settings, monkeypatch, running, FRANKFURT, VIRGINIA)
        yield running


@pytest.fixture
def call(cast, service) -> Call:
    with tenancy.scope(cast.alder.organization.id):
        return make_call(cast.alder, at=NOW, seconds=10)


@pytest.fixture
def spool(call, settings, tmp_path: Path) -> Spool:
    settings.SPOOL_DIR = tmp_path
    return Spool(spool_path(tmp_path, call.organization_id, call.id), sealer_of(call))


@pytest.fixture
def sound(spool: Spool) -> Spool:
    """Ten seconds of it, three sealed pieces."""
    recorder = CallRecorder(spool, encoding="PCMU", submit=lambda work: work())
    for at_ms in range(0, 10_000, 20):
        recorder.caller(Audio(pcm=LOUD, at_ms=at_ms))
    recorder.finish()
    return spool


def _store(call: Call) -> None:
    store_recording(organization_id=call.organization_id, call_id=call.id, now=LATER)


def _recording(call: Call) -> Recording | None:
    with tenancy.scope(call.organization_id):
        return Recording.objects.select_related("call").filter(call=call).first()


def _whole(call: Call) -> bytes:
    recording = _recording(call)
    assert recording is not None
    view = WavView(recording, sealer_of(call), "both")
    return b"".join(view.read(0, view.size_bytes - 1))


def _name(call: Call) -> str:
    return object_name(call.organization_id, call.id)


def _erase(call: Call) -> None:
    with tenancy.scope(call.organization_id):
        Sound().erase([call.id], now=LATER)


def _destroy(call: Call) -> None:
    Sound().destroy([call.id], organization_id=call.organization_id)


def _remains(call: Call) -> set:
    return set(Sound().remains([call.id], organization_id=call.organization_id))


class TestStored:
    def test_rests_encrypted_in_the_region_of_its_clinic(self, call, sound, service):
        _store(call)

        assert objects_in(service, FRANKFURT) == {}
        (name, head) = next(iter(objects_in(service, VIRGINIA).items()))
        recording = _recording(call)
        assert name == _name(call) == recording.object_name
        assert recording.place == "s3:us-east-1:sound-virginia"
        assert head["ServerSideEncryption"] == "aws:kms"
        assert head["ContentLength"] == recording.size_bytes
        assert not sound._path.exists()

    def test_is_sealed_by_us_before(self, call, sound, service):
        _store(call)

        raw = boto(service).get_object(Bucket=VIRGINIA.name, Key=_name(call))
        body = raw["Body"].read()
        assert len(body) == _recording(call).size_bytes
        assert body[:1] == b"\x01"
        assert b"\xff" * 300 not in body

    def test_plays_as_it_does_from_a_file(self, call, sound, service, settings):
        _store(call)
        from_s3 = _whole(call)
        raw = objects_at(VIRGINIA.place).read(_name(call), start=0, length=1 << 20)
        objects_at("files").put(_name(call), [raw])
        with tenancy.scope(call.organization_id):
            Recording.objects.update(place="files")

        assert len(from_s3) == HEADER_BYTES + 10 * 8_000 * 4
        assert _whole(call) == from_s3
        FileObjects.delete(objects_at("files"), [_name(call)])

    def test_is_read_by_one_request_at_its_end(self, call, sound, service):
        _store(call)
        view = WavView(_recording(call), sealer_of(call), "both")
        service.asked.clear()

        (byte,) = view.read(view.size_bytes - 1, view.size_bytes - 1)

        (asked,) = service.asked
        start = 2 * SEALED_PIECE_BYTES
        assert asked.range == f"bytes={start}-{start + SEALED_PIECE_BYTES - 1}"
        assert asked.sent < SEALED_PIECE_BYTES
        assert len(byte) == 1

    def test_does_not_play_what_was_changed_there(self, call, sound, service):
        _store(call)
        client = boto(service)
        raw = client.get_object(Bucket=VIRGINIA.name, Key=_name(call))["Body"].read()
        changed = raw[:100] + bytes([raw[100] ^ 1]) + raw[101:]
        client.put_object(Bucket=VIRGINIA.name, Key=_name(call), Body=changed)

        with pytest.raises(SealBrokenError):
            _whole(call)

    def test_goes_nowhere_without_a_bucket_in_its_region(
        self, call, sound, service, settings, monkeypatch
    ):
        use_buckets(settings, monkeypatch, service, FRANKFURT)

        with pytest.raises(RegionNotServedError):
            _store(call)

        assert _recording(call) is None
        assert sound._path.exists()
        assert left_in(service, FRANKFURT) == left_in(service, VIRGINIA) == 0

    def test_of_a_clinic_of_europe_stays_there(self, cast, call, sound, service):
        with tenancy.scope(call.organization_id):
            Organization.objects.filter(pk=call.organization_id).update(region="eu")

        _store(call)

        assert list(objects_in(service, FRANKFURT)) == [_name(call)]
        assert left_in(service, VIRGINIA) == 0


class TestSettingsThatChanged:
    def test_leave_files_where_they_are(self, call, sound, service, settings):
        buckets = settings.RECORDINGS_BUCKETS
        settings.RECORDINGS_BUCKETS = ()
        _store(call)
        before = _whole(call)
        assert _recording(call).place == "files"

        settings.RECORDINGS_BUCKETS = buckets

        assert _whole(call) == before
        assert left_in(service, VIRGINIA) == 0
        _erase(call)
        _destroy(call)
        assert _remains(call) == set()
        assert objects_at("files").present([_name(call)]) == set()

    def test_delete_a_copy_that_no_row_names(self, call, sound, service, monkeypatch):
        with monkeypatch.context() as killed:
            killed.setattr(storing, "_note", _die)
            with pytest.raises(KilledError):
                _store(call)
        assert left_in(service, VIRGINIA) == 1
        assert _recording(call) is None

        _erase(call)
        assert _remains(call) == {call.id}
        _destroy(call)

        assert left_in(service, VIRGINIA) == 0
        assert _remains(call) == set()

    def test_that_forget_a_bucket_let_nothing_be_called_gone(
        self, call, sound, service, settings, monkeypatch
    ):
        _store(call)
        use_buckets(settings, monkeypatch, service, FRANKFURT)
        _erase(call)

        with pytest.raises(PlaceUnknownError):
            _destroy(call)
        with pytest.raises(PlaceUnknownError):
            _remains(call)

        assert left_in(service, VIRGINIA) == 1
        assert _recording(call).place == VIRGINIA.place


def _die(*_args, **_options):
    raise KilledError


class TestTrouble:
    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_loses_nothing_of_a_call(
        self, call, sound, service, settings, monkeypatch, trouble
    ):
        _put_into_outbox(call)
        bring_trouble(trouble, settings, monkeypatch, service, FRANKFURT, VIRGINIA)

        run_waiting()

        assert sound._path.exists()
        assert _recording(call) is None
        (job,) = _jobs(call)
        assert (job.done_at, job.failed_at, job.attempts) == (None, None, 1)
        service.heal()
        _make_due(call)
        run_waiting()
        assert len(_whole(call)) == HEADER_BYTES + 10 * 8_000 * 4
        assert not sound._path.exists()
        (job,) = _jobs(call)
        assert job.done_at is not None

    def test_is_outlasted_however_long_it_takes(self, call, sound, service):
        _put_into_outbox(call)
        service.trouble = "503"

        for _ in range(14):
            run_waiting()
            _make_due(call)

        (job,) = _jobs(call)
        assert (job.done_at, job.failed_at, job.attempts) == (None, None, 14)
        assert sound._path.exists()

    @pytest.mark.parametrize("step", ["_note", "remove"])
    def test_of_our_own_leaves_one_whole_object(
        self, call, sound, service, monkeypatch, step
    ):
        with monkeypatch.context() as killed:
            killed.setattr(Spool if step == "remove" else storing, step, _die)
            with pytest.raises(KilledError):
                _store(call)
        sound.release()

        _store(call)

        assert len(_whole(call)) == HEADER_BYTES + 10 * 8_000 * 4
        assert left_in(service, VIRGINIA) == 1

    @pytest.mark.parametrize("trouble", [*TROUBLES, "half"])
    def test_is_said_to_who_plays(
        self, call, sound, service, settings, monkeypatch, trouble
    ):
        _store(call)
        view = WavView(_recording(call), sealer_of(call), "both")
        bring_trouble(trouble, settings, monkeypatch, service, FRANKFURT, VIRGINIA)

        with pytest.raises(VendorError):
            list(view.read(0, view.size_bytes - 1))


class TestErased:
    def test_is_gone_from_everywhere(self, call, sound, service):
        _store(call)
        _erase(call)
        assert _remains(call) == {call.id}

        _destroy(call)

        assert left_in(service, VIRGINIA) == 0
        assert _remains(call) == set()

    def test_is_done_where_it_was_gone_already(self, call, sound, service):
        _store(call)
        boto(service).delete_object(Bucket=VIRGINIA.name, Key=_name(call))
        _erase(call)

        _destroy(call)

        assert _remains(call) == set()

    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_is_not_called_gone_while_s3_is_down(
        self, call, sound, service, settings, monkeypatch, trouble
    ):
        _store(call)
        _erase(call)
        bring_trouble(trouble, settings, monkeypatch, service, FRANKFURT, VIRGINIA)

        for ask in (_destroy, _remains):
            with pytest.raises(VendorError):
                ask(call)

        service.heal()
        assert left_in(service, VIRGINIA) == 1
        _destroy(call)
        assert _remains(call) == set()

    def test_while_it_was_stored_leaves_nothing(
        self, call, sound, service, monkeypatch
    ):
        put = S3Objects.put

        def slowly(self, name, parts):
            _erase(call)
            with pytest.raises(SpoolBusyError):
                _destroy(call)
            assert _remains(call) == {call.id}
            return put(self, name, parts)

        monkeypatch.setattr(S3Objects, "put", slowly)

        _store(call)

        assert left_in(service, VIRGINIA) == 0
        assert not sound._path.exists()
        assert _recording(call) is None
        _destroy(call)
        assert _remains(call) == set()

    def test_while_it_was_stored_by_one_who_died_leaves_nothing(
        self, call, sound, service, monkeypatch
    ):
        put = S3Objects.put

        def slowly(self, name, parts):
            _erase(call)
            return put(self, name, parts)

        with monkeypatch.context() as killed:
            killed.setattr(S3Objects, "put", slowly)
            killed.setattr(storing, "_drop", _die)
            with pytest.raises(KilledError):
                _store(call)
        assert left_in(service, VIRGINIA) == 1
        assert _remains(call) == {call.id}

        _destroy(call)

        assert left_in(service, VIRGINIA) == 0
        assert _remains(call) == set()

    def test_whose_spool_went_meanwhile_leaves_nothing(
        self, call, sound, service, monkeypatch
    ):
        put = S3Objects.put

        def slowly(self, name, parts):
            size = put(self, name, parts)
            _erase(call)
            sound._path.unlink()
            return size

        monkeypatch.setattr(S3Objects, "put", slowly)

        _store(call)

        assert left_in(service, VIRGINIA) == 0
        assert _recording(call) is None

    def test_before_it_was_stored_leaves_no_half(
        self, call, sound, service, monkeypatch
    ):
        with monkeypatch.context() as killed:
            killed.setattr(storing, "_note", _die)
            with pytest.raises(KilledError):
                _store(call)
        _erase(call)

        _store(call)

        assert left_in(service, VIRGINIA) == 0
        assert not sound._path.exists()


def _put_into_outbox(call: Call) -> None:
    with tenancy.scope(call.organization_id):
        after_commit(
            "recordings.store_recording",
            organization_id=call.organization_id,
            ids={"call_id": call.id},
        )
    _make_due(call)


def _jobs(call: Call) -> list[OutboxJob]:
    with tenancy.scope(call.organization_id):
        return list(OutboxJob.objects.filter(task="recordings.store_recording"))


def _make_due(call: Call) -> None:
    with tenancy.scope(call.organization_id):
        OutboxJob.objects.filter(done_at=None).update(next_at=NOW)
