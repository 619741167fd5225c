"""A person's own sign-ins, over REST: where they are signed in, and ending it all."""

from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.machines.people_shapes import SIGN_IN_SEEN
from accounts.machines.selectors.sign_ins import SignIn, list_own_sign_ins
from accounts.machines.services.end_sign_ins import end_sign_ins
from accounts.machines.token_api import IsPerson
from accounts.rest import ClinicView, Json, Write, actor_of, read_idempotency_key
from accounts.shapes import rows


class SessionListView(ClinicView):
    """``GET`` and ``DELETE /api/v1/sessions/``."""

    public_because = "people see and end their own sign-ins"
    permission_classes = (IsPerson,)
    summary = "Your own sign-ins of the last 30 days, newest first, 200 at most"
    answers = rows(SIGN_IN_SEEN)
    writes = MappingProxyType(
        {
            "delete": Write(
                name="SessionsEndAll",
                summary="End all your sessions and tokens, the one that asks too",
            )
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the sign-ins."""
        found = list_own_sign_ins(actor=actor, now=self.now)
        here = cast("UUID", request.auth)
        return [sign_in_json(one, here) for one in found]

    def delete(self, request: Request, **ids: UUID) -> Response:
        """End everything. It concerns each clinic of the person, so no scope is open.

        An Idempotency-Key finds nobody who could send it again.
        """
        read_idempotency_key(request)
        end_sign_ins(actor=actor_of(request), now=self.now)
        return Response(status=204, headers={"Cache-Control": "no-store"})


def sign_in_json(found: SignIn, here: UUID) -> Json:
    """Return the sign-in as JSON; `here` is the family of the token that asks."""
    return {
        "id": found.id,
        "kind": found.kind,
        "is_current": found.id == here,
        "is_open": found.is_open,
        "device": found.device,
        "address": found.address,
        "started_at": found.started_at,
        "last_seen_at": found.last_seen_at,
        "ended_at": found.ended_at,
    }
