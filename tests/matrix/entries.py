"""How each address is asked when all is well: one entry a route.

A route without an entry fails the suite. Ids in an address are filled in by the name of
the parameter: ``call_id`` is the id of a call. A body may name ids as ``{call}``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.test import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The request that must succeed for whoever may make it.

    Attributes:
        method: Of that request.
        body: What it sends, as a form or as JSON.
        query: What it asks, behind the address.
        answers: What it may be answered with.
        not_for: Roles that hold the permission, but whom a finer rule refuses.
        first: What is done before, as the same person: it returns a further query.
    """

    method: str = "GET"
    body: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    answers: tuple[int, ...] = (200,)
    not_for: tuple[str, ...] = ()
    first: Callable[[Client, Mapping[str, str]], str] | None = None


def _ask_to_play(client: Client, ids: Mapping[str, str]) -> str:
    answer = client.post(f"/app/calls/{ids['call']}/play/")
    return f"?grant={answer.json()['grant']}" if answer.status_code == 200 else ""


PAGE = Entry()
SENT = (302,)

ENTRIES: Mapping[str, Entry] = {
    # The dashboard
    "start": Entry(answers=(302,)),
    "telephony:today": PAGE,
    "telephony:call-list": Entry(query="?when=all"),
    "telephony:caller-reveal": Entry(
        method="POST", body={"reason": "call_back"}, answers=SENT
    ),
    "recordings:call-detail": PAGE,
    "recordings:call-play": Entry(method="POST"),
    "recordings:call-audio": Entry(first=_ask_to_play),
    "scheduling:day": PAGE,
    "phone_messages:message-list": PAGE,
    "phone_messages:message-handle": Entry(method="POST", answers=SENT),
    "phone_messages:message-reopen": Entry(method="POST", answers=SENT),
    # Settings
    "settings": Entry(
        answers=(302,), not_for=("viewer", "receptionist", "clinician", "billing")
    ),
    "places": PAGE,
    "place-add": Entry(method="POST", body={"name": "Annex"}, answers=SENT),
    "place-rename": Entry(method="POST", body={"name": "Annex"}, answers=SENT),
    "number-move": Entry(method="POST", body={"place": "{location}"}, answers=SENT),
    "member-limits": Entry(
        method="POST", body={"sees": "some", "only": "{location}"}, answers=SENT
    ),
    "access": PAGE,
    "access-file": PAGE,
    # REST
    "api-calls": PAGE,
    "api-call": PAGE,
    "api-transcript": PAGE,
    "api-appointments": PAGE,
    "api-messages": PAGE,
    "api-agents": PAGE,
}

# Addresses that hold nothing of a clinic's: why each is open is said at its view.
OPEN = frozenset(
    {
        "home",
        "account_login",
        "account_logout",
        "clinics",
        "choose-clinic",
        "account_inactive",
        "demo-sign-in",
        "webhooks/telnyx/",
        "api-nothing",
        "api-schema",
        "api-docs",
        "healthz",
        "readyz",
    }
)
