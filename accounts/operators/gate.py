"""Who comes to the operators' pages: staff, with a live grant and a second factor."""

from typing import Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.operators.errors import NoOperatorError
from accounts.operators.selectors.grants import has_live_grant
from accounts.second_factor.proof import proved_at
from accounts.sso.flow import CONNECTION
from sondervoice.kernel.clock import utc_now

SET_UP_FACTOR: Final = "second-factor-set-up"
SHOW_FACTOR: Final = "second-factor-verify"


def turn_away(request: HttpRequest) -> HttpResponse | None:
    """Return where somebody goes instead, or None for an operator.

    Who is none gets the answer of an address that does not exist, before anything else
    is asked of them. Call it at the desk of the person.

    Raises:
        NoOperatorError: If they are not staff, no grant of theirs is live, or a
            clinic's directory let them in.
    """
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    # What a clinic says of a person must open nothing beyond that clinic.
    if CONNECTION in request.session:
        raise NoOperatorError
    if not (user.is_staff and has_live_grant(user_id=user.pk, now=utc_now())):
        raise NoOperatorError
    if proved_at(request) is None:
        name = SHOW_FACTOR if user.second_factor_since else SET_UP_FACTOR
        return redirect(f"{reverse(name)}?next={request.path}")
    return None
