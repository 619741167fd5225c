"""Where to go after signing in: a path of ours, whatever was asked for."""

from django.utils.http import url_has_allowed_host_and_scheme


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
