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
    """Lets an actor through who holds the view's permission; no word, no way.

    A view's `permission` is that of looking; what changes something names its own in
    `writes`.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return whether the permission of this verb is the actor's."""
        write = getattr(view, "writes", {}).get(str(request.method).lower())
        wanted = getattr(view if write is None else write, "permission", None)
        actor = request.user
        return isinstance(actor, Actor) and wanted is not None and actor.may(wanted)
