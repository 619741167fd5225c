"""What operators do: one POST each, one service each, back to where it was done."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.operators.desk import person_with_address
from accounts.operators.door import reading_for
from accounts.operators.forms import AddressForm, ReasonForm
from accounts.operators.open_visits import end_open_visits
from accounts.operators.selectors.grants import has_live_grant
from accounts.operators.services.approve_grant import approve_grant
from accounts.operators.services.ask_grant import ask_grant
from accounts.operators.services.end_grant import end_grant
from accounts.operators.services.set_active import set_active
from accounts.operators.tokens import Purpose
from sondervoice.kernel.clock import utc_now

GRANT = "admin:operators_operatorgrant_change"
PERSON = "admin:accounts_user_change"
CLINIC = "admin:accounts_organization_change"


def say_errors(request: HttpRequest, form: Form) -> None:
    """Tell what is missing, on the page they come back to."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))


@require_POST
def find_person(request: PageRequest) -> HttpResponse:
    """Go to the person with this address."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return redirect("admin:index")
    found = person_with_address(form.cleaned_data["email"])
    if found is None:
        messages.error(request, "Nobody has this address. Check for missing letters.")
        return redirect("admin:index")
    return redirect(PERSON, found)


@require_POST
def grant_ask(request: PageRequest, user_id: UUID) -> HttpResponse:
    """Ask that a person be an operator."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return redirect(PERSON, user_id)
    grant = ask_grant(
        operator_id=request.user.pk,
        user_id=user_id,
        reason=form.cleaned_data["reason"],
        now=utc_now(),
    )
    messages.success(request, "Asked. Another operator approves it on this page.")
    return redirect(GRANT, grant.pk)


@require_POST
def grant_approve(request: PageRequest, grant_id: UUID) -> HttpResponse:
    """Approve a grant as the second person."""
    approve_grant(operator_id=request.user.pk, grant_id=grant_id, now=utc_now())
    messages.success(request, "Approved. It ends by itself in eight hours.")
    return redirect(GRANT, grant_id)


@require_POST
def grant_end(request: PageRequest, grant_id: UUID) -> HttpResponse:
    """End a grant."""
    me, now = request.user.pk, utc_now()
    with reading_for(request, Purpose.GRANTS):
        grant = end_grant(operator_id=me, grant_id=grant_id, now=now)
        if not has_live_grant(user_id=grant.user_id, now=now):
            end_open_visits(operator_id=me, of_user_id=grant.user_id, now=now)
    if grant.user_id == me:
        # The operators' pages are not there for them any more.
        return redirect("clinics")
    messages.success(request, "Ended. They have no operator's pages any more.")
    return redirect(GRANT, grant_id)


@require_POST
def person_open(request: PageRequest, user_id: UUID) -> HttpResponse:
    """Open a person's account again."""
    set_active(operator_id=request.user.pk, user_id=user_id, is_active=True)
    messages.success(request, "Open again. They can sign in.")
    return redirect(PERSON, user_id)
