"""Tokens of people, over REST: sign in, go on, leave, and look which there are."""

from types import MappingProxyType
from typing import Any, Final, cast
from uuid import UUID

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.client_address import client_address
from accounts.machines.models import TokenFamily
from accounts.machines.selectors.families import list_own_families
from accounts.machines.services.check_person import check_person, limit_refreshes
from accounts.machines.services.end_family import end_own_families, revoke_family
from accounts.machines.services.open_family import Coming, Pair, open_family
from accounts.machines.services.turn_family import turn_family
from accounts.machines.shapes import ENDED, FAMILY, PAIR, REFRESH, SIGN_IN
from accounts.rest import (
    ApiView,
    ClinicView,
    Json,
    Pages,
    Write,
    actor_of,
    read_idempotency_key,
)
from accounts.shapes import page_of

_NO_STORE: Final = {"Cache-Control": "no-store"}


class PublicView(ApiView):
    """Asks for no key and no token; a body is enough."""

    authentication_classes = ()
    permission_classes = ()


class TokenView(PublicView):
    """``POST /api/v1/token/``."""

    public_because = "people sign in here"
    writes = MappingProxyType(
        {
            "post": Write(
                name="TokenOpen",
                summary="Sign in: ends every other session and token of the person",
                takes=SIGN_IN,
                answers=PAIR,
                refuses=MappingProxyType(
                    {
                        401: "E-mail, password or one-time code is wrong.",
                        403: "A second factor must be set up first, or the clinic "
                        "signs in through its directory.",
                        404: "The person does not belong to this clinic.",
                        503: "Too many passwords wait to be checked.",
                    }
                ),
            )
        }
    )

    def post(self, request: Request) -> Response:
        """Return an access and a refresh token."""
        body = self.body(request)
        address = client_address(request)
        user = check_person(
            request=request._request,  # noqa: SLF001 -- backends want Django's
            email=body["email"],
            password=body["password"],
            address=address,
            now=self.now,
        )
        pair = open_family(
            user=user,
            organization_id=body.get("organization"),
            code=body.get("code", ""),
            coming=Coming(address=address, agent=request.headers.get("User-Agent", "")),
            now=self.now,
        )
        return Response(pair_json(pair), headers=_NO_STORE)


class RefreshView(PublicView):
    """``POST /api/v1/token/refresh/``."""

    public_because = "the refresh token says who comes"
    writes = MappingProxyType(
        {
            "post": Write(
                name="TokenRefresh",
                summary="Change a refresh token for a new pair; a used one ends all",
                takes=REFRESH,
                answers=PAIR,
                refuses=MappingProxyType({401: "The refresh token is not valid."}),
            )
        }
    )

    def post(self, request: Request) -> Response:
        """Return the next pair."""
        address = client_address(request)
        limit_refreshes(address=address, now=self.now)
        body = self.body(request)
        pair = turn_family(refresh=body["refresh"], address=address, now=self.now)
        return Response(pair_json(pair), headers=_NO_STORE)


class RevokeView(PublicView):
    """``POST /api/v1/token/revoke/``."""

    public_because = "the refresh token says who leaves"
    writes = MappingProxyType(
        {
            "post": Write(
                name="TokenRevoke",
                summary="Leave: the refresh token and all of its access tokens end",
                takes=REFRESH,
            )
        }
    )

    def post(self, request: Request) -> Response:
        """Answer 204, also to a token that is none of ours."""
        limit_refreshes(address=client_address(request), now=self.now)
        revoke_family(refresh=self.body(request)["refresh"], now=self.now)
        return Response(status=204, headers=_NO_STORE)


class IsPerson(BasePermission):
    """Lets people through, and no machine."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether a person asks."""
        return isinstance(request.user, Actor) and request.user.kind == "user"


class FamilyListView(ClinicView):
    """``GET`` and ``DELETE /api/v1/tokens/``."""

    public_because = "people see and end their own tokens"
    permission_classes = (IsPerson,)
    summary = "Your own tokens that live, in every clinic"
    answers = page_of(FAMILY)
    orderings = (("-used_at", "-id"), ("used_at", "id"))
    writes = MappingProxyType(
        {
            "delete": Write(
                name="TokensEndAll",
                summary="End all of your tokens, the one that asks too",
                answers=ENDED,
            )
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the person's tokens."""
        found = list_own_families(actor=actor, now=self.now)
        current = cast("UUID", request.auth)
        return Pages(*self.orderings).answer(
            request, found, lambda family: family_json(family, current)
        )

    def delete(self, request: Request, **ids: UUID) -> Response:
        """End all of them; see `FamilyView.delete`."""
        read_idempotency_key(request)
        count = end_own_families(actor=actor_of(request), now=self.now)
        return Response({"count": count}, headers=_NO_STORE)


class FamilyView(ClinicView):
    """``DELETE /api/v1/tokens/<id>/``."""

    public_because = "people end their own tokens"
    permission_classes = (IsPerson,)
    writes = MappingProxyType(
        {"delete": Write(name="TokensEnd", summary="End some of your tokens")}
    )

    def delete(self, request: Request, **ids: UUID) -> Response:
        """End these. Each clinic of the person is told, so no scope is open.

        An Idempotency-Key finds nobody who could send it again: who asks ends what they
        ask with, since a person has one living family.
        """
        read_idempotency_key(request)
        end_own_families(
            actor=actor_of(request), family_id=ids["family_id"], now=self.now
        )
        return Response(status=204, headers=_NO_STORE)


def pair_json(pair: Pair) -> Json:
    """Return the pair as JSON."""
    return {
        "access": pair.access,
        "access_expires_at": pair.access_until,
        "refresh": pair.refresh,
        "refresh_expires_at": pair.refresh_until,
    }


def family_json(family: TokenFamily, current: UUID) -> Json:
    """Return tokens as JSON; `current` is the family of whoever asks."""
    return {
        "id": family.id,
        "organization_id": family.organization_id,
        "is_current": family.id == current,
        "address": family.address,
        "agent": family.agent,
        "started_at": family.started_at,
        "used_at": family.used_at,
        "expires_at": family.expires_at,
    }
