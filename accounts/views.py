"""Coming in, choosing a clinic, and going out."""

from typing import Final, cast
from uuid import UUID

from allauth.account.views import AccountInactiveView, LogoutView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import public
from accounts.errors import OrganizationNotFoundError
from accounts.machines.services.note_not_theirs import note_other_clinic
from accounts.middleware import chosen_clinic
from accounts.models import AgencyMembership, User
from accounts.second_factor.doors import factor_shown
from accounts.second_factor.half_sign_in import forget_half
from accounts.selectors.clinics import list_own_clinics
from accounts.services.open_clinic import CHOSEN, open_clinic
from accounts.sign_in import SignInView
from sondervoice.kernel.clock import utc_now

SEARCHED_FROM: Final = 8


class SignOutView(LogoutView):  # type: ignore[misc]  # allauth is untyped
    """allauth's view; who was about to show a second factor is forgotten too."""

    def logout(self) -> None:
        """Sign out."""
        super().logout()
        forget_half(self.request)


sign_in = public("people sign in here")(SignInView.as_view())
sign_out = public("anybody may sign out")(SignOutView.as_view())
inactive = public("says that the account is closed")(AccountInactiveView.as_view())


@public("shows whoever is signed in their own clinics")
@login_required
@factor_shown
@require_GET
def clinics(request: HttpRequest) -> HttpResponse:
    """Show the clinics to choose from."""
    user = cast("User", request.user)
    found = list_own_clinics(user=user)
    open_id = chosen_clinic(request, user)
    words = request.GET.get("q", "").strip()
    context = {
        "clinics": [one for one in found if words.casefold() in one.name.casefold()],
        "words": words,
        "are_many": len(found) > SEARCHED_FROM,
        "open_id": open_id,
        "leaves": next(
            (one.name for one in found if one.id == open_id and one.is_joined), ""
        ),
        "has_agency": AgencyMembership.objects.filter(user=user).exists(),
    }
    return render(request, "accounts/clinics.html", context)


@public("the membership is asked for")
@login_required
@factor_shown
@require_POST
def choose_clinic(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Go on in another clinic of one's own.

    Raises:
        OrganizationNotFoundError: If it is none of theirs; the session stays as it is.
    """
    user = cast("User", request.user)
    try:
        open_clinic(user=user, organization_id=organization_id)
    except OrganizationNotFoundError:
        note_other_clinic(
            user_id=user.pk,
            at=chosen_clinic(request, user),
            organization_id=organization_id,
            now=utc_now(),
        )
        raise
    request.session[CHOSEN] = str(organization_id)
    return redirect("start")
