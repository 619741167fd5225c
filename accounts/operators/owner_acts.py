"""A clinic that has lost its owner: one operator names another, a second approves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.models import Membership, Organization, User
from accounts.operators.acts import CLINIC
from accounts.operators.acts_of_two import ask, find_open_person
from accounts.operators.door import reading_for
from accounts.operators.errors import (
    OperatorOwnsNothingError,
    OperatorThingNotFoundError,
)
from accounts.operators.forms import OwnerForm
from accounts.operators.models import OperatorAct
from accounts.operators.reading import rows_of
from accounts.operators.selectors.ownership import (
    why_it_is_too_early,
    why_no_owner_is_given,
)
from accounts.operators.services.ask_act import ActAsk
from accounts.operators.tokens import Purpose
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import ConflictError


@require_POST
def owner_appoint(request: PageRequest, organization_id: UUID) -> HttpResponse:
    """Ask that a person own a clinic that has no owner any more.

    Raises:
        OperatorThingNotFoundError: If there is no such clinic.
        SamePersonError: If they ask for themselves.
    """

    def wanted(said: dict[str, Any]) -> ActAsk | None:
        refusal = _refusal(request, organization_id)
        user_id = None if refusal else find_open_person(request, said["email"])
        if user_id is not None and _is_operator(request, user_id):
            refusal = OperatorOwnsNothingError()
        if refusal is not None:
            messages.error(request, str(refusal))
        if refusal is not None or user_id is None:
            return None
        return ActAsk(
            kind=OperatorAct.Kind.OWNER_APPOINT,
            organization_id=organization_id,
            user_id=user_id,
            reason=said["reason"],
        )

    form = OwnerForm(request.POST)
    return ask(request, form, wanted, back=reverse(CLINIC, args=[organization_id]))


def _refusal(request: PageRequest, organization_id: UUID) -> ConflictError | None:
    """Return why the clinic is given no owner.

    Raises:
        OperatorThingNotFoundError: If there is no such clinic.
    """
    with reading_for(request, Purpose.ORGANIZATIONS), tenancy.scope(organization_id):
        if not rows_of(Organization).filter(pk=organization_id).exists():
            raise OperatorThingNotFoundError
        people = rows_of(Membership).filter(organization_id=organization_id)
        return why_no_owner_is_given(people) or why_it_is_too_early(now=utc_now())


def _is_operator(request: PageRequest, user_id: UUID) -> bool:
    with reading_for(request, Purpose.PEOPLE):
        return rows_of(User).filter(pk=user_id, is_staff=True).exists()
