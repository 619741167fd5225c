"""Write down one request of the API that has left no other row in its clinic's record.

What is asked for is named by the address's name; what was sent is not kept.
"""

from datetime import datetime
from http import HTTPMethod
from typing import Final

from accounts.actors import Actor
from accounts.machines.services.count_hit import is_first_hit
from sondervoice.kernel import audit, tenancy

_TOO_MANY: Final = 429


def note_request(
    *, actor: Actor, name: str, verb: str, status: int, now: datetime
) -> None:
    """Record the request, in the open transaction where the clinic's scope is open.

    Of those that are refused because they are too many, the first of a minute.

    Args:
        actor: Who asked, as somebody of the clinic.
        name: Of the address, ``api-agents``; never the address.
        verb: As it was sent; one that HTTP does not know is left out.
        status: Of the answer.
        now: Of the request.
    """
    if status == _TOO_MANY and not is_first_hit(
        kind="refused request", subject=str(actor.id), now=now
    ):
        return
    facts: dict[str, audit.Fact] = {"status": status}
    if verb in HTTPMethod.__members__:
        facts["verb"] = HTTPMethod(verb)
    entry = audit.Entry(
        action="accounts.api_request.answered",
        organization_id=actor.organization_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        subject_kind="api_request",
        subject_id=None,
        fields=(name,),
        facts=facts,
    )
    if tenancy.open_organization_id() == actor.organization_id:
        audit.record(entry)
        return
    with tenancy.scope(actor.organization_id):
        audit.record(entry)
