"""What one operator asks for and a second one lets happen, and what leads to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.entitlements import Plan
from accounts.models import User
from accounts.operators.acts import CLINIC, PERSON, say_errors
from accounts.operators.desk import person_with_address
from accounts.operators.door import reading_for
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.forms import PlanForm, ReasonForm
from accounts.operators.models import OperatorAct
from accounts.operators.reading import rows_of
from accounts.operators.services.approve_act import approve_act, end_act
from accounts.operators.services.ask_act import ActAsk, ask_act
from accounts.operators.services.set_plan import is_smaller_plan, set_plan
from accounts.operators.tokens import Purpose
from sondervoice.kernel.clock import utc_now

ACT = "admin:operators_operatoract_change"


def ask(
    request: PageRequest,
    form: Form,
    find: Callable[[dict[str, Any]], ActAsk | None],
    *,
    back: str,
) -> HttpResponse:
    """Ask for what a form says, and go to the page where another operator approves it.

    Args:
        find: Returns what is asked for from what the form says, or None once it has
            told why that cannot be.
        back: The address they come from; they are told there what is missing.
    """
    if not form.is_valid():
        say_errors(request, form)
        return redirect(back)
    wanted = find(form.cleaned_data)
    if wanted is None:
        return redirect(back)
    act = ask_act(operator=request.user, ask=wanted, now=utc_now())
    messages.success(request, "Asked. Another operator approves it on this page.")
    return redirect(ACT, act.pk)


def find_open_person(request: HttpRequest, address: str) -> UUID | None:
    """Return whose confirmed address it is, or None and say so."""
    found = person_with_address(address)
    if found is not None:
        with reading_for(request, Purpose.PEOPLE):
            people = rows_of(User).filter(pk=found, is_active=True)
            if people.filter(email_verified_at__isnull=False).exists():
                return found
    messages.error(request, "Nobody with an open account has confirmed this address.")
    return None


@require_POST
def plan_set(request: PageRequest, organization_id: UUID) -> HttpResponse:
    """Set the clinic's plan; ask for it if the clinic would lose something."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return redirect(CLINIC, organization_id)
    plan = Plan(form.cleaned_data["plan"])
    if is_smaller_plan(organization_id=organization_id, plan=plan):
        return _ask_smaller_plan(request, organization_id, plan)
    set_plan(operator_id=request.user.pk, organization_id=organization_id, plan=plan)
    messages.success(request, f"The clinic is on the plan {plan.value.capitalize()}.")
    return redirect(CLINIC, organization_id)


def _ask_smaller_plan(
    request: PageRequest, organization_id: UUID, plan: Plan
) -> HttpResponse:
    def wanted(said: dict[str, Any]) -> ActAsk:
        return ActAsk(
            kind=OperatorAct.Kind.PLAN_LOWER,
            organization_id=organization_id,
            plan=plan,
            reason=said["reason"],
        )

    form = ReasonForm(request.POST)
    return ask(request, form, wanted, back=reverse(CLINIC, args=[organization_id]))


@require_POST
def person_close(request: PageRequest, user_id: UUID) -> HttpResponse:
    """Ask that a person's account be closed.

    Raises:
        OperatorThingNotFoundError: If there is no such person.
    """

    def wanted(said: dict[str, Any]) -> ActAsk:
        with reading_for(request, Purpose.PEOPLE):
            if not rows_of(User).filter(pk=user_id).exists():
                raise OperatorThingNotFoundError
        return ActAsk(
            kind=OperatorAct.Kind.PERSON_CLOSE, user_id=user_id, reason=said["reason"]
        )

    form = ReasonForm(request.POST)
    return ask(request, form, wanted, back=reverse(PERSON, args=[user_id]))


@require_POST
def act_approve(request: PageRequest, act_id: UUID) -> HttpResponse:
    """Let it happen, as the second person."""
    with reading_for(request, Purpose.ACTS):
        approve_act(operator=request.user, act_id=act_id, now=utc_now())
    messages.success(request, "Done. Whom it concerns gets a letter.")
    return redirect(ACT, act_id)


@require_POST
def act_end(request: PageRequest, act_id: UUID) -> HttpResponse:
    """Take back what nobody has approved."""
    end_act(operator_id=request.user.pk, act_id=act_id, now=utc_now())
    messages.success(request, "Taken back. Nothing was done.")
    return redirect(ACT, act_id)
