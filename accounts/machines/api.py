"""Keys of machines, over REST."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.machines.networks import NetworkError, read_networks
from accounts.machines.selectors.keys import get_key, list_keys
from accounts.machines.services.end_key import end_key
from accounts.machines.services.make_key import LONGEST_LIFE, KeyWish, make_key
from accounts.machines.shapes import KEY, KEY_WISH, NEW_KEY
from accounts.models import ApiKey
from accounts.permissions import Permission
from accounts.rest import ClinicView, Json, Pages, Write
from accounts.shapes import page_of


class KeyListView(ClinicView):
    """``GET`` and ``POST /api/v1/keys/``."""

    permission = Permission.KEYS_VIEW
    summary = "Keys, newest first; those that ended too"
    answers = page_of(KEY)
    orderings = (("-created_at", "-id"), ("created_at", "id"))
    writes = MappingProxyType(
        {
            "post": Write(
                name="KeyMake",
                summary="Make a key; its secret is given this once",
                permission=Permission.KEYS_MANAGE,
                takes=KEY_WISH,
                answers=NEW_KEY,
                status=201,
            )
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of keys."""
        return Pages(*self.orderings).answer(request, list_keys(actor=actor), key_json)

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Make a key.

        Raises:
            ValidationError: If its end or a network is not right.
        """
        if not self.now < body["expires_at"] <= self.now + LONGEST_LIFE:
            words = "must be ahead, within five years"
            raise ValidationError({"expires_at": [words]})
        try:
            networks = read_networks(body.get("networks", []))
        except NetworkError as error:
            raise ValidationError({"networks": [str(error)]}) from None
        wish = KeyWish(
            name=body["name"],
            scopes=body["scopes"],
            expires_at=body["expires_at"],
            networks=networks,
        )
        key, secret = make_key(actor=actor, wish=wish, now=self.now)
        return {**key_json(key), "secret": secret}


class KeyView(ClinicView):
    """``GET`` and ``DELETE /api/v1/keys/<id>/``."""

    permission = Permission.KEYS_VIEW
    summary = "One key"
    answers = KEY
    writes = MappingProxyType(
        {
            "delete": Write(
                name="KeyEnd",
                summary="End a key, from the next request on",
                permission=Permission.KEYS_MANAGE,
                answers=KEY,
            )
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the key."""
        return key_json(get_key(actor=actor, key_id=ids["key_id"]))

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """End the key and return it."""
        end_key(actor=actor, key_id=ids["key_id"], now=self.now)
        return key_json(get_key(actor=actor, key_id=ids["key_id"]))


def key_json(key: ApiKey) -> Json:
    """Return the key as JSON; nothing of its secret is known."""
    rule = getattr(key, "rule", None)
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "networks": rule.networks if rule else [],
        "made_by": rule.made_by_id if rule else None,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "ended_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
