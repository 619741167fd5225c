"""Holds what people do about themselves to the directory of the clinic that is open.

Every page under `/accounts/` and `/preferences/` is held for who is signed in, save
those named here: a new one is held until somebody says that it need not be.
"""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.middleware import OWN_PAGES, chosen_clinic
from accounts.models import Membership, Organization, User
from accounts.sso.enforcement import counts_here
from accounts.sso.errors import SsoElsewhereError
from accounts.sso.flow import CONNECTION
from accounts.way_in import organizations_for_user, signing_in
from sondervoice.kernel import tenancy

OPEN: Final = frozenset(
    {
        # Coming in, going out, and changing the clinic.
        "account_login",
        "account_logout",
        "account_inactive",
        "clinics",
        "choose-clinic",
        "demo-mail",
        "demo-letter",
        "demo-sign-in",
        # Showing a second factor, or the mailbox where there is none: an owner needs it
        # to mend a directory, and everybody to connect it.
        "second-factor-verify",
        "second-factor-recovery",
        "second-factor-mailbox",
        "second-factor-mailbox-send",
        "passkey-show",
        "passkey-shown",
        # The way to the directory; `sso-connect` below leads to no other.
        "sso-connections",
        # What a link of a letter proves, whoever is signed in.
        "invitation-link",
        "invitation-done",
        "password-reset",
        "password-reset-sent",
        "password-reset-link",
        "password-reset-set",
        "password-reset-done",
        "sign-up",
        "sign-up-sent",
        "sign-up-link",
        "sign-up-done",
        # An agency is no clinic, and asks for its administrators' own factor.
        "agency",
        "agency-new-clinic",
        # Says that somebody is there, and changes nothing else.
        "stay-signed-in",
    }
)
# Looks itself at what it may connect: the one directory that is wanted.
CONNECT: Final = "sso-connect"
# Changes something in each clinic of the person, so the session must count in each.
EVERYWHERE: Final = frozenset({"close-account", "privacy-erase"})

Respond = Callable[[HttpRequest], HttpResponse]


class OwnPagesMiddleware:
    """Sends a session that does not count in its clinic to the directory."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the way to the directory, or nothing where the page may answer."""
        user, match = request.user, request.resolver_match
        if not request.path_info.startswith(OWN_PAGES) or match is None:
            return None
        if match.url_name in OPEN or not isinstance(user, User):
            return None
        came_by = request.session.get(CONNECTION)
        with signing_in():
            open_id = chosen_clinic(request, user)
            is_held = open_id is not None and _is_held(user, open_id, came_by)
            if match.url_name == CONNECT:
                held_by = open_id if is_held else None
                request.held_by = held_by  # type: ignore[attr-defined]
                return None
            if is_held:
                return redirect("sso-wanted")
            if match.url_name in EVERYWHERE and any(
                _is_held(user, one, came_by) for one in organizations_for_user(user.pk)
            ):
                return _refuse(request)
        return None


def _is_held(user: User, organization_id: UUID, came_by: str | None) -> bool:
    """Return whether the clinic wants this member to come in another way.

    Who is no member of it, but administers its agency, is not the clinic's to hold in
    what is their own.
    """
    with tenancy.scope(organization_id):
        if not Membership.objects.filter(user=user, ended_at=None).exists():
            return False
        organization = Organization.objects.get(pk=organization_id)
        return not counts_here(organization=organization, came_by=came_by)


def _refuse(request: HttpRequest) -> HttpResponse:
    error = SsoElsewhereError()
    return render(request, "error.html", {"error": error}, status=error.status)
