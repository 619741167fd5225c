"""A person's own factors: seen, renamed, removed."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import factor_fresh, factor_shown
from accounts.second_factor.errors import LastFactorError
from accounts.second_factor.forms import NameForm
from accounts.second_factor.proof import forget_proof
from accounts.second_factor.relying_party import offers_passkeys
from accounts.second_factor.selectors.factors import (
    find_recovery_codes,
    get_factor,
    list_factors,
)
from accounts.second_factor.selectors.obligation import must_have_factor
from accounts.second_factor.services.remove_factor import remove_factor
from accounts.second_factor.services.rename_factor import rename_factor
from accounts.services.keep_session import keep_session
from sondervoice.kernel.clock import utc_now


@public("shows whoever is signed in their own factors")
@login_required
@factor_shown
@require_GET
def factors(request: HttpRequest) -> HttpResponse:
    """Show the person's factors."""
    return _draw(request, {"done": request.GET.get("done", "")})


@public("changes a factor of whoever is signed in")
@login_required
@factor_fresh
@require_POST
def rename(request: HttpRequest, kind: str, factor_id: int) -> HttpResponse:
    """Call a factor something else.

    Raises:
        FactorNotFoundError: If it is not one of theirs.
    """
    user = cast("User", request.user)
    factor = get_factor(user=user, kind=kind, factor_id=factor_id)
    form = NameForm(request.POST)
    if not form.is_valid():
        wrong = {"factor": factor, "words": form.errors["name"][0]}
        return _draw(request, {"wrong": wrong}, status=422)
    name = form.cleaned_data["name"]
    rename_factor(user=user, kind=kind, factor_id=factor_id, name=name)
    return redirect("/accounts/second-factor/?done=renamed")


@public("changes a factor of whoever is signed in")
@login_required
@factor_fresh
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, kind: str, factor_id: int) -> HttpResponse:
    """Ask whether to remove a factor, and remove it.

    Raises:
        FactorNotFoundError: If it is not one of theirs.
    """
    user = cast("User", request.user)
    now = utc_now()
    factor = get_factor(user=user, kind=kind, factor_id=factor_id)
    is_last = len(list_factors(user=user)) == 1
    is_bound = is_last and must_have_factor(user=user, now=now)
    context = {"factor": factor, "is_last": is_last, "is_bound": is_bound}
    template = "accounts/second_factor/remove.html"
    if request.method == "GET":
        return render(request, template, context)
    try:
        number = remove_factor(user=user, kind=kind, factor_id=factor_id, now=now)
    except LastFactorError as error:
        return render(request, template, context, status=error.status)
    keep_session(request, epoch=number)
    if is_last:
        forget_proof(request)
    return redirect("/accounts/second-factor/?done=removed")


def _draw(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    shown = {
        "factors": list_factors(user=user),
        "codes": find_recovery_codes(user=user),
        "must_have": must_have_factor(user=user, now=utc_now()),
        "offers_passkeys": offers_passkeys(),
    }
    template = "accounts/second_factor/factors.html"
    return render(request, template, shown | context, status=status)
