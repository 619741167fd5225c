"""Where a request comes from in the world, where a proxy of ours says so."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

_LONGEST: Final = 80


def place_of(request: HttpRequest) -> str:
    """Return what the proxy's header says, or nothing.

    Without a proxy of ours the header is the client's own word and is not read.
    """
    name: str = settings.PLACE_HEADER
    if not name or settings.TRUSTED_PROXIES < 1:
        return ""
    said = request.headers.get(name, "")
    return "".join(one for one in said if one.isprintable())[:_LONGEST].strip()
