"""What telephony puts around every page: whether we answer, and what waits."""

from typing import Any

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.closing.selectors.standing import takes_calls
from sondervoice.kernel.clock import utc_now
from telephony.models import PhoneNumber
from telephony.selectors.calls import count_new_messages


def phone_around(actor: Actor) -> dict[str, Any]:
    """Return whether any number of the clinic is answered, and messages not handled."""
    return {
        "is_answering": PhoneNumber.objects.filter(
            agent_version__agent__is_answering=True
        ).exists()
        and takes_calls(now=utc_now()),
        "new_messages": count_new_messages(actor=actor)
        if actor.may(Permission.MESSAGES_VIEW)
        else 0,
    }
