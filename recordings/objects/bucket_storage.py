"""The storage of django-storages, with the process's one session of the SDK."""

from typing import Any

from storages.backends.s3 import S3Storage

from sondervoice.kernel.aws import session


class BucketStorage(S3Storage):  # type: ignore[misc]  # untyped
    """A bucket; each thread has a connection of its own, made in milliseconds."""

    @property
    def connection(self) -> Any:
        """Return the thread's connection."""
        with session():
            return super().connection

    def _create_session(self) -> Any:
        with session() as shared:
            return shared
