"""How the tests reach the storage: by the product's own settings and the real SDK."""

from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sondervoice.settings import buckets as waiting
from sondervoice.settings.buckets import Bucket, data_regions, s3_storages
from tests.fakes.kms.client import lend_credentials
from tests.fakes.s3.proxy import S3

FRANKFURT = Bucket(region="eu-central-1", name="sound-frankfurt")
VIRGINIA = Bucket(region="us-east-1", name="sound-virginia")


def boto(service: S3, region: str = "us-east-1") -> Any:
    """Return a client of the storage that no trouble reaches."""
    return _client(service.behind, region)


@cache
def _client(behind: tuple[str, int], region: str) -> Any:
    host, port = behind
    return boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "of-the-tests").client(
        "s3",
        region_name=region,
        endpoint_url=f"http://{host}:{port}",
        config=Config(s3={"addressing_style": "path"}),
    )


def make_bucket(service: S3, bucket: Bucket, *, versions: str = "") -> None:
    """Make it, with versions ``Enabled`` or ``Suspended`` if that is said."""
    place: dict[str, Any] = {}
    if bucket.region != "us-east-1":
        place = {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
    client = boto(service, bucket.region)
    client.create_bucket(Bucket=bucket.name, **place)
    if versions:
        client.put_bucket_versioning(
            Bucket=bucket.name, VersioningConfiguration={"Status": versions}
        )


def bring_trouble(
    trouble: str,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    service: S3,
    *buckets: Bucket,
) -> None:
    """Begin a trouble; where nobody answers the SDK gives up sooner than it would."""
    if trouble == "never":
        monkeypatch.setattr(waiting, "READ_S", 0.6)
        use_buckets(settings, monkeypatch, service, *buckets)
    service.trouble = trouble


def use_buckets(
    settings: Any, monkeypatch: pytest.MonkeyPatch, service: S3, *buckets: Bucket
) -> None:
    """Have recordings stored there."""
    lend_credentials(monkeypatch)
    own = {
        name: options
        for name, options in settings.STORAGES.items()
        if not name.startswith("s3:")
    }
    settings.RECORDINGS_BUCKETS = buckets
    settings.DATA_REGIONS = data_regions(buckets)
    settings.AWS_ENDPOINT_URL = service.url
    settings.STORAGES = own | s3_storages(buckets, endpoint_url=service.url)


def objects_in(service: S3, bucket: Bucket) -> dict[str, dict[str, Any]]:
    """Return every object with its headers."""
    client = boto(service, bucket.region)
    found = client.list_objects_v2(Bucket=bucket.name).get("Contents", ())
    return {
        one["Key"]: client.head_object(Bucket=bucket.name, Key=one["Key"])
        for one in found
    }


def left_in(service: S3, bucket: Bucket) -> int:
    """Return how many versions, markers and uploads there are."""
    client = boto(service, bucket.region)
    versions = client.list_object_versions(Bucket=bucket.name)
    uploads = client.list_multipart_uploads(Bucket=bucket.name)
    return sum(
        len(found.get(kind, ()))
        for found, kind in (
            (versions, "Versions"),
            (versions, "DeleteMarkers"),
            (uploads, "Uploads"),
        )
    )
