"""`/preferences/privacy/`: what we hold about whoever is signed in, and their rights.

Like the pages of one's sign-in it is the person's own, whichever clinic is open.
"""

from typing import Final, cast

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import public
from accounts.joining.forms import CloseAccountForm
from accounts.models import User
from accounts.operators.selectors.grants import was_operator
from accounts.second_factor.doors import factor_fresh, factor_shown
from compliance.asking.errors import PrivacyRequestOpenError
from compliance.asking.own_archive import own_archive
from compliance.asking.own_forms import ASKED_OF_US, AskPrivacyForm
from compliance.asking.selectors.own_data import gather_own_data
from compliance.asking.selectors.own_requests import list_own_requests
from compliance.asking.services.ask_privacy import ask_privacy, note_served
from compliance.asking.services.erase_account import erase_account
from compliance.purposes.contact import find_contact
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.tenancy import set_local

_OWN = "shows whoever is signed in what is their own"
_KIND_WORDS: Final = {
    RightsKind.ACCESS: "See my data",
    RightsKind.EXPORT: "A copy",
    RightsKind.RECTIFY: "Correct",
    RightsKind.ERASE: "Erase",
    RightsKind.RESTRICT: "Stop using my data",
    RightsKind.OBJECT: "Object",
}


@public(_OWN)
@login_required
@never_cache
@require_GET
@factor_shown
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is held, what may be asked, and what was."""
    return _draw(request, AskPrivacyForm())


@public("gives whoever is signed in a copy of their own data")
@login_required
@require_POST
@factor_fresh
def download(request: HttpRequest) -> HttpResponse:
    """Send a zip file of all that is held; it stands in the list of requests."""
    user, now = _user(request), utc_now()
    data = gather_own_data(user=user, now=now)
    note_served(user=user, kind=RightsKind.EXPORT, now=now)
    return HttpResponse(
        own_archive(data),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="your-data.zip"'},
    )


@public("takes down what whoever is signed in asks about their own data")
@login_required
@require_POST
@factor_shown
def ask(request: HttpRequest) -> HttpResponse:
    """Ask whoever answers for data protection."""
    form = AskPrivacyForm(request.POST)
    if form.is_valid():
        kind, words = RightsKind(form.cleaned_data["kind"]), form.cleaned_data["words"]
        try:
            ask_privacy(user=_user(request), kind=kind, words=words, now=utc_now())
        except PrivacyRequestOpenError as error:
            form.add_error("kind", str(error))
        else:
            return redirect("privacy")
    return _draw(request, form, status=422)


@public("erases the account of whoever is signed in")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@factor_fresh
def erase(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; erase when the own address is typed.

    Raises:
        LastOwnerError: If a clinic would have no owner.
    """
    user = _user(request)
    form = CloseAccountForm(request.POST or None, own_email=user.email)
    named = {"is_named_as_operator": _is_named_as_operator(user)}
    if request.method == "POST" and form.is_valid():
        erase_account(user=user, now=utc_now())
        logout(request)
        return render(request, "asking/erased.html", named)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "email": user.email, **named}
    return render(request, "asking/erase.html", context, status=status)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


@transaction.atomic
def _is_named_as_operator(user: User) -> bool:
    set_local("app.user_id", str(user.pk))
    return was_operator(user_id=user.pk)


def _draw(
    request: HttpRequest, form: AskPrivacyForm, *, status: int = 200
) -> HttpResponse:
    user, now = _user(request), utc_now()
    requests = [
        {"row": one, "word": _KIND_WORDS[one.kind]}
        for one in list_own_requests(user=user, now=now)
    ]
    data = gather_own_data(user=user, now=now)
    records = [data["record"], *(one["record"] for one in data["clinics"])]
    context = {
        "form": form,
        "contact": find_contact(today=now.date()),
        "data": data,
        "requests": requests,
        "lines": sum(len(one["lines"]) for one in records),
        "is_whole": all(one["is_whole"] for one in records),
        "asked_of_us": [(one.value, _KIND_WORDS[one]) for one in ASKED_OF_US],
    }
    return render(request, "asking/privacy.html", context, status=status)
