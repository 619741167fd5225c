"""Where a form leads back to, and the ids in an address: nothing else is believed."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, default: str) -> str:
    """Return the form's `back` when it is an address of ours, else `default`."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/app/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts=None
    )
    return back if is_ours else default


def read_id(text: str) -> UUID | None:
    """Return the id in an address, or None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
