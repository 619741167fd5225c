"""End everything a person is signed in with, by browser and by program."""

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.machines.services.end_family import end_own_families
from accounts.sessions.services.end_all_sessions import end_all_sessions


@transaction.atomic
def end_sign_ins(*, actor: Actor, now: datetime) -> None:
    """End the person's tokens, then their session; to be called outside any scope.

    Raises:
        PermissionMissingError: If the actor is a machine, which has none.
    """
    end_own_families(actor=actor, now=now)
    end_all_sessions(user_id=actor.id, now=now)
