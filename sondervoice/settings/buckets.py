"""Where recordings rest: the buckets of S3 that the environment names, by region.

Source:
    AWS, "Regions and Zones" (read 2026-11): eu-west-2 is London and eu-central-2 is
    Zurich, so neither is in the European Union.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from sondervoice.settings.env import parse_key_arn, read_list, read_str

# What a clinic chose, by the region of AWS that is there.
_DATA_REGION_OF: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(
        (
            "eu-central-1",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-3",
            "eusc-de-east-1",
        ),
        "eu",
    )
    | dict.fromkeys(
        (
            "us-east-1",
            "us-east-2",
            "us-gov-east-1",
            "us-gov-west-1",
            "us-west-1",
            "us-west-2",
        ),
        "us",
    )
)
CONNECT_S: Final = 5
READ_S: Final = 10
TRIES: Final = 2
# A larger object goes in parts of this size; one of them is in memory at a time.
PART_BYTES: Final = 8 << 20
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One bucket of recordings.

    Attributes:
        region: Of AWS: ``eu-central-1``.
        key_arn: By which key of AWS KMS the service encrypts; empty for the bucket's
            own default.
    """

    region: str
    name: str
    key_arn: str = ""

    @property
    def data_region(self) -> str:
        """Return whose data may rest there: clinics of ``us`` or of ``eu``."""
        return _DATA_REGION_OF[self.region]

    @property
    def place(self) -> str:
        """Return how rows name it, whatever the settings say later."""
        return f"s3:{self.region}:{self.name}"


def read_buckets() -> tuple[Bucket, ...]:
    """Return the buckets of recordings: the single one first, then those by region.

    Of several for one region the first takes what is new; the others are read and
    deleted from until they are empty.

    Raises:
        ImproperlyConfigured: If one is not written as it should be, rests where no
            clinic's data may, or a key is of a region without a bucket.
    """
    pairs = [_pair(one) for one in read_list("RECORDINGS_BUCKETS")]
    single = read_str("RECORDINGS_BUCKET", default="")
    if single:
        pairs.insert(0, (read_str("AWS_REGION"), single))
    keys = _keys(read_list("RECORDINGS_KMS_KEY_ID"))
    buckets = tuple(
        Bucket(region=region, name=name, key_arn=keys.get(region, ""))
        for region, name in dict.fromkeys(pairs)
    )
    for bucket in buckets:
        _judge(bucket)
    for region in keys.keys() - {bucket.region for bucket in buckets}:
        raise ImproperlyConfigured(
            f"RECORDINGS_KMS_KEY_ID has a key of {region}, where no bucket is."
        )
    return buckets


def data_regions(buckets: Sequence[Bucket]) -> tuple[str, ...]:
    """Return which regions a clinic may choose; with files alone there is no choice."""
    found = {bucket.data_region for bucket in buckets}
    return tuple(one for one in ("us", "eu") if one in found or not buckets)


def s3_storages(
    buckets: Sequence[Bucket], *, endpoint_url: str
) -> dict[str, dict[str, Any]]:
    """Return Django's settings for the buckets, each under its place.

    Args:
        endpoint_url: Another server that speaks the same; empty for AWS.
    """
    if not buckets:
        return {}
    # Heavy, and needed only where there is a bucket.
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415

    common = {
        "endpoint_url": endpoint_url or None,
        # Nobody is given an address: sound goes through our own door.
        "querystring_auth": False,
        "default_acl": None,
        "file_overwrite": True,
        "client_config": s3_config(endpoint_url),
        "transfer_config": TransferConfig(
            multipart_threshold=PART_BYTES,
            multipart_chunksize=PART_BYTES,
            use_threads=False,
        ),
    }
    return {
        bucket.place: {
            "BACKEND": "recordings.objects.bucket_storage.BucketStorage",
            "OPTIONS": common
            | {
                "bucket_name": bucket.name,
                "region_name": bucket.region,
                "object_parameters": _encryption(bucket),
            },
        }
        for bucket in buckets
    }


def s3_config(endpoint_url: str) -> Any:
    """Return how the SDK waits and how often it tries; a job is tried again anyway."""
    from botocore.config import Config  # noqa: PLC0415

    return Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        # Other servers seldom have a name for each bucket.
        s3={"addressing_style": "path" if endpoint_url else "auto"},
    )


def _pair(text: str) -> tuple[str, str]:
    region, _, name = (part.strip() for part in text.partition("="))
    if not name:
        raise ImproperlyConfigured(
            "RECORDINGS_BUCKETS must list REGION=BUCKET, with commas between."
        )
    return region, name


def _keys(arns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for arn in arns:
        region = parse_key_arn("RECORDINGS_KMS_KEY_ID", arn).split(":")[3]
        if region in found:
            raise ImproperlyConfigured(
                f"RECORDINGS_KMS_KEY_ID has two keys of {region}."
            )
        found[region] = arn
    return found


def _judge(bucket: Bucket) -> None:
    if not _NAME.fullmatch(bucket.name):
        raise ImproperlyConfigured(f"{bucket.name!r} cannot be a bucket's name.")
    if bucket.region not in _DATA_REGION_OF:
        raise ImproperlyConfigured(
            f"{bucket.name} is in {bucket.region!r}, neither in the United States nor "
            f"in the European Union, as clinics chose: {', '.join(_DATA_REGION_OF)}."
        )


def _encryption(bucket: Bucket) -> dict[str, str]:
    wanted = {"ServerSideEncryption": "aws:kms"}
    if bucket.key_arn:
        wanted["SSEKMSKeyId"] = bucket.key_arn
    return wanted
