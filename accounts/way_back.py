"""Where to go afterwards, and the ids in an address: nothing else is believed."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# Whose forms say where to go afterwards. What machines send is left unread: the view
# alone knows how long it may be.
_PEOPLES: Final = ("/accounts/", "/app/", "/preferences/", "/sso/")


def way_back(wanted: str | None) -> str:
    """Return `wanted` if it is a path on this site, else nothing.

    Browsers read a backslash as a slash, pass over tabs and line ends, and take two
    slashes for the beginning of another site; none of these is a path here.
    """
    if not wanted or not wanted.startswith("/") or len(wanted) > 500:
        return ""
    if "\\" in wanted or not wanted.isprintable() or "//" in wanted.partition("?")[0]:
        return ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def leads_astray(request: HttpRequest) -> bool:
    """Return whether the address or the form wants to lead to another site."""
    said = [request.GET.get("next")]
    if request.method == "POST" and request.path_info.startswith(_PEOPLES):
        said += [request.POST.get("next"), request.POST.get("back")]
    return any(one and not way_back(one) for one in said)


def form_back(request: HttpRequest, default: str) -> str:
    """Return the form's `back` when it is a page of the dashboard, else `default`."""
    back = way_back(request.POST.get("back"))
    return back if back.startswith("/app/") else default


def read_id(text: str) -> UUID | None:
    """Return the id in an address, or None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
