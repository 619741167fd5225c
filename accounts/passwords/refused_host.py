"""Answers a request that names a host of somebody else's; on a reset it is a trick."""

from django.core.exceptions import DisallowedHost
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.defaults import bad_request

from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import RESET_CLIENT
from accounts.guessing.services.take_try import take_try
from accounts.passwords.sign_in_tries import client_key
from sondervoice.kernel import audit
from sondervoice.kernel.clock import utc_now


def refuse(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400; write down who wanted a link to another host, within the limit."""
    wants_letter = request.method == "POST" and request.path_info == reverse(
        "password-reset"
    )
    if isinstance(exception, DisallowedHost) and wants_letter:
        _note(request)
    return bad_request(request, exception)


@transaction.atomic
def _note(request: HttpRequest) -> None:
    try:
        take_try(limit=RESET_CLIENT, key=client_key(request), now=utc_now())
    except TooManyTriesError:
        return
    audit.record(
        audit.Entry(
            action="accounts.password_reset.refused",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="user",
            subject_id=None,
        )
    )
