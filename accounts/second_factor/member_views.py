"""Letting a member set a second factor up anew."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import PageRequest, page, send_to_factor
from accounts.actors import Ask
from accounts.permissions import Permission
from accounts.second_factor.errors import FactorResetRefusedError
from accounts.second_factor.freshness import is_fresh
from accounts.second_factor.services.reset_member_factor import (
    reset_member_factor,
    why_not,
)
from accounts.selectors.members import get_member
from accounts.services.note_refusals import note_refusals
from accounts.settings_pages import draw_settings
from sondervoice.kernel.clock import utc_now


@page(Permission.MEMBERS_MANAGE)
@require_http_methods(["GET", "POST"])
def reset_factor(request: PageRequest, membership_id: UUID) -> HttpResponse:
    """Ask whether to take a member's factors away, and do it.

    Raises:
        FactorResetRefusedError: If it is not this person's to do.
        MemberNotFoundError: If there is no such member in this clinic.
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    member = get_member(actor=request.actor, membership_id=membership_id)
    now = utc_now()
    if request.method == "POST":
        with note_refusals(
            request.actor,
            of=(FactorResetRefusedError,),
            subject_kind="membership",
            subject_id=membership_id,
        ):
            reset_member_factor(
                actor=request.actor, membership_id=membership_id, now=now
            )
        return redirect(f"{request.path}?done=yes")
    is_done = "done" in request.GET and member.user.second_factor_since is None
    if not is_done and not is_fresh(request.actor.factor_at, now=now):
        return send_to_factor(request, Ask.SHOW_FACTOR)
    return draw_settings(
        request,
        "accounts/second_factor/member_reset.html",
        {
            "member": member,
            "is_done": is_done,
            "why_not": why_not(actor=request.actor, member=member),
        },
        here="people",
    )
