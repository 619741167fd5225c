"""The page People: who belongs to the clinic, and who is invited."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PageRequest, page
from accounts.joining.errors import (
    AlreadyInvitedError,
    AlreadyMemberError,
    OwnerNotLimitedError,
)
from accounts.joining.forms import InviteForm, options
from accounts.joining.looks import note_people_viewed
from accounts.joining.selectors.invitations import list_invitations
from accounts.joining.selectors.people import list_members
from accounts.joining.services.invite_person import DAYS_AT_MOST, invite_person
from accounts.joining.services.resend_invitation import (
    resend_invitation,
    withdraw_invitation,
)
from accounts.limit_choices import get_named, offer_choices
from accounts.permissions import Permission
from accounts.roles.refusals import refusals_noted
from accounts.roles.selectors.standings import count_owners, list_choices
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from sondervoice.kernel.clock import utc_now


@page(Permission.MEMBERS_VIEW)
@require_GET
def people(request: PageRequest) -> HttpResponse:
    """Show members, invitations, and those who were let go."""
    actor, now = request.actor, utc_now()
    members = list_members(actor=actor)
    past = list_members(actor=actor, are_past=True)
    invitations = list_invitations(actor=actor)
    note_people_viewed(
        actor=actor, members=len(members) + len(past), invitations=len(invitations)
    )
    context = {
        "members": members,
        "past": past,
        "invitations": [(one, one.is_open(now=now)) for one in invitations],
        "may_manage": request.actor.may(Permission.MEMBERS_MANAGE),
    }
    return draw_settings(request, "joining/people.html", context, here="people")


@page(Permission.MEMBERS_MANAGE)
@require_http_methods(["GET", "POST"])
def invite(request: PageRequest) -> HttpResponse:
    """Ask whom to invite, then invite them."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invited(request, form):
        messages.success(request, "Invitation sent.")
        return redirect("people")
    choices = list_choices(actor=request.actor, before=None, owners=count_owners())
    may_narrow = request.actor.may(Permission.CALLS_VIEW) and request.actor.may(
        Permission.MEMBERS_VIEW
    )
    context = {
        "form": form,
        # Who sees no calls gives no role that sees any.
        "offers": offer_choices(actor=request.actor) if may_narrow else [],
        "granted": form.ticked,
        "is_limited": form.is_limited,
        "roles": [("", "Choose a role"), *options(choices)],
        "days_at_most": DAYS_AT_MOST,
    }
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request, "joining/invite.html", context, here="people", status=status
    )


def _invited(request: PageRequest, form: InviteForm) -> bool:
    """Invite; return False, with words beside the field, when that makes no sense."""
    found = form.cleaned_data
    try:
        with refusals_noted(request.actor, subject_kind="invitation", subject_id=None):
            invite_person(
                actor=request.actor,
                email=found["email"],
                role=found["role"],
                days=found["days"],
                now=utc_now(),
                to=_chosen(form),
            )
    except (AlreadyMemberError, AlreadyInvitedError) as error:
        form.add_error("email", str(error))
        return False
    except OwnerNotLimitedError as error:
        form.add_error("sees", str(error))
        return False
    return True


def _chosen(form: InviteForm) -> list[Model] | None:
    """Return the rows that were ticked; None for all calls.

    Raises:
        LimitNotFoundError: If one is not this clinic's, or gone meanwhile.
    """
    if not form.is_limited:
        return None
    return get_named([read_id(text) for text in form.ticked])


@page(Permission.MEMBERS_MANAGE)
@require_POST
def resend(request: PageRequest, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, with a new link."""
    with refusals_noted(
        request.actor, subject_kind="invitation", subject_id=invitation_id
    ):
        resend_invitation(
            actor=request.actor, invitation_id=invitation_id, now=utc_now()
        )
    messages.success(request, "Sent again. The link of the first letter is dead.")
    return redirect("people")


@page(Permission.MEMBERS_MANAGE)
@require_POST
def withdraw(request: PageRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    withdraw_invitation(actor=request.actor, invitation_id=invitation_id, now=utc_now())
    messages.success(request, "Invitation withdrawn. Its link is dead.")
    return redirect("people")
