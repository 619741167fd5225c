"""Numbers as programs are shown them: whole for who sees callers at once, else masked.

To reveal a caller takes a reason, which a program has no way to give.
"""

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.sealed import mask_e164


def shown_e164(e164: str, actor: Actor) -> str | None:
    """Return a number as the actor may see it, None when it was withheld."""
    shown = e164 if actor.may(Permission.CALLERS_VIEW) else mask_e164(e164)
    return shown or None
