"""Read a package whole without keeping it: what cannot be read is not promised."""

from datetime import datetime

from compliance.rights.models import RightsRequest
from compliance.rights.package.contents import gather
from compliance.rights.package.write import write_package


def measure_package(request: RightsRequest, *, now: datetime) -> dict[str, int]:
    """Return how many things of each kind there are, files of sound, and bytes.

    Raises:
        SealBrokenError: If something was changed in the database or a file.
    """
    contents = gather(request, now=now)
    size = sum(len(piece) for piece in write_package(contents))
    counts = {section.holder.name: len(section.items) for section in contents.sections}
    return {**counts, "files": len(contents.files), "bytes": size}
