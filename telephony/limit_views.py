"""Settings: whose calls one member sees."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import PageRequest, page
from accounts.errors import LimitsNotYoursError, OwnLimitsError
from accounts.limit_choices import get_named, offer_choices
from accounts.limits import granted_to
from accounts.permissions import Permission
from accounts.selectors.members import get_member
from accounts.services.limit_member import limit_member
from accounts.services.note_refusals import note_refusals
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from sondervoice.kernel.clock import utc_now


@page(Permission.MEMBERS_MANAGE)
@require_http_methods(["GET", "POST"])
def member_limits(request: PageRequest, membership_id: UUID) -> HttpResponse:
    """Show and set the places and receptionists whose calls a member sees."""
    member = get_member(actor=request.actor, membership_id=membership_id)
    if request.method == "POST":
        with note_refusals(
            request.actor,
            of=(LimitsNotYoursError, OwnLimitsError),
            subject_kind="membership",
            subject_id=membership_id,
        ):
            limit_member(
                actor=request.actor,
                membership_id=membership_id,
                to=_chosen(request),
                now=utc_now(),
            )
        messages.success(request, "Saved. The person signs in again.")
        return redirect("people")
    granted = granted_to(member.user_id)
    context = {
        "member": member,
        "offers": offer_choices(actor=request.actor),
        "is_limited": member.is_limited,
        "granted": {str(one) for ids in granted.values() for one in ids},
    }
    return draw_settings(
        request, "telephony/member_limits.html", context, here="people"
    )


def _chosen(request: PageRequest) -> list[Model] | None:
    """Return the rows that were ticked; None for all calls.

    Raises:
        LimitNotFoundError: If one is not this clinic's, or gone meanwhile.
    """
    if request.POST.get("sees") == "all":
        return None
    return get_named([read_id(text) for text in request.POST.getlist("only")])
