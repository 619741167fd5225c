"""The word on each page: who may see it, or why everybody may.

A stranger is sent to the sign-in page and comes back after it; who must still show a
second factor, or set one up, is sent there; somebody who is known but lacks the
permission gets 403; what is not theirs is 404, by the selectors.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Final, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.actors import Actor, Ask
from accounts.errors import OrganizationNotFoundError
from accounts.models import Organization, User
from accounts.no_clinic import why_no_clinic
from accounts.permissions import Permission

# The names of the pages where a session shows what is asked for.
_ASKING_PAGES: Final[Mapping[Ask, str]] = MappingProxyType(
    {
        Ask.SET_UP_FACTOR: "second-factor-set-up",
        Ask.SHOW_FACTOR: "second-factor-verify",
        Ask.PROVE_MAILBOX: "second-factor-mailbox",
    }
)


class PageRequest(HttpRequest):
    """A request that has passed `page`: somebody of a clinic asks."""

    actor: Actor
    organization: Organization
    user: User
    clinic_count: int


Handler = Callable[..., HttpResponseBase]


class Page(Protocol):
    """A view that says its permission."""

    permission: Permission

    def __call__(
        self, request: HttpRequest, /, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer the request."""


class PublicPage(Protocol):
    """A view that says why everybody may come."""

    public_because: str

    def __call__(
        self, request: HttpRequest, /, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer the request."""


def page(permission: Permission) -> Callable[[Handler], Page]:
    """Return a decorator that lets holders of `permission` in.

    Raises (from the view):
        OrganizationNotFoundError: If the person belongs to no clinic.
        PermissionMissingError: If their role lacks the permission.
    """

    def decorate(view: Handler) -> Page:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return _enter(request, view, permission, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("Page", guarded)

    return decorate


def member_page(because: str) -> Callable[[Handler], PublicPage]:
    """Return a decorator that lets every member of a clinic in, whatever their role.

    Raises (from the view):
        OrganizationNotFoundError: If the person belongs to no clinic.
    """

    def decorate(view: Handler) -> PublicPage:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return _enter(request, view, None, *args, **kwargs)

        guarded.public_because = because  # type: ignore[attr-defined]
        return cast("PublicPage", guarded)

    return decorate


def _enter(
    request: HttpRequest,
    view: Handler,
    permission: Permission | None,
    *args: Any,
    **kwargs: Any,
) -> HttpResponseBase:
    """Answer the request of a member; others are sent to sign in, or refused."""
    if not request.user.is_authenticated:
        return redirect_to_login(_way_back(request))
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise OrganizationNotFoundError(why_no_clinic(request.user.pk))
    may = permission is not None and actor.may(permission)
    if actor.asks_for is Ask.USE_SSO:
        return view(request, *args, **kwargs) if may else redirect("sso-wanted")
    if actor.asks_for is not None:
        return send_to_factor(request, actor.asks_for)
    if permission is not None:
        actor.require(permission)
    return view(request, *args, **kwargs)


def send_to_factor(
    request: HttpRequest, ask: Ask, *, back: str | None = None
) -> HttpResponse:
    """Send a session to where it shows, or sets up, its second factor.

    Scripts are told so instead: htmx by its own header, others by a 403.

    Args:
        back: Where to go afterwards, if not to where the request would have led.
    """
    to = {"next": _way_back(request) if back is None else back}
    address = f"{reverse(_ASKING_PAGES[ask])}?{urlencode(to)}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if request.accepts("text/html"):
        return redirect(address)
    problem = {"code": "second_factor_missing", "detail": "Show your code or passkey."}
    return JsonResponse(problem, status=403)


def public(because: str) -> Callable[[Handler], PublicPage]:
    """Return a decorator that says why a view asks for no permission."""

    def decorate(view: Handler) -> PublicPage:
        @wraps(view)
        def said(
            request: HttpRequest, /, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        said.public_because = because  # type: ignore[attr-defined]
        return cast("PublicPage", said)

    return decorate


def _way_back(request: HttpRequest) -> str:
    """Return where to go after signing in; a form that was sent is not sent again."""
    if "HX-Request" in request.headers:
        shown: str | None = cast("Any", request).htmx.current_url_abs_path
        return shown or "/app/"
    return request.get_full_path() if request.method in {"GET", "HEAD"} else "/app/"
