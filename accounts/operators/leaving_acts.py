"""What operators do when a colleague leaves."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.operators.door import reading_for
from accounts.operators.far_keys import end_far_keys
from accounts.operators.models import LeavingStep
from accounts.operators.open_visits import end_open_visits
from accounts.operators.services.begin_leaving import begin_leaving
from accounts.operators.services.confirm_step import confirm_step
from accounts.operators.services.settle_step import close_leaving, settle_step
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose
from sondervoice.kernel.clock import utc_now

LEAVING = "admin:operators_leaving_change"


@require_POST
def leaving_begin(request: PageRequest, user_id: UUID) -> HttpResponse:
    """End the person's power and begin the list."""
    me, now = request.user.pk, utc_now()
    begun = begin_leaving(operator_id=me, user_id=user_id, now=now)
    with reading_for(request, Purpose.LEAVING):
        end_open_visits(
            operator_id=me, of_user_id=user_id, with_approvals=True, now=now
        )
        end_far_keys(operator_id=me, of_user_id=user_id, now=now)
    if begun.gateway_token:
        context = {
            **operator_site.each_context(request),
            "title": "A colleague leaves",
            "leaving": begun.leaving,
            "gateway_token": begun.gateway_token,
        }
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(
            request, "operators/leaving_begun.html", context, headers=headers
        )
    messages.success(request, "Their access is over. Now rotate what they knew.")
    return redirect(LEAVING, begun.leaving.pk)


@require_POST
def step_settle(request: PageRequest, leaving_id: UUID, step_id: UUID) -> HttpResponse:
    """Say what was done about one secret."""
    is_rotated = request.POST.get("outcome") == LeavingStep.Outcome.ROTATED
    reason = request.POST.get("reason", "").strip()[:200]
    if not is_rotated and not reason:
        messages.error(request, "Write why this secret stays as it is.")
        return redirect(LEAVING, leaving_id)
    outcome = LeavingStep.Outcome
    step = settle_step(
        operator_id=request.user.pk,
        step_id=step_id,
        outcome=outcome.ROTATED if is_rotated else outcome.KEPT,
        reason=reason,
        now=utc_now(),
    )
    messages.success(
        request, f"{step.secret} is settled. Another operator confirms it."
    )
    return redirect(LEAVING, leaving_id)


@require_POST
def step_confirm(request: PageRequest, leaving_id: UUID, step_id: UUID) -> HttpResponse:
    """Confirm what another operator did about one secret."""
    step = confirm_step(operator_id=request.user.pk, step_id=step_id, now=utc_now())
    messages.success(request, f"{step.secret} is confirmed.")
    return redirect(LEAVING, leaving_id)


@require_POST
def leaving_close(request: PageRequest, leaving_id: UUID) -> HttpResponse:
    """Close the list once nothing on it is open."""
    close_leaving(operator_id=request.user.pk, leaving_id=leaving_id, now=utc_now())
    messages.success(request, "Closed. Everything they knew is settled.")
    return redirect(LEAVING, leaving_id)
