"""Open a clinic: the form, the word that a letter is on its way, and its link."""

from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public
from accounts.guessing.limits import SIGN_UP_CLIENT, SIGN_UP_FORM, SIGN_UP_PASSWORD
from accounts.guessing.services.give_back_try import give_back_try
from accounts.guessing.services.take_try import take_try
from accounts.joining.forms import SignUpForm
from accounts.joining.links import LinkKind, read_link
from accounts.joining.models import SignUp
from accounts.joining.places import zone_names
from accounts.joining.selectors.sign_ups import get_sign_up
from accounts.joining.services.ask_sign_up import ask_sign_up
from accounts.joining.services.confirm_sign_up import confirm_sign_up
from accounts.passwords.sign_in_tries import client_key
from accounts.second_factor.mailbox import note_mailbox
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now

_ASKED: Final = "sign_up"


@public("anybody may ask for a clinic of their own")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for a clinic and its owner, then say to look into the mail.

    Raises:
        TooManyTriesError: If the form came, or clinics were asked for, too often from
            one place.
        PasswordsBusyError: If the password could not be hashed in time.
    """
    if request.method == "POST":
        take_try(limit=SIGN_UP_FORM, key=client_key(request), now=utc_now())
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_try(limit=SIGN_UP_CLIENT, key=client_key(request), now=utc_now())
        # Outside the transaction: a hash waits for those before it.
        hashed = make_password(form.cleaned_data["password"])
        with signing_in():
            link = ask_sign_up(wish=form.wish(hashed), now=utc_now())
        if link is not None:
            request.session[_ASKED] = f"{link.row_id} {link.number}"
        return redirect("sign-up-sent")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "zones": zone_names()}
    return render(request, "joining/sign_up.html", context, status=status)


@public("says the same to everybody")
@require_GET
def sign_up_sent(request: HttpRequest) -> HttpResponse:
    """Say that a letter is on its way, whoever's the address is."""
    return render(request, "joining/sign_up_sent.html")


@public("the one-time link of a letter")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what will be opened; open it when the form is sent.

    In another browser than the one that asked, the password chosen there is asked for:
    whose mail it is need not be who filled in the form.

    Raises:
        LinkDeadError: If the link is dead.
        PasswordsBusyError: If the password could not be checked in time.
        TooManyTriesError: If passwords were tried too often, for this link or from one
            place.
    """
    with signing_in():
        row = get_sign_up(token=token, now=utc_now())
    link = read_link(LinkKind.SIGN_UP, token)
    is_same = link is not None and request.session.get(_ASKED) == (
        f"{link.row_id} {link.number}"
    )
    is_wrong = False
    if request.method == "POST":
        is_wrong = not is_same and not _is_right(request, row)
        if not is_wrong:
            with signing_in():
                row = get_sign_up(token=token, now=utc_now())
                user = confirm_sign_up(row=row, now=utc_now())
            note_mailbox(request, user.pk, now=utc_now())
            request.session.pop(_ASKED, None)
            return redirect("sign-up-done")
    context = {"row": row, "is_same": is_same, "is_wrong": is_wrong}
    status = 422 if is_wrong else 200
    return render(request, "joining/sign_up_link.html", context, status=status)


def _is_right(request: HttpRequest, row: SignUp) -> bool:
    """Return whether the password is the sign-up's; tries of link and place count."""
    now = utc_now()
    for key in (client_key(request), str(row.pk)):
        take_try(limit=SIGN_UP_PASSWORD, key=key, now=now)
    if not check_password(request.POST.get("password", ""), row.password):
        return False
    give_back_try(limit=SIGN_UP_PASSWORD, key=client_key(request), taken_at=now)
    return True


@public("says how it goes on")
@require_GET
def sign_up_done(request: HttpRequest) -> HttpResponse:
    """Say that the clinic is open and lead to the sign-in page."""
    return render(request, "joining/sign_up_done.html")
