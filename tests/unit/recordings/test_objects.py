"""Files and S3 alike: the same is asked of both."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages

from recordings.objects.files import FileObjects
from recordings.objects.port import ObjectStore
from recordings.objects.s3 import S3Objects
from sondervoice.kernel.errors import VendorError
from tests.fakes.s3 import S3, s3
from tests.fakes.s3.client import (
    FRANKFURT,
    boto,
    bring_trouble,
    left_in,
    make_bucket,
    objects_in,
    use_buckets,
)

NAME = "clinic/call.sealed"
MEGABYTE = 1 << 20


@pytest.fixture
def service() -> Iterator[S3]:
    with s3() as running:
        yield running


@pytest.fixture(params=["files", "s3", "s3 with versions", "s3 that had versions"])
def objects(request, settings, monkeypatch, tmp_path: Path) -> ObjectStore:
    if request.param == "files":
        options = dict(settings.STORAGES["recordings"])
        options["OPTIONS"] = {**options["OPTIONS"], "location": tmp_path}
        settings.STORAGES = {**settings.STORAGES, "recordings": options}
        return FileObjects(storages["recordings"])
    service = request.getfixturevalue("service")
    versions = {"s3": "", "s3 with versions": "Enabled"}.get(request.param, "Suspended")
    return _in_s3(service, settings, monkeypatch, versions=versions)


def _in_s3(service, settings, monkeypatch, *, versions: str = "") -> S3Objects:
    use_buckets(settings, monkeypatch, service, FRANKFURT)
    make_bucket(service, FRANKFURT, versions=versions)
    return S3Objects(storages[FRANKFURT.place])


@pytest.fixture
def bucket(service, settings, monkeypatch) -> S3Objects:
    return _in_s3(service, settings, monkeypatch)


def _dies() -> Iterator[bytes]:
    yield b"x" * 9 * MEGABYTE
    raise KeyboardInterrupt


class TestObjectStore:
    def test_gives_back_what_it_was_given(self, objects: ObjectStore):
        assert objects.put(NAME, [b"abc", b"", b"defg"]) == 7

        assert objects.read(NAME, start=0, length=100) == b"abcdefg"

    @pytest.mark.parametrize(
        ("start", "length", "found"),
        [(0, 1, b"a"), (2, 3, b"cde"), (6, 5, b"g"), (7, 5, b""), (99, 1, b"")],
    )
    def test_reads_a_range(self, objects: ObjectStore, start, length, found):
        objects.put(NAME, [b"abcdefg"])

        assert objects.read(NAME, start=start, length=length) == found

    def test_replaces_what_stands_there(self, objects: ObjectStore):
        objects.put(NAME, [b"the first, longer"])
        objects.put(NAME, [b"second"])

        assert objects.read(NAME, start=0, length=100) == b"second"

    def test_says_that_there_is_none(self, objects: ObjectStore):
        with pytest.raises(FileNotFoundError):
            objects.read(NAME, start=0, length=1)

    def test_keeps_more_than_one_part(self, objects: ObjectStore):
        piece = bytes(range(256)) * 4096
        count = 20

        assert objects.put(NAME, (piece for _ in range(count))) == count * MEGABYTE

        end = objects.read(NAME, start=count * MEGABYTE - 300, length=1000)
        assert end == piece[-300:]

    def test_deletes_all_of_the_names_and_no_other(self, objects: ObjectStore):
        for name in (NAME, "clinic/other.sealed", "clinic/call.sealed2"):
            objects.put(name, [b"one"])
            objects.put(name, [b"two"])

        objects.delete([NAME, "clinic/never.sealed"])

        asked = [NAME, "clinic/other.sealed", "clinic/call.sealed2", "clinic/never"]
        assert objects.present(asked) == set(asked[1:3])

    def test_deletes_twice(self, objects: ObjectStore):
        objects.put(NAME, [b"one"])

        objects.delete([NAME])
        objects.delete([NAME])

        assert objects.present([NAME]) == set()

    def test_is_asked_about_nothing(self, objects: ObjectStore):
        objects.delete([])

        assert objects.present([]) == set()

    def test_leaves_what_stood_there_when_a_put_breaks_off(self, objects: ObjectStore):
        objects.put(NAME, [b"whole"])

        with pytest.raises(KeyboardInterrupt):
            objects.put(NAME, _dies())

        assert objects.read(NAME, start=0, length=100) == b"whole"

    def test_takes_up_after_a_put_that_broke_off(self, objects: ObjectStore):
        with pytest.raises(KeyboardInterrupt):
            objects.put(NAME, _dies())
        objects.put(NAME, [b"whole"])

        assert objects.read(NAME, start=0, length=100) == b"whole"
        objects.delete([NAME])
        assert objects.present([NAME]) == set()


class TestFileObjects:
    def test_leaves_nothing_of_a_put_that_broke_off(self, settings, tmp_path: Path):
        options = dict(settings.STORAGES["recordings"])
        options["OPTIONS"] = {**options["OPTIONS"], "location": tmp_path}
        settings.STORAGES = {**settings.STORAGES, "recordings": options}
        objects = FileObjects(storages["recordings"])

        with pytest.raises(KeyboardInterrupt):
            objects.put(NAME, _dies())

        assert objects.present([NAME]) == {NAME}
        objects.delete([NAME])
        assert list((tmp_path / "clinic").iterdir()) == []

    def test_lets_nobody_else_read(self, settings, tmp_path: Path):
        options = dict(settings.STORAGES["recordings"])
        options["OPTIONS"] = {**options["OPTIONS"], "location": tmp_path}
        settings.STORAGES = {**settings.STORAGES, "recordings": options}

        FileObjects(storages["recordings"]).put(NAME, [b"one"])

        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "clinic").stat().st_mode & 0o777 == 0o700


class TestS3Objects:
    def test_are_encrypted_by_the_service_besides(self, bucket, service):
        bucket.put(NAME, [b"one"])
        bucket.put("clinic/long.sealed", [b"x" * 17 * MEGABYTE])

        found = objects_in(service, FRANKFURT)
        assert {one["ServerSideEncryption"] for one in found.values()} == {"aws:kms"}
        assert len(found) == 2
        assert all(
            one.headers["x-amz-server-side-encryption"] == "aws:kms"
            for one in [*service.of("PUT"), *service.of("POST")]
            if "partNumber" not in one.path and "uploadId" not in one.path
        )

    def test_are_read_by_one_request_for_one_range(self, bucket, service):
        bucket.put(NAME, [b"x" * 17 * MEGABYTE])
        service.asked.clear()

        bucket.read(NAME, start=16 * MEGABYTE, length=65_309)

        (asked,) = service.asked
        assert (asked.method, asked.range) == ("GET", "bytes=16777216-16842524")
        assert asked.sent == 65_309

    def test_go_in_parts_of_which_one_is_in_memory(self, bucket, service):
        most = 0
        taken = 0

        def parts() -> Iterator[bytes]:
            nonlocal taken, most
            for _ in range(40):
                taken += MEGABYTE
                most = max(most, taken - sum(one.got for one in service.of("PUT")))
                yield b"x" * MEGABYTE

        bucket.put(NAME, parts())

        assert [one.got for one in service.of("PUT")] == [8 * MEGABYTE] * 5
        assert most <= 16 * MEGABYTE

    def test_abort_an_upload_that_broke_off(self, bucket, service):
        service.hits = lambda method, _path: method == "DELETE"
        service.trouble = "cut"
        with pytest.raises(BaseException):  # noqa: B017, PT011
            bucket.put(NAME, _dies())
        service.heal()
        assert left_in(service, FRANKFURT) == 1
        assert bucket.present([NAME, "clinic/other"]) == {NAME}

        bucket.delete([NAME])

        assert left_in(service, FRANKFURT) == 0

    def test_delete_every_version_and_marker(self, service, settings, monkeypatch):
        objects = _in_s3(service, settings, monkeypatch, versions="Enabled")
        objects.put(NAME, [b"one"])
        objects.put(NAME, [b"two"])
        boto(service).delete_object(Bucket=FRANKFURT.name, Key=NAME)
        objects.put("clinic/other", [b"one"])
        assert left_in(service, FRANKFURT) == 4
        assert objects.present([NAME]) == {NAME}

        objects.delete([NAME])

        assert left_in(service, FRANKFURT) == 1
        assert objects.present([NAME]) == set()

    def test_delete_a_nights_batch(self, bucket, service):
        names = [f"clinic/{number}.sealed" for number in range(40)]
        for name in names:
            bucket.put(name, [b"x"])
        service.asked.clear()

        bucket.delete(names)

        assert left_in(service, FRANKFURT) == 0
        assert len(service.of("POST")) == 1

    def test_say_so_when_a_delete_is_refused(self, bucket, service, monkeypatch):
        bucket.put(NAME, [b"one"])
        monkeypatch.setattr(
            bucket._client,
            "delete_objects",
            lambda **_: {"Errors": [{"Key": NAME, "Code": "AccessDenied"}]},
        )

        with pytest.raises(VendorError) as refusal:
            bucket.delete([NAME])

        assert refusal.value.category == "not_deleted"


@pytest.mark.parametrize(
    ("trouble", "category"),
    [
        ("403", "access_denied"),
        ("500", "status_500"),
        ("503", "throttled"),
        ("cut", None),
        ("never", None),
    ],
)
class TestTrouble:
    def test_is_said_whatever_is_asked(
        self, bucket, service, settings, monkeypatch, trouble, category
    ):
        bucket.put(NAME, [b"one"])
        bring_trouble(trouble, settings, monkeypatch, service, FRANKFURT)
        bucket = S3Objects(storages[FRANKFURT.place])

        for ask in (
            lambda: bucket.put(NAME, [b"two"]),
            lambda: bucket.read(NAME, start=0, length=1),
            lambda: bucket.delete([NAME]),
            lambda: bucket.present([NAME]),
        ):
            with pytest.raises(VendorError) as failure:
                ask()
            assert failure.value.vendor == "s3"
            assert not failure.value.permanent
            assert category is None or failure.value.category == category
        service.heal()
        assert bucket.read(NAME, start=0, length=9) == b"one"


class TestBrokenConnections:
    def test_within_an_answer_give_no_half_of_it(self, bucket, service):
        bucket.put(NAME, [b"0123456789"])
        service.trouble = "half"

        with pytest.raises(VendorError):
            bucket.read(NAME, start=0, length=10)

    def test_are_tried_once_more(self, bucket, service):
        bucket.put(NAME, [b"one"])
        service.trouble, service.passes = "503", 0
        service.hits = lambda _method, _path: len(service.asked) == 0
        service.asked.clear()

        assert bucket.read(NAME, start=0, length=9) == b"one"
        assert len(service.asked) == 2

    def test_to_nobody_are_said_too(self, bucket, service, settings, monkeypatch):
        other = S3(("127.0.0.1", 9), url="http://127.0.0.1:9")
        use_buckets(settings, monkeypatch, other, FRANKFURT)

        with pytest.raises(VendorError):
            S3Objects(storages[FRANKFURT.place]).put(NAME, [b"one"])

    def test_hold_no_thread_up(self, bucket, service):
        before = set(threading.enumerate())
        service.trouble = "500"

        with pytest.raises(VendorError):
            bucket.present([NAME, "clinic/other"])

        begun = [one.name for one in set(threading.enumerate()) - before]
        assert not [name for name in begun if name.startswith("ThreadPoolExecutor")]
        assert len(begun) <= 2
