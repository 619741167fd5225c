"""Finds in a refused request what was asked for or sent, for the record."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.bodies import UnknownFieldsError
from accounts.machines.services.note_not_theirs import note_not_theirs
from accounts.machines.services.note_unknown_fields import note_unknown_fields
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import NotFoundError

_KIND_AT_MOST: Final = 40


def watch_refusal(request: HttpRequest | Request | None, error: Exception) -> None:
    """Record a request for what is not there for its clinic; pass over all others.

    What the error says that a form or body named goes before the address.

    Args:
        request: Whose address may name a thing by its id, if there is one.
        error: What it is answered with.
    """
    if request is None or not isinstance(error, NotFoundError):
        return
    kind, thing_id = error.kind, error.thing_id
    if thing_id is None:
        kind, thing_id = _in_address(request, error)
    if thing_id is None:
        return
    # Asked for last: where nobody may be known yet, to ask is to refuse them.
    actor = request.user if isinstance(request, Request) else _actor(request)
    if isinstance(actor, Actor):
        note_not_theirs(
            actor=actor, kind=kind[:_KIND_AT_MOST], thing_id=thing_id, now=utc_now()
        )


def watch_fields(request: Request | None, error: Exception) -> None:
    """Record a body with fields that nothing knows; pass over all other errors.

    Args:
        request: Whose sender is somebody of a clinic, or is passed over.
        error: What it is answered with.
    """
    if request is None or not isinstance(error, UnknownFieldsError):
        return
    if isinstance(request.user, Actor):
        note_unknown_fields(actor=request.user, count=error.count, now=utc_now())


def _in_address(
    request: HttpRequest | Request, error: NotFoundError
) -> tuple[str, UUID | None]:
    """Return kind and id of the thing that the error can be about."""
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if error.sought_by is not None and name not in error.sought_by:
            continue
        if isinstance(value, UUID):
            return name.removesuffix("_id"), value
    return "", None


def _actor(request: HttpRequest) -> object:
    return getattr(request, "actor", None)
