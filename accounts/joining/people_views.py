"""The page People: who belongs to the clinic, and who is invited."""

from uuid import UUID

from django.contrib import messages
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
from accounts.joining.selectors.invitations import (
    get_waiting_invitation,
    list_invitations,
)
from accounts.joining.selectors.people import list_members
from accounts.joining.services.invite_person import DAYS_AT_MOST, invite_person
from accounts.joining.services.limit_invitation import limit_invitation
from accounts.joining.services.resend_invitation import (
    resend_invitation,
    withdraw_invitation,
)
from accounts.limit_choices import may_narrow, offer_choices
from accounts.limits_form import LimitsForm
from accounts.permissions import Permission
from accounts.roles.refusals import refusals_noted
from accounts.roles.selectors.standings import count_owners, list_choices
from accounts.settings_pages import draw_settings
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
        "may_narrow": may_narrow(request.actor),
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
    choices = list_choices(
        actor=request.actor,
        before=None,
        owners=count_owners(),
        now=utc_now(),
    )
    actor = request.actor
    context = {
        "form": form,
        # Who sees no calls gives no role that sees any.
        "offers": offer_choices(actor=actor) if may_narrow(actor) else [],
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
                to=form.chosen(),
            )
    except (AlreadyMemberError, AlreadyInvitedError) as error:
        form.add_error("email", str(error))
        return False
    except OwnerNotLimitedError as error:
        form.add_error("sees", str(error))
        return False
    return True


@page(Permission.MEMBERS_MANAGE)
@require_http_methods(["GET", "POST"])
def calls(request: PageRequest, invitation_id: UUID) -> HttpResponse:
    """Choose anew whose calls an invited person will see."""
    invitation = get_waiting_invitation(
        actor=request.actor, invitation_id=invitation_id, now=utc_now()
    )
    form = LimitsForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _chosen_anew(request, invitation_id, form)
    ):
        messages.success(request, "Saved. The link they have stays good.")
        return redirect("people")
    named = [str(one) for one in invitation.limited_to or ()]
    context = {
        "invitation": invitation,
        "form": form,
        "offers": offer_choices(actor=request.actor),
        "granted": form.ticked if form.is_bound else named,
        "is_limited": form.is_limited if form.is_bound else invitation.is_limited,
    }
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request, "joining/invitation_calls.html", context, here="people", status=status
    )


def _chosen_anew(request: PageRequest, invitation_id: UUID, form: LimitsForm) -> bool:
    """Save it; return False, with words beside the field, when it makes no sense."""
    try:
        with refusals_noted(
            request.actor, subject_kind="invitation", subject_id=invitation_id
        ):
            limit_invitation(
                actor=request.actor,
                invitation_id=invitation_id,
                to=form.chosen(),
                now=utc_now(),
            )
    except OwnerNotLimitedError as error:
        form.add_error("sees", str(error))
        return False
    return True


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
    with refusals_noted(
        request.actor, subject_kind="invitation", subject_id=invitation_id
    ):
        withdraw_invitation(
            actor=request.actor, invitation_id=invitation_id, now=utc_now()
        )
    messages.success(request, "Invitation withdrawn. Its link is dead.")
    return redirect("people")
