"""What a test of a connection showed, kept in the session until its page shows it."""

from typing import Any, Final

from django.http import HttpRequest

from accounts.sso.claims import Claims

_KEY: Final = "sso_report"


def keep_report(request: HttpRequest, claims: Claims) -> None:
    """Keep it for the person who asked for the test."""
    request.session[_KEY] = {
        "email": claims.email,
        "is_verified": claims.is_verified,
        "name": claims.name,
        "groups": list(claims.groups[:50]),
        "has_second_factor": claims.has_second_factor,
        "names": list(claims.names[:50]),
        "has_succeeded": bool(claims.email) and claims.is_verified,
    }


def take_report(request: HttpRequest) -> dict[str, Any] | None:
    """Return it once."""
    found: dict[str, Any] | None = request.session.pop(_KEY, None)
    return found
