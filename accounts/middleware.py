"""Opens the scope of a request: who asks, for which clinic, in one transaction."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from accounts.actors import Actor
from accounts.client_address import client_address
from accounts.extra_fields import count_powers
from accounts.machines.services.note_unknown_fields import note_unknown_fields
from accounts.machines.services.note_way_back import note_way_back
from accounts.models import Organization, User
from accounts.operators.visit import answer_visit
from accounts.second_factor.proof import proved_at, vouched_at
from accounts.selectors.members import find_actor
from accounts.services.open_clinic import CHOSEN
from accounts.sso.enforcement import hold_to_directory
from accounts.sso.flow import CONNECTION, SOCIAL
from accounts.way_back import leads_astray
from accounts.way_in import organizations_for_user, signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.tenancy import set_local

# Pages that check or make a password when a form is sent.
HASHING: Final = (
    "account_login",
    "invitation-link",
    "password-change",
    "password-reset-set",
    "sign-up",
    "sign-up-link",
    "sso-connect",
)

# Where people see to what is their own, whichever clinic is open.
OWN_PAGES: Final = ("/accounts/", "/preferences/")

Respond = Callable[[HttpRequest], HttpResponse]


class SignInScopeMiddleware:
    """Lets the sign-in pages, and only those, look people up."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Open the purpose for people's own pages."""
        path = request.path_info
        if not path.startswith(OWN_PAGES) or _opens_itself(request):
            return self.get_response(request)
        with signing_in():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


class WayBackMiddleware:
    """Writes down who would be led to another site, or writes themselves a power.

    Each road in refuses the first itself, and no form heeds the second. It stands
    outside of the pages' transactions, which may be undone.
    """

    def __init__(self, get_response: Respond) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then look at what was asked."""
        response = self.get_response(request)
        if response.status_code < 500 and leads_astray(request):
            note_way_back(address=client_address(request), now=utc_now())
        actor = getattr(request, "actor", None)
        if isinstance(actor, Actor) and (count := count_powers(request)):
            note_unknown_fields(actor=actor, count=count, now=utc_now())
        return response


def _opens_itself(request: HttpRequest) -> bool:
    """Return whether the view opens its transactions itself, around a hash.

    A hash waits for those before it; a connection kept meanwhile, twenty people who
    sign in at once would leave none for anybody else.
    """
    if request.method != "POST":
        return False
    try:
        return resolve(request.path_info).url_name in HASHING
    except Resolver404:
        return False


class ScopeMiddleware:
    """Opens the scope of the dashboard and puts `actor` on the request.

    The transaction covers the rendering too; it is rolled back when the answer is an
    error of ours, since inner layers have turned the exception into a response.
    """

    def __init__(self, get_response: Respond) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Open the scope for `/app/` when somebody is signed in."""
        user = getattr(request, "user", None)
        if not request.path_info.startswith("/app/") or not isinstance(user, User):
            return self.get_response(request)
        visit = answer_visit(request, user, self.get_response)
        if visit is not None:
            return visit
        organization_id = chosen_clinic(request, user)
        if organization_id is None:
            return self.get_response(request)
        with tenancy.scope(organization_id):
            set_local("app.user_id", str(user.pk))
            organization = Organization.objects.get(pk=organization_id)
            request.organization = organization  # type: ignore[attr-defined]
            actor = find_actor(
                user=user, organization=organization, factor_at=vouched_at(request)
            )
            request.actor = hold_to_directory(  # type: ignore[attr-defined]
                # A directory's word lets in; when it was shown nobody here has seen.
                replace(actor, factor_at=proved_at(request)),
                organization=organization,
                came_by=request.session.get(CONNECTION),
                by_password=SOCIAL not in request.session,
            )
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def chosen_clinic(request: HttpRequest, user: User) -> UUID | None:
    """Return the organization of this session, checked against the memberships."""
    mine = organizations_for_user(user.pk)
    request.clinic_count = len(mine)  # type: ignore[attr-defined]
    chosen = request.session.get(CHOSEN)
    if chosen is not None and UUID(chosen) in mine:
        return UUID(chosen)
    return mine[0] if mine else None
