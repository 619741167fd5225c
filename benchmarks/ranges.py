"""A range at the end of a recording of two hours: how much of it the storage sends.

The recording is made as the product makes it and played as the player does: by
`WavView`, one byte before its end. Files count what is read of the file, S3 (moto's
server on this machine) what it sends. One sealed piece is the least that can be opened.
"""

import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, middle

GOAL: Final = 1.0
SECONDS: Final = 2 * 3600
ASKED: Final = 20
_BYTES_A_SECOND: Final = 16_000


def measure(folder: Path) -> list[Figure]:
    """Return pieces read for a range at the end, from a file and from S3."""
    # They need Django, which is ready only inside the throw-away services.
    import django  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "sondervoice.settings.dev"
    django.setup()
    return [*_of_files(folder / "range"), *_of_s3()]


def _of_files(folder: Path) -> list[Figure]:
    from django.core.files.storage import FileSystemStorage  # noqa: PLC0415

    from recordings.objects.files import FileObjects  # noqa: PLC0415

    objects = FileObjects(FileSystemStorage(location=folder))
    return _measured("a file", objects, lambda: None)


def _of_s3() -> list[Figure]:
    from django.core.files.storage.handler import StorageHandler  # noqa: PLC0415

    from recordings.objects.s3 import S3Objects  # noqa: PLC0415
    from sondervoice.settings.buckets import s3_storages  # noqa: PLC0415
    from tests.fakes.s3 import s3  # noqa: PLC0415
    from tests.fakes.s3.client import VIRGINIA, make_bucket  # noqa: PLC0415

    os.environ["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE"
    os.environ["AWS_SECRET_ACCESS_KEY"] = "of-the-bench"  # noqa: S105 -- of no account
    with s3() as service:
        make_bucket(service, VIRGINIA)
        settings = s3_storages([VIRGINIA], endpoint_url=service.url)
        objects = S3Objects(StorageHandler(settings)[VIRGINIA.place])

        def sent() -> tuple[int, int]:
            found = len(service.asked), sum(one.sent for one in service.asked)
            service.asked.clear()
            return found

        return _measured("S3", objects, sent)


def _measured(where: str, objects: Any, sent: Any) -> list[Figure]:
    """Store the sound, ask for its last byte again and again."""
    from compliance.keys.call_sealer import CallSealer  # noqa: PLC0415
    from compliance.keys.sealing import new_key  # noqa: PLC0415
    from recordings import stored_pieces  # noqa: PLC0415
    from recordings.models import Recording  # noqa: PLC0415
    from recordings.object_file import SEALED_PIECE_BYTES, seal_pieces  # noqa: PLC0415
    from recordings.sound import WavView  # noqa: PLC0415

    sealer = CallSealer(uuid.uuid4(), uuid.uuid4(), new_key())
    parts = (part for both in seal_pieces(_sound(), sealer) for part in both)
    size = objects.put("clinic/call.sealed", parts)
    sent()
    read = _Counted(objects)
    stored_pieces.objects_at = lambda _place: read  # type: ignore[assignment]
    row = Recording(duration_ms=SECONDS * 1000, object_name="clinic/call.sealed")
    view = WavView(row, sealer, "both")
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        (last,) = view.read(view.size_bytes - 1, view.size_bytes - 1)
        took.append((time.perf_counter() - began) * 1000)
        assert len(last) == 1  # noqa: S101
    over_the_wire = sent()
    requests, read_bytes = over_the_wire or (read.requests, read.bytes)
    return [
        Figure(
            name=f"pieces read from {where} for the end of two hours",
            value=round(read_bytes / ASKED / SEALED_PIECE_BYTES, 3),
            unit="pieces",
            goal=GOAL,
            note=f"{read_bytes // ASKED} of {size} bytes, "
            f"{requests / ASKED:g} request, {middle(took)} ms",
        )
    ]


def _sound() -> Iterator[bytes]:
    second = os.urandom(_BYTES_A_SECOND)
    for _ in range(SECONDS):
        yield second


class _Counted:
    """Counts what is read."""

    def __init__(self, objects: Any) -> None:
        self._objects = objects
        self.requests = 0
        self.bytes = 0

    def read(self, name: str, *, start: int, length: int) -> bytes:
        found: bytes = self._objects.read(name, start=start, length=length)
        self.requests += 1
        self.bytes += len(found)
        return found
