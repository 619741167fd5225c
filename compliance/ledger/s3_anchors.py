"""Anchors in a bucket of S3 under object lock, which nobody can lift before its time.

Source:
    Amazon S3 user guide, "Object Lock" and "Conditional requests" (read 2026-11): a
    version locked in compliance mode can be overwritten or deleted by nobody, the
    account's root included; a delete without a version is not refused, it hides the
    object under a marker, and a write on condition that nothing is there then succeeds.
    So the oldest version is what was anchored, and what is hidden is read all the same.
"""

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from compliance.ledger.anchors import AnchorBrokenError, AnchorTakenError
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.s3 import asking, connect
from sondervoice.settings.buckets import s3_config

_VERSIONS_A_LOOK: Final = 10
_NAME: Final = re.compile(r"(\d{10})\.jsonl")


class S3Anchors:
    """Keeps anchors as locked objects of the names that files would have."""

    def __init__(
        self,
        bucket: str,
        *,
        connect: Callable[[], Any],
        keep: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        """Keep anchors in `bucket`, each locked for `keep` from when it is written.

        Args:
            bucket: Made with object lock.
            connect: Makes the client of the SDK, when it is first needed.
            keep: For how long nobody can delete an anchor.
            clock: Says now.
        """
        self._bucket = bucket
        self._connect = connect
        self._keep = keep
        self._clock = clock
        self._lock = threading.Lock()
        self._connected: Any = None
        self._highest = 0

    def add(self, number: int, content: bytes) -> None:
        """Keep an anchor; keeping the same one twice is harmless."""
        if not self._stands(number):
            # Somebody may be quicker; what stands is looked at below.
            with suppress(FileExistsError):
                self._put(number, content)
        if self.read(number) != content:
            raise AnchorTakenError(number)

    def read(self, number: int) -> bytes:
        """Return an anchor as it was first written."""
        version = self._oldest(number)
        if version is None:
            raise AnchorBrokenError(f"anchor {number} is missing")
        with asking():
            answer = self._client.get_object(
                Bucket=self._bucket, Key=_key(number), VersionId=version
            )
            return bytes(answer["Body"].read())

    def count(self) -> int:
        """Return the highest number there is, or 0.

        Asked once where nothing was added since; else it is looked for in steps that
        grow and shrink, since a listing of years would be read from its beginning.
        """
        step = 1
        while (found := self._next(self._highest)) is not None:
            self._highest = found
            farther = self._next(found + step)
            if farther is None:
                step = max(1, step // 2)
            else:
                self._highest, step = farther, step * 2
        return self._highest

    def _stands(self, number: int) -> bool:
        return self._oldest(number) is not None

    def _put(self, number: int, content: bytes) -> None:
        with asking():
            self._client.put_object(
                Bucket=self._bucket,
                Key=_key(number),
                Body=content,
                ContentType="application/jsonl",
                IfNoneMatch="*",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=self._clock() + self._keep,
            )

    def _oldest(self, number: int) -> str | None:
        versions: list[Mapping[str, Any]] = []
        with asking():
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Prefix=_key(number)
            )
            for page in pages:
                found = page.get("Versions", ())
                versions += [one for one in found if one["Key"] == _key(number)]
        # The newest comes first.
        return str(versions[-1]["VersionId"]) if versions else None

    def _next(self, number: int) -> int | None:
        """Return the next number that stands after this one, hidden ones too."""
        after = {"KeyMarker": _key(number)} if number else {}
        with asking():
            page = self._client.list_object_versions(
                Bucket=self._bucket, MaxKeys=_VERSIONS_A_LOOK, **after
            )
        found = [
            int(name.group(1))
            for kind in ("Versions", "DeleteMarkers")
            for one in page.get(kind, ())
            if one["Key"] > _key(number) and (name := _NAME.fullmatch(one["Key"]))
        ]
        return min(found, default=None)

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._connected is None:
                self._connected = self._connect()
            return self._connected


def _key(number: int) -> str:
    return f"{number:010d}.jsonl"


@cache
def s3_anchors(
    bucket: str, *, region: str, endpoint_url: str, keep_days: int
) -> S3Anchors:
    """Return the anchors in a bucket, by a client that is made once.

    Args:
        bucket: Made with object lock.
        region: Of the bucket.
        endpoint_url: Another server that speaks the same; empty for AWS.
        keep_days: For how many days nobody can delete an anchor.
    """

    def connected() -> Any:
        config = s3_config(endpoint_url)
        return connect(region=region, endpoint_url=endpoint_url, config=config)

    return S3Anchors(
        bucket, connect=connected, keep=timedelta(days=keep_days), clock=utc_now
    )
