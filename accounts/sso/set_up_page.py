"""The word on each page of the set-up: its permission, and what stands before it."""

from collections.abc import Callable
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse

from accounts.access import Page, PageRequest, page
from accounts.actors import Ask
from accounts.permissions import Permission
from accounts.sso.selectors.connections import find_connection, require_plan
from accounts.sso.services.note_passing_by import note_passing_by

_PASSED_BY: Final = "sso_passed_by"

Handler = Callable[..., HttpResponse]


def set_up_page(view: Handler) -> Page:
    """Let those in who may set the directory up, in a clinic whose plan has it.

    An owner who came past the directory is written down before the page is shown, once
    a session, and all owners are told.

    Raises (from the view):
        SsoNotInPlanError: If the plan has no single sign-on.
    """

    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        asking = cast("PageRequest", request)
        require_plan(asking.organization)
        note_entering(asking)
        return view(asking, *args, **kwargs)

    return page(Permission.SSO_MANAGE)(guarded)


def note_entering(request: PageRequest) -> None:
    """Write down an owner who comes past the directory."""
    if request.actor.asks_for is not Ask.USE_SSO or _PASSED_BY in request.session:
        return
    connection = find_connection()
    if connection is not None:
        note_passing_by(actor=request.actor, connection_id=connection.id)
        request.session[_PASSED_BY] = True
