"""Where the sound of a clinic's calls rests, and where it may have come to rest.

A row names its place, so that a change of settings moves nothing and loses nothing. An
erased row, or a process that died before it wrote one, names none: what is erased is
deleted in every place there is.
"""

from collections.abc import Collection, Iterator
from typing import Final

from django.conf import settings
from django.core.files.storage import storages

from accounts.errors import RegionNotServedError
from recordings.errors import PlaceUnknownError
from recordings.objects.files import FileObjects
from recordings.objects.port import ObjectStore
from recordings.objects.s3 import S3Objects

FILES: Final = "files"


def place_for(region: str) -> str:
    """Return where new sound of a clinic of that region goes.

    Raises:
        RegionNotServedError: If there are buckets, and none in the clinic's region.
    """
    if not settings.RECORDINGS_BUCKETS:
        return FILES
    for bucket in settings.RECORDINGS_BUCKETS:
        if bucket.data_region == region:
            return str(bucket.place)
    raise RegionNotServedError


def known_places() -> tuple[str, ...]:
    """Return every place that the settings name; files are always one."""
    return (FILES, *(bucket.place for bucket in settings.RECORDINGS_BUCKETS))


def objects_at(place: str) -> ObjectStore:
    """Return the storage at a place.

    Raises:
        PlaceUnknownError: If the settings do not name it any more.
    """
    if place not in known_places():
        raise PlaceUnknownError
    if place == FILES:
        return FileObjects(storages["recordings"])  # type: ignore[arg-type]
    return S3Objects(storages[place])


def delete_everywhere(names: Collection[str], *, places: Collection[str]) -> None:
    """Delete objects wherever they can be.

    Args:
        places: What their rows say.

    Raises:
        PlaceUnknownError: If a row names a place that the settings do not; nothing is
            said to be gone then.
    """
    for objects in _everywhere(places):
        objects.delete(names)


def present_anywhere(names: Collection[str], *, places: Collection[str]) -> set[str]:
    """Return those names of which anything is left in any place.

    Raises:
        PlaceUnknownError: If a row names a place that the settings do not.
    """
    return {name for objects in _everywhere(places) for name in objects.present(names)}


def _everywhere(places: Collection[str]) -> Iterator[ObjectStore]:
    if not set(places) <= set(known_places()):
        raise PlaceUnknownError
    return (objects_at(place) for place in known_places())
