"""One member: another role, letting go, taking back; and going oneself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PageRequest, member_page, page
from accounts.joining.forms import ClinicNameForm, RoleForm, options
from accounts.joining.selectors.people import (
    get_own_membership,
    shape_member,
)
from accounts.joining.services.change_member import (
    change_role,
    leave_clinic,
    let_go,
    take_back,
)
from accounts.machines.selectors.member_keys import member_keys
from accounts.models import Membership, User
from accounts.permissions import Permission
from accounts.roles.refusals import refusals_noted
from accounts.roles.selectors.standings import (
    count_owners,
    list_choices,
    role_of_row,
    standing_of_member,
)
from accounts.selectors.members import get_membership
from accounts.services.keep_session import keep_session
from accounts.services.open_clinic import CHOSEN
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from accounts.way_in import organizations_for_user
from sondervoice.kernel.clock import utc_now


@page(Permission.MEMBERS_MANAGE)
@require_GET
def member(request: PageRequest, membership_id: UUID) -> HttpResponse:
    """Show one member and what can be changed."""
    found = get_membership(actor=request.actor, membership_id=membership_id)
    return _draw(request, found)


def _draw(
    request: PageRequest, found: Membership, *, form: RoleForm | None = None
) -> HttpResponse:
    row = shape_member(found, request.actor)
    owners = count_owners(besides=found.user_id)
    choices = list_choices(
        actor=request.actor,
        before=standing_of_member(found),
        owners=owners,
        now=utc_now(),
    )
    standing = role_of_row(found)
    context: dict[str, Any] = {
        "member": row,
        "form": form,
        "keys": member_keys(actor=request.actor, user_id=found.user_id, now=utc_now()),
        "roles": options(choices),
        "chosen": str(standing.custom_role_id or standing.role.value),
        "is_last_owner": standing.is_owner and owners == 0,
        "is_owner": standing.is_owner,
        "is_out_of_reach": standing.is_owner and request.actor.role != standing.role,
    }
    status = 200 if form is None else 422
    return draw_settings(
        request, "joining/member.html", context, here="people", status=status
    )


@page(Permission.MEMBERS_MANAGE)
@require_POST
def give_role(request: PageRequest, membership_id: UUID) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        found = get_membership(actor=request.actor, membership_id=membership_id)
        return _draw(request, found, form=form)
    with _noted(request, membership_id):
        change_role(
            actor=request.actor,
            membership_id=membership_id,
            role=form.cleaned_data["role"],
            now=utc_now(),
            keep_keys=_kept_keys(request),
        )
    messages.success(request, "Role changed. The person signs in again.")
    return redirect("people")


@page(Permission.MEMBERS_MANAGE)
@require_http_methods(["GET", "POST"])
def dismiss(request: PageRequest, membership_id: UUID) -> HttpResponse:
    """Ask whether to let a member go; let them go when the form is sent."""
    found = get_membership(actor=request.actor, membership_id=membership_id)
    if request.method == "POST":
        with _noted(request, membership_id):
            let_go(
                actor=request.actor,
                membership_id=membership_id,
                now=utc_now(),
                keep_keys=_kept_keys(request),
            )
        messages.success(request, "Let go. All their sessions have ended.")
        return redirect("people")
    context = {
        "member": shape_member(found, request.actor),
        "keys": member_keys(actor=request.actor, user_id=found.user_id, now=utc_now()),
    }
    return draw_settings(request, "joining/let_go.html", context, here="people")


@page(Permission.MEMBERS_MANAGE)
@require_POST
def restore(request: PageRequest, membership_id: UUID) -> HttpResponse:
    """Take back somebody who was let go."""
    with _noted(request, membership_id):
        take_back(actor=request.actor, membership_id=membership_id, now=utc_now())
    messages.success(request, "Taken back, in the role they had.")
    return redirect("people")


@member_page("whoever belongs to a clinic may leave it")
@require_http_methods(["GET", "POST"])
def leave(request: PageRequest) -> HttpResponse:
    """Ask for the clinic's name; go when it is typed, and say so.

    Who belongs to another clinic goes on there; all others are signed out. Who must
    show a second factor shows it first: a password alone ends no membership.
    """
    if request.actor.asks_for is not None:
        return redirect("start")
    own = get_own_membership(actor=request.actor)
    clinic = request.organization
    form = ClinicNameForm(request.POST or None, clinic_name=clinic.name)
    if request.method == "POST" and form.is_valid():
        with _noted(request, own.pk):
            leave_clinic(actor=request.actor, now=utc_now())
        return _go_on(request)
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "clinic": clinic,
        "has_others": request.clinic_count > 1,
        "is_last_owner": role_of_row(own).is_owner
        and count_owners(besides=own.user_id) == 0,
        "keys": member_keys(
            actor=request.actor, user_id=request.actor.id, now=utc_now()
        ),
    }
    return draw_settings(
        request, "joining/leave.html", context, here="people", status=status
    )


def _go_on(request: PageRequest) -> HttpResponse:
    """Lead who has left to their other clinics, or sign them out where there is none.

    Signing out writes to the record of each clinic there is, which only somebody with
    none can do while the scope of the one that was left is open.
    """
    clinic = request.organization
    if not organizations_for_user(request.user.pk):
        logout(request)
        return render(request, "joining/left.html", {"clinic": clinic})
    epoch = User.objects.values_list("session_epoch", flat=True).get(pk=request.user.pk)
    keep_session(request, epoch=epoch)
    request.session.pop(CHOSEN, None)
    messages.success(request, f"You have left {clinic.name}.")
    return redirect("clinics")


def _kept_keys(request: PageRequest) -> frozenset[UUID]:
    """Return the keys that were shown, once the tick is taken away; all others end."""
    if "end_keys" in request.POST:
        return frozenset()
    shown = map(read_id, request.POST.getlist("keys_shown"))
    return frozenset(key_id for key_id in shown if key_id is not None)


def _noted(request: PageRequest, membership_id: UUID) -> Any:
    return refusals_noted(
        request.actor, subject_kind="membership", subject_id=membership_id
    )
