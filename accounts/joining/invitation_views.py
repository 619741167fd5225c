"""Accept an invitation: the page behind the link of its letter."""

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public
from accounts.joining.errors import LinkDeadError
from accounts.joining.forms import NewPersonForm
from accounts.joining.selectors.invitations import OpenInvitation, get_open_invitation
from accounts.joining.services.accept_invitation import join_as_known, join_as_new
from accounts.models import User
from accounts.second_factor.mailbox import note_mailbox
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now


@public("the one-time link of a letter")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites, and let in whoever is invited when the form is sent.

    Raises:
        LinkDeadError: If the link is dead, or the form is sent by somebody else.
    """
    with signing_in():
        found = get_open_invitation(token=token, now=utc_now())
    if found.person is None and not request.user.is_authenticated:
        return _new_person(request, found, token)
    if request.method == "POST":
        return _known_person(request, token)
    return _draw(request, found)


def _new_person(
    request: HttpRequest, found: OpenInvitation, token: str
) -> HttpResponse:
    form = NewPersonForm(request.POST or None, email=found.row.email)
    if request.method != "POST" or not form.is_valid():
        return _draw(request, found, form=form)
    # Outside the transaction: a hash waits for those before it.
    hashed = make_password(form.cleaned_data["password"])
    with signing_in():
        user = join_as_new(
            invitation=get_open_invitation(token=token, now=utc_now()),
            full_name=form.cleaned_data["full_name"],
            hashed_password=hashed,
            now=utc_now(),
        )
    note_mailbox(request, user.pk, now=utc_now())
    return redirect("invitation-done")


def _known_person(request: HttpRequest, token: str) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        raise LinkDeadError
    with signing_in():
        found = get_open_invitation(token=token, now=utc_now())
        join_as_known(invitation=found, user=user, now=utc_now())
    # What the session may do has changed, so it goes on under another id.
    request.session.cycle_key()
    note_mailbox(request, user.pk, now=utc_now())
    messages.success(request, f"You belong to {found.clinic.name} now.")
    return redirect("clinics")


def _draw(
    request: HttpRequest, found: OpenInvitation, *, form: NewPersonForm | None = None
) -> HttpResponse:
    user = request.user
    context = {
        "invitation": found,
        "form": form,
        "is_theirs": found.person is not None and user == found.person,
        "is_somebody_else": user.is_authenticated and user != found.person,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "joining/invitation.html", context, status=status)


@public("says how it goes on")
@require_GET
def invitation_done(request: HttpRequest) -> HttpResponse:
    """Say that the account is made and lead to the sign-in page."""
    return render(request, "joining/invitation_done.html")
