"""A clinic that has lost its owner: one operator names another, a second approves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.models import Organization
from accounts.operators.acts import CLINIC
from accounts.operators.acts_of_two import ask, find_open_person
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.forms import OwnerForm
from accounts.operators.models import OperatorAct
from accounts.operators.selectors.ownership import why_no_owner_is_given
from accounts.operators.services.ask_act import ActAsk
from sondervoice.kernel import tenancy


@require_POST
def owner_appoint(request: PageRequest, organization_id: UUID) -> HttpResponse:
    """Ask that a person own a clinic that has no owner any more.

    Raises:
        OperatorThingNotFoundError: If there is no such clinic.
        SamePersonError: If they ask for themselves.
    """

    def wanted(said: dict[str, Any]) -> ActAsk | None:
        with tenancy.scope(organization_id):
            if not Organization.objects.filter(pk=organization_id).exists():
                raise OperatorThingNotFoundError
            refusal = why_no_owner_is_given()
        if refusal is not None:
            messages.error(request, str(refusal))
            return None
        user_id = find_open_person(request, said["email"])
        if user_id is None:
            return None
        return ActAsk(
            kind=OperatorAct.Kind.OWNER_APPOINT,
            organization_id=organization_id,
            user_id=user_id,
            reason=said["reason"],
        )

    form = OwnerForm(request.POST)
    return ask(request, form, wanted, back=reverse(CLINIC, args=[organization_id]))
