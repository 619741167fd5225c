"""Objects in one bucket of S3.

Source:
    Amazon S3 API reference, GetObject, ListObjectVersions, DeleteObjects,
    ListMultipartUploads and AbortMultipartUpload (read 2026-11): in a bucket that has
    or had versions a delete without a version hides the object and keeps it; parts of
    an upload that broke off are in no listing of objects. django-storages 1.14, "Amazon
    S3": its files read objects whole, so ranges are asked for by the SDK itself.
"""

import io
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Final, cast

from django.core.files.base import File

from sondervoice.kernel.s3 import asking, failed
from sondervoice.kernel.stored_objects import Listed

# A night's batch is 1000 names, each asked for by itself.
_AT_ONCE: Final = 8
_NAMES_A_REQUEST: Final = 1_000

Version = dict[str, str]


class S3Objects:
    """Keeps objects in the bucket of a storage of django-storages."""

    def __init__(self, storage: Any) -> None:
        """Keep objects in the bucket of `storage`, encrypted as it says."""
        self._storage = storage
        self._bucket: str = storage.bucket_name

    def put(self, name: str, parts: Iterable[bytes]) -> int:
        """Keep an object, in parts of 8 MB if it is larger."""
        stream = _Stream(parts)
        with asking():
            self._storage.save(name, File(cast("IO[bytes]", stream), name))
        return stream.size

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Return a range of the object, by one request."""
        wanted = f"bytes={start}-{start + length - 1}"
        try:
            with asking():
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=name, Range=wanted
                )
                return bytes(answer["Body"].read())
        except EOFError:
            return b""

    def delete(self, names: Collection[str]) -> None:
        """Delete all versions, and abort uploads that broke off.

        Raises:
            VendorError: If any of it stays.
        """
        with asking():
            for upload in self._uploads(names):
                self._abort(upload)
            found = self._versions(names)
            for first in range(0, len(found), _NAMES_A_REQUEST):
                few = found[first : first + _NAMES_A_REQUEST]
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": few, "Quiet": True}
                )
                _check_deleted(answer.get("Errors", ()))

    def present(self, names: Collection[str]) -> set[str]:
        """Return those names of which a version or a part of an upload is there."""
        with asking():
            found = {one["Key"] for one in self._versions(names)}
            return found | {one["Key"] for one in self._uploads(names)}

    def listed(self) -> Iterator[Listed]:
        """Yield the objects, a thousand a request; older versions are none."""
        with asking():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket
            )
            for page in pages:
                for one in page.get("Contents", ()):
                    yield Listed(one["Key"], one["Size"])

    def address(self, name: str) -> str:
        """Return the address as tools of AWS write it."""
        return f"s3://{self._bucket}/{name}"

    @property
    def _client(self) -> Any:
        return self._storage.connection.meta.client

    def _versions(self, names: Collection[str]) -> list[Version]:
        client = self._client
        with ThreadPoolExecutor(min(_AT_ONCE, len(names) or 1)) as threads:
            lists = threads.map(lambda name: self._versions_of(client, name), names)
            return [version for few in lists for version in few]

    def _versions_of(self, client: Any, name: str) -> list[Version]:
        pages = client.get_paginator("list_object_versions").paginate(
            Bucket=self._bucket, Prefix=name
        )
        return [
            {"Key": name, "VersionId": one["VersionId"]}
            for page in pages
            for kind in ("Versions", "DeleteMarkers")
            for one in page.get(kind, ())
            if one["Key"] == name
        ]

    def _uploads(self, names: Collection[str]) -> Iterator[Version]:
        wanted = set(names)
        paginator = self._client.get_paginator("list_multipart_uploads")
        # Few are ever open, so a clinic's are listed at once.
        for folder in {name.rpartition("/")[0] for name in wanted}:
            pages = paginator.paginate(Bucket=self._bucket, Prefix=f"{folder}/")
            for page in pages:
                for one in page.get("Uploads", ()):
                    if one["Key"] in wanted:
                        yield {"Key": one["Key"], "UploadId": one["UploadId"]}

    def _abort(self, upload: Version) -> None:
        try:
            with asking():
                self._client.abort_multipart_upload(Bucket=self._bucket, **upload)
        except FileNotFoundError:
            pass  # ended meanwhile; the versions are asked for afterwards


class _Stream(io.RawIOBase):
    """Parts as one stream that is read once; so much of them is in memory as is asked.

    Attributes:
        size: How many bytes were read.
    """

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.size = 0
        self._parts = iter(parts)
        self._waiting = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._waiting) < size:
            part = next(self._parts, None)
            if part is None:
                break
            self._waiting += part
        taken = bytes(self._waiting if size < 0 else self._waiting[:size])
        del self._waiting[: len(taken)]
        self.size += len(taken)
        return taken


def _check_deleted(errors: Iterable[dict[str, Any]]) -> None:
    for error in errors:
        if error.get("Code") not in {"NoSuchKey", "NoSuchVersion"}:
            raise failed("not_deleted")
