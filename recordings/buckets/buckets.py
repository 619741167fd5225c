"""Buckets as they stand: what is set on them, and how it is set."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings

from recordings.buckets import policies
from recordings.buckets.policies import Document
from sondervoice.kernel.s3 import asking, connect
from sondervoice.settings.buckets import Bucket, s3_config

# What the service answers where nothing was set, by the question.
_NOTHING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "get_bucket_policy": "NoSuchBucketPolicy",
        "get_public_access_block": "NoSuchPublicAccessBlockConfiguration",
        "get_bucket_encryption": "ServerSideEncryptionConfigurationNotFoundError",
        "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
        "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
        "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A bucket that the settings name, and whether anchors or recordings are in it."""

    bucket: Bucket
    is_for_anchors: bool = False

    def statements(self) -> list[Document]:
        """Return what its policy must deny."""
        if self.is_for_anchors:
            days = settings.RECORD_KEEP_DAYS
            return policies.anchor_statements(self.bucket, keep_days=days)
        return policies.sound_statements(self.bucket)


def watched_buckets() -> list[Watched]:
    """Return every bucket that the settings name."""
    found = [Watched(bucket=one) for one in settings.RECORDINGS_BUCKETS]
    if settings.LEDGER_ANCHOR_BUCKET:
        anchors = Bucket(region=settings.AWS_REGION, name=settings.LEDGER_ANCHOR_BUCKET)
        found.append(Watched(bucket=anchors, is_for_anchors=True))
    return found


class BucketDesk:
    """Asks and sets one bucket, by the credentials of whoever runs the command."""

    def __init__(self, bucket: Bucket) -> None:
        """Ask about `bucket`, where the settings say that S3 is."""
        self.name = bucket.name
        self._client = connect(
            region=bucket.region,
            endpoint_url=settings.AWS_ENDPOINT_URL,
            config=s3_config(settings.AWS_ENDPOINT_URL),
        )

    def ask(self, question: str) -> Document:
        """Return what is set; empty where nothing is.

        Args:
            question: The method of the SDK: ``get_bucket_policy``.

        Raises:
            VendorError: If the service does not say.
        """
        return self._quietly(question, lambda ask: ask(Bucket=self.name))

    def put(self, what: str, **said: Any) -> None:
        """Set something.

        Args:
            what: The method of the SDK: ``put_bucket_policy``.
            said: Its arguments but for the bucket.

        Raises:
            VendorError: If the service does not do it.
        """
        with asking():
            getattr(self._client, what)(Bucket=self.name, **said)

    def statements(self) -> list[Document]:
        """Return the statements of the policy that stands."""
        said = self.ask("get_bucket_policy").get("Policy")
        return list(json.loads(said)["Statement"]) if said else []

    def rules(self) -> list[Document]:
        """Return the rules of the life cycle that stands."""
        return list(self.ask("get_bucket_lifecycle_configuration").get("Rules", ()))

    def _quietly(self, question: str, how: Callable[[Any], Document]) -> Document:
        from botocore.exceptions import ClientError  # noqa: PLC0415

        with asking():
            try:
                return how(getattr(self._client, question))
            except ClientError as error:
                if error.response["Error"]["Code"] == _NOTHING.get(question):
                    return {}
                raise
