"""What operators do about sessions at clinics."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.operators.acts import CLINIC, say_errors
from accounts.operators.errors import OverError
from accounts.operators.forms import AskSessionForm
from accounts.operators.selectors.sessions import find_live_session
from accounts.operators.services.approve_session import approve_session
from accounts.operators.services.ask_session import Ask, ask_session
from accounts.operators.services.end_session import end_session
from accounts.operators.services.start_session import start_session
from accounts.operators.visit import begin_visit, leave_visit
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now

SESSION = "admin:operators_operatorsession_change"


@require_POST
def session_ask(request: PageRequest, organization_id: UUID) -> HttpResponse:
    """Ask to look at a clinic."""
    form = AskSessionForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return redirect(CLINIC, organization_id)
    said = form.cleaned_data
    ask = Ask(
        organization_id=organization_id,
        reason=said["reason"],
        ticket=said["ticket"],
        minutes=said["minutes"],
        as_member_id=said["as_member"],
    )
    session = ask_session(operator=request.user, ask=ask, now=utc_now())
    messages.success(request, "Asked. Another operator approves it on this page.")
    return redirect(SESSION, session.pk)


@require_POST
def session_approve(
    request: PageRequest, organization_id: UUID, session_id: UUID
) -> HttpResponse:
    """Approve a session as the second person."""
    approve_session(
        operator=request.user,
        organization_id=organization_id,
        session_id=session_id,
        now=utc_now(),
    )
    messages.success(request, "Approved. Who asked for it can start it now.")
    return redirect(SESSION, session_id)


@require_POST
def session_start(
    request: PageRequest, organization_id: UUID, session_id: UUID
) -> HttpResponse:
    """Start the minutes and go to the clinic; its owners get a letter."""
    session = start_session(
        operator_id=request.user.pk,
        organization_id=organization_id,
        session_id=session_id,
        now=utc_now(),
    )
    begin_visit(request, session)
    return redirect("start")


@require_POST
def session_enter(
    request: PageRequest, organization_id: UUID, session_id: UUID
) -> HttpResponse:
    """Go to the clinic again while the minutes run.

    Raises:
        OverError: If they do not, or it is another operator's session.
    """
    with tenancy.scope(organization_id):
        session = find_live_session(
            session_id=session_id, operator_id=request.user.pk, now=utc_now()
        )
    if session is None:
        raise OverError
    begin_visit(request, session)
    return redirect("start")


@require_POST
def session_end(
    request: PageRequest, organization_id: UUID, session_id: UUID
) -> HttpResponse:
    """End a session, or take back what was asked."""
    end_session(
        operator_id=request.user.pk,
        organization_id=organization_id,
        session_id=session_id,
        now=utc_now(),
    )
    leave_visit(request)
    messages.success(request, "Ended. The clinic sees when, and how many requests.")
    return redirect(SESSION, session_id)
