"""Where a request comes from in the world, where a proxy of ours says so."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

_LONGEST: Final = 80


def knows_places() -> bool:
    """Return whether a proxy of ours says where requests come from."""
    return bool(settings.PLACE_HEADER) and settings.TRUSTED_PROXIES > 0


def place_of(request: HttpRequest) -> str:
    """Return what the proxy's header says, or nothing.

    Without a proxy of ours the header is the client's own word and is not read.
    """
    if not knows_places():
        return ""
    said = request.headers.get(settings.PLACE_HEADER, "")
    return "".join(one for one in said if one.isprintable())[:_LONGEST].strip()
