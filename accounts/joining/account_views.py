"""Close one's own account."""

from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.joining.forms import CloseAccountForm
from accounts.joining.services.close_account import close_account
from accounts.models import User
from accounts.second_factor.doors import factor_fresh
from sondervoice.kernel.clock import utc_now


@public("whoever is signed in may close their own account")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@factor_fresh
def close(request: HttpRequest) -> HttpResponse:
    """Ask for the person's address; close the account when it is typed.

    Nobody can undo it, so a second factor that there is, or must be, is shown first.

    Raises:
        LastOwnerError: If a clinic would have no owner.
    """
    user = cast("User", request.user)
    form = CloseAccountForm(request.POST or None, own_email=user.email)
    if request.method == "POST" and form.is_valid():
        close_account(user=user, now=utc_now())
        logout(request)
        return render(request, "account/account_inactive.html")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "email": user.email}
    return render(request, "joining/close_account.html", context, status=status)
