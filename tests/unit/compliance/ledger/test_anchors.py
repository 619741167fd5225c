"""Files and S3 alike: the same is asked of both."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from compliance.ledger.anchors import (
    AnchorBrokenError,
    AnchorStore,
    AnchorTakenError,
    FileAnchors,
    anchor_store,
)
from compliance.ledger.s3_anchors import S3Anchors
from sondervoice.kernel.errors import VendorError
from tests.fakes.kms.client import lend_credentials
from tests.fakes.s3 import S3, s3
from tests.fakes.s3.client import boto

BUCKET = "anchors"
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
DAYS = timedelta(days=2557)


@pytest.fixture
def service() -> Iterator[S3]:
    with s3() as running:
        boto(running).create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
        yield running


def _in_bucket(service: S3) -> S3Anchors:
    return S3Anchors(
        BUCKET,
        connect=lambda: boto(service),
        keep=DAYS,
        clock=lambda: NOW,
    )


@pytest.fixture(params=["files", "s3"])
def store(request, tmp_path: Path) -> AnchorStore:
    if request.param == "files":
        return FileAnchors(tmp_path / "anchors")
    return _in_bucket(request.getfixturevalue("service"))


class TestAnchorStore:
    def test_gives_back_what_it_was_given(self, store: AnchorStore):
        store.add(1, b"one\n")
        store.add(2, b"")

        assert (store.read(1), store.read(2), store.count()) == (b"one\n", b"", 2)

    def test_keeps_the_same_one_twice(self, store: AnchorStore):
        store.add(1, b"one\n")
        store.add(1, b"one\n")

        assert (store.read(1), store.count()) == (b"one\n", 1)

    def test_refuses_another_of_the_same_number(self, store: AnchorStore):
        store.add(1, b"one\n")

        with pytest.raises(AnchorTakenError):
            store.add(1, b"another\n")

        assert store.read(1) == b"one\n"

    def test_says_that_one_is_missing(self, store: AnchorStore):
        store.add(2, b"two\n")

        with pytest.raises(AnchorBrokenError, match="anchor 1 is missing"):
            store.read(1)

    def test_counts_to_the_highest(self, store: AnchorStore):
        assert store.count() == 0
        for number in (1, 2, 3, 5, 10, 11, 40):
            store.add(number, b"x")
            assert store.count() == number


class TestS3Anchors:
    def test_are_locked_for_as_long_as_the_record_is_kept(self, service: S3):
        _in_bucket(service).add(1, b"one\n")

        head = boto(service).head_object(Bucket=BUCKET, Key="0000000001.jsonl")
        assert head["ObjectLockMode"] == "COMPLIANCE"
        assert head["ObjectLockRetainUntilDate"] == NOW + DAYS
        with pytest.raises(ClientError, match="AccessDenied"):
            boto(service).delete_object(
                Bucket=BUCKET, Key="0000000001.jsonl", VersionId=head["VersionId"]
            )

    def test_are_read_as_they_were_first_written(self, service: S3):
        store = _in_bucket(service)
        store.add(1, b"one\n")
        boto(service).put_object(Bucket=BUCKET, Key="0000000001.jsonl", Body=b"forged")

        assert store.read(1) == b"one\n"
        with pytest.raises(AnchorTakenError):
            store.add(1, b"forged")

    def test_are_read_and_counted_when_somebody_hid_them(self, service: S3):
        store = _in_bucket(service)
        store.add(1, b"one\n")
        boto(service).delete_object(Bucket=BUCKET, Key="0000000001.jsonl")
        assert "Contents" not in boto(service).list_objects_v2(Bucket=BUCKET)

        assert (store.read(1), store.count()) == (b"one\n", 1)
        assert _in_bucket(service).count() == 1
        with pytest.raises(AnchorTakenError):
            store.add(1, b"forged")

    def test_let_the_quicker_of_two_stand(self, service: S3, monkeypatch):
        slow = _in_bucket(service)
        monkeypatch.setattr(slow, "_stands", lambda _number: False)
        _in_bucket(service).add(1, b"quick\n")

        with pytest.raises(AnchorTakenError):
            slow.add(1, b"slow\n")

        found = boto(service).list_object_versions(Bucket=BUCKET)["Versions"]
        assert len(found) == 1

    def test_are_counted_in_few_requests(self, service: S3, monkeypatch):
        highest = 736_000
        asked = []

        def after(number: int) -> int | None:
            asked.append(number)
            return number + 1 if number < highest else None

        store = _in_bucket(service)
        monkeypatch.setattr(store, "_next", after)

        assert store.count() == highest
        assert len(asked) < 120
        asked.clear()
        assert store.count() == highest
        assert len(asked) == 1

    def test_pass_over_what_is_no_anchor(self, service: S3):
        for name in ("AWSLogs/one", "0000000007.jsonl.bak", "notes"):
            boto(service).put_object(Bucket=BUCKET, Key=name, Body=b"x")
        store = _in_bucket(service)
        store.add(1, b"one\n")

        assert store.count() == 1

    @pytest.mark.parametrize("trouble", ["403", "500", "503", "cut"])
    def test_say_when_nobody_answers(self, service: S3, settings, monkeypatch, trouble):
        lend_credentials(monkeypatch)
        settings.LEDGER_ANCHOR_BUCKET = BUCKET
        settings.AWS_REGION = "us-east-1"
        settings.AWS_ENDPOINT_URL = service.url
        store = anchor_store()
        store.add(1, b"one\n")
        service.trouble = trouble

        for ask in (lambda: store.add(2, b"two\n"), lambda: store.read(1), store.count):
            with pytest.raises(VendorError):
                ask()

        service.heal()
        assert (store.count(), store.read(1)) == (1, b"one\n")


class TestAnchorPlace:
    def test_is_the_folder_without_a_bucket(self, settings):
        settings.LEDGER_ANCHOR_BUCKET = ""

        assert isinstance(anchor_store(), FileAnchors)

    def test_is_the_bucket_where_one_is_set(self, settings):
        settings.LEDGER_ANCHOR_BUCKET = BUCKET
        settings.AWS_REGION = "eu-central-1"

        assert isinstance(anchor_store(), S3Anchors)
