"""Who may use the REST API: the word on each view.

It imports no view: REST framework reads this file while it defines its own.
"""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor

if TYPE_CHECKING:
    from rest_framework.views import APIView


class HasDeclaredPermission(BasePermission):
    """Lets an actor through who holds the view's `permission`; no word, no way."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return whether the view's permission is the actor's."""
        wanted = getattr(view, "permission", None)
        actor = request.user
        return isinstance(actor, Actor) and wanted is not None and actor.may(wanted)
