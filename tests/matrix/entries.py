"""How each address is asked when all is well: one entry a route and kind of write.

A route without an entry fails the suite. Ids in an address are filled in by the name of
the parameter: ``call_id`` is the id of a call. A body may name ids as ``{call}``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client

from accounts.permissions import Permission
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The request that must succeed for whoever may make it.

    Attributes:
        method: Of that request.
        body: What it sends, as a form or as JSON.
        query: What it asks, behind the address.
        answers: What it may be answered with.
        ids: For parameters that are not named after their kind.
        permission: Which it asks for, where that is another than the view's own.
        not_for: Roles that hold the permission, but whom a finer rule refuses.
        first: What is done before, as the same person: it returns a further query.
    """

    method: str = "GET"
    body: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    answers: tuple[int, ...] = (200,)
    ids: Mapping[str, str] = field(default_factory=dict)
    permission: Permission | None = None
    not_for: tuple[str, ...] = ()
    first: Callable[[Client, Mapping[str, str]], str] | None = None


def post(*answers: int, **more: object) -> Entry:
    """Return the entry of a form that leads on, unless it is answered otherwise."""
    return Entry(method="POST", answers=answers or (302,), **more)


def _write(verb: str, answer: int, permission: Permission, **body: object) -> Entry:
    return Entry(method=verb, body=body, answers=(answer,), permission=permission)


def _ask_to_play(client: Client, ids: Mapping[str, str]) -> str:
    answer = client.post(f"/app/calls/{ids['call']}/play/")
    return f"?grant={answer.json()['grant']}" if answer.status_code == 200 else ""


def _ask_to_export(client: Client, ids: Mapping[str, str]) -> str:
    body = client.post("/app/settings/export/").content.decode()
    found = re.search(r"\?grant=[^\"&]+", body)
    return found.group() if found else ""


def _let_go(client: Client, ids: Mapping[str, str]) -> str:
    client.post(f"/app/settings/people/{ids['gone']}/let-go/")
    return ""


def _begin_closing(client: Client, ids: Mapping[str, str]) -> str:
    body = {"name": "Alder Clinic", "calls": "grace"}
    client.post("/app/settings/clinic/close/", body)
    return ""


PAGE = Entry()
# What an agency's administrator cannot do in a clinic that is not theirs.
OUTSIDE = ("agency_administrator",)
NOT_OWNERS = ("administrator", "agency_administrator")
# Whose roles open none of the pages of Settings.
NO_SETTINGS = ("viewer",)

DASHBOARD: Mapping[str, Entry] = {
    "start": Entry(answers=(302,)),
    "telephony:today": PAGE,
    "telephony:call-list": Entry(query="?when=all"),
    "telephony:caller-reveal": post(body={"reason": "call_back"}),
    "telephony:emergency-attend": post(),
    "telephony:emergency-wait-again": post(),
    "recordings:call-detail": PAGE,
    "call-delete": post(),
    "message-delete": post(),
    "appointment-delete": post(),
    "bin": PAGE,
    "statistics": PAGE,
    "bin-restore": post(ids={"kind": "calls"}),
    "bin-erase": post(ids={"kind": "calls"}, body={"word": "erase"}),
    "recordings:call-play": post(200),
    "recordings:call-audio": Entry(first=_ask_to_play),
    "scheduling:day": PAGE,
    "phone_messages:message-list": PAGE,
    "phone_messages:message-handle": post(),
    "phone_messages:message-reopen": post(),
    "settings": Entry(answers=(302,), not_for=NO_SETTINGS),
}
PEOPLE: Mapping[str, Entry] = {
    "people": PAGE,
    "invite": post(
        body={
            "email": "ivy@home.example",
            "role": "viewer",
            "days": "7",
            "sees": "some",
            "only": "{location}",
        }
    ),
    "invitation-calls": post(body={"sees": "some", "only": "{location}"}),
    "invitation-resend": post(),
    "invitation-withdraw": post(),
    "member": PAGE,
    "member-role": post(body={"role": "viewer"}),
    "member-let-go": post(),
    "member-take-back": post(ids={"membership_id": "gone"}, first=_let_go),
    "member-factor-reset": post(),
    "member-limits": post(body={"sees": "some", "only": "{location}"}),
    "leave": Entry(not_for=OUTSIDE),
    "roles": PAGE,
    "roles-matrix": PAGE,
    "roles-matrix-csv": PAGE,
    "roles-matrix-json": PAGE,
    "role-new": post(body={"name": "Annex desk", "permissions": "calls.view"}),
    "role": post(body={"name": "Annex desk", "permissions": "calls.view"}),
    "role-retire": post(),
}
SETTINGS: Mapping[str, Entry] = {
    "security": PAGE,
    "limits-change": post(
        body={"idle_minutes": "30", "session_hours": "8", "access_token_minutes": "9"}
    ),
    "clinic": post(body={"name": "Alder", "timezone": "America/Chicago"}),
    "clinic-close": PAGE,
    "clinic-keep": post(first=_begin_closing),
    "clinic-end-agency": post(not_for=NOT_OWNERS, body={"name": "Alder Clinic"}),
    "plan": PAGE,
    "places": PAGE,
    "place-add": post(body={"name": "Annex"}),
    "place-rename": post(body={"name": "Annex"}),
    "number-move": post(body={"place": "{location}"}),
    "alerts": PAGE,
    "alert-see": post(body={"note": "It was a test"}),
    "alert-thresholds": post(
        body={
            "mass_export_rows": "500",
            "night_reveals": "2",
            "night_from_hour": "19",
            "night_until_hour": "7",
            "failed_sign_ins": "20",
            "not_theirs": "4",
        }
    ),
    # Who oversees without seeing callers comes from a call, never from a number.
    "caller-find": post(
        200,
        body={"number": "0"},
        not_for=("auditor", "agency_administrator"),
    ),
    "caller-looks": PAGE,
    "encryption": PAGE,
    "access": PAGE,
    "access-file": PAGE,
    "access-proof": PAGE,
    "access-growth": post(422),
    "access-checkpoint": Entry(answers=(409,)),
    "access-record": Entry(answers=(409,)),
    "access-checker": PAGE,
    "access-line": Entry(answers=(409,), ids={"row_id": "call"}),
    "purposes": PAGE,
    "purposes-json": PAGE,
    "purposes-csv": PAGE,
    "retention": PAGE,
    "certificates": PAGE,
    "certificate": PAGE,
    "certificate-json": PAGE,
    "certificate-pdf": PAGE,
    "certificate-checker": PAGE,
    "retention-change": post(
        body=dict.fromkeys(("audio", "transcript", "fields", "metadata"), "365")
    ),
    "hold-place": post(
        body={"scope": "all", "reason": "A dispute", "review_on": "2099-01-01"}
    ),
    "hold-release": post(body={"reason": "Settled"}),
    "hold-review": post(body={"review_on": "2099-01-01"}),
    "rights-requests": PAGE,
    "rights-request": PAGE,
    "rights-request-enter": post(
        body={"kind": "access", "number": "+13125550171", "verified": "in_person"}
    ),
    "rights-request-approve": post(),
    "rights-request-refuse": post(body={"ground": "claims", "words": "A dispute"}),
    "rights-request-extend": post(
        body={"until": f"{utc_now() + timedelta(days=60):%Y-%m-%d}", "reason": "Many"}
    ),
    "rights-request-cancel": post(),
    "rights-request-correct": post(
        body={"keeper": "telephony.caller_name", "item": "{call}", "text": "Right"},
        ids={"request_id": "rectify"},
    ),
    "rights-request-package": post(200, ids={"request_id": "packed"}),
    "caller-mark-lift": post(body={"reason": "The caller agreed"}),
    "data-export": PAGE,
    "data-export-file": Entry(first=_ask_to_export),
    "key-list": PAGE,
    "key-make": PAGE,
    "key-end": post(),
    "operator-help": PAGE,
    "operator-help-turn": post(body={"help": "off"}),
    "operator-send-away": post(),
    "sso-settings": PAGE,
    "sso-edit": PAGE,
    "sso-calls": post(
        ids={"number": "0"}, body={"sees": "some", "only": "{location}", "group": ""}
    ),
    "sso-domain-add": post(body={"domain": "annex.example"}),
    "sso-domain-check": post(),
    "sso-domain-remove": post(),
    "sso-test": post(),
    "sso-switch": Entry(ids={"act": "remove"}),
    "sso-wanted": Entry(answers=(200, 302)),
}
REST: Mapping[str, Entry] = {
    "api-calls": PAGE,
    "api-call": PAGE,
    "api-transcript": PAGE,
    "api-appointments": PAGE,
    "api-messages": PAGE,
    "api-agents": PAGE,
    "api-keys": PAGE,
    "api-key": PAGE,
    "api-members": PAGE,
    "api-member": Entry(body={"role": "viewer"}),
    "api-invitations": PAGE,
    "api-invitation": Entry(method="DELETE", answers=(204,)),
    "api-roles": PAGE,
    "api-role": Entry(body={"name": "Annex desk"}),
}
ENTRIES: Mapping[str, Entry] = {**DASHBOARD, **PEOPLE, **SETTINGS, **REST}

# What a program may change: another kind of request at an address of above. A clinic's
# key changes nothing; a person's token does.
WRITES: Mapping[str, Sequence[Entry]] = {
    "api-keys": [
        _write(
            "POST",
            201,
            Permission.KEYS_MANAGE,
            name="Annex",
            scopes=["calls:read"],
            expires_at=f"{utc_now() + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}",
        )
    ],
    "api-key": [_write("DELETE", 200, Permission.KEYS_MANAGE)],
    "api-call": [_write("DELETE", 204, Permission.CALLS_DELETE)],
    "api-member": [
        _write("PATCH", 200, Permission.MEMBERS_MANAGE, role="viewer"),
        _write("DELETE", 204, Permission.MEMBERS_MANAGE),
    ],
    "api-invitations": [
        _write(
            "POST",
            201,
            Permission.MEMBERS_MANAGE,
            email="ivy@home.example",
            role="viewer",
        )
    ],
    "api-roles": [
        _write(
            "POST",
            201,
            Permission.ROLES_MANAGE,
            name="Annex desk",
            permissions=["calls.view"],
        )
    ],
    "api-role": [
        _write("PATCH", 200, Permission.ROLES_MANAGE, name="Annex desk"),
        _write("DELETE", 204, Permission.ROLES_MANAGE),
    ],
}

# Addresses that hold nothing of a clinic's but what the person asking has themselves,
# or that a secret of their own opens. Why each is open is said at its view.
OPEN = frozenset(
    {
        "home",
        "account_login",
        "account_logout",
        "account_inactive",
        "clinics",
        "choose-clinic",
        "close-account",
        "agency",
        "agency-new-clinic",
        "second-factor",
        "second-factor-set-up",
        "second-factor-verify",
        "second-factor-recovery",
        "second-factor-mailbox",
        "second-factor-mailbox-send",
        "second-factor-codes",
        "second-factor-codes-kept",
        "second-factor-rename",
        "second-factor-remove",
        "passkey-add",
        "passkey-added",
        "passkey-show",
        "passkey-shown",
        "own-sessions",
        "end-sessions",
        "stay-signed-in",
        "password-change",
        "password-changed",
        "password-reset",
        "password-reset-sent",
        "password-reset-set",
        "password-reset-done",
        "password-reset-link",
        "sign-up",
        "sign-up-sent",
        "sign-up-done",
        "sign-up-link",
        "invitation-done",
        "invitation-link",
        "sso-connections",
        "sso-connect",
        "sso-connection-remove",
        "sso-sign-in",
        "sso-begin",
        "sso-callback",
        "sso-saml-finish",
        "sso-saml-acs",
        "sso-saml-metadata",
        "operator-session-end",
        "forget-me",
        "forget-me-sent",
        "forget-me-code",
        "forget-me-link",
        "forget-me-confirm",
        "forget-me-done",
        "forget-me-status-link",
        "forget-me-status",
        "forget-me-package",
        "privacy",
        "privacy-download",
        "privacy-ask",
        "privacy-erase",
        "demo-mail",
        "demo-letter",
        "demo-sign-in",
        "webhooks/telnyx/",
        "api-token",
        "api-token-refresh",
        "api-token-revoke",
        "api-tokens",
        "api-tokens-end",
        "api-sessions",
        "api-nothing",
        "api-schema",
        "api-docs",
        "internal-gateway-tokens",
        "internal-gateway-check",
        "healthz",
        "nightz",
        "readyz",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The request that succeeds for whose thing it is, and for nobody else.

    Attributes:
        ids: Of what kind each parameter names a thing, or the word it is.
        role: Who has the thing, in either clinic.
    """

    ids: Mapping[str, str]
    role: str = "viewer"
    method: str = "POST"
    body: Mapping[str, object] = field(default_factory=dict)
    answers: tuple[int, ...] = (302,)


# Whose ids are a person's, an agency's or a clinic's: another's is refused as well.
OTHERS: Mapping[str, Own] = {
    "choose-clinic": Own(ids={"organization_id": "organization"}),
    "agency-new-clinic": Own(
        ids={"agency_id": "agency"},
        role="agency_administrator",
        method="GET",
        answers=(200,),
    ),
    "second-factor-rename": Own(
        ids={"kind": "app", "factor_id": "factor"}, body={"name": "Old phone"}
    ),
    "second-factor-remove": Own(ids={"kind": "app", "factor_id": "factor"}),
    "sso-connection-remove": Own(ids={"identity_id": "identity"}),
    "sso-connect": Own(
        ids={"road": "connection"}, role="owner", body={"password": PASSWORD}
    ),
    "api-tokens-end": Own(ids={"family_id": "family"}, method="DELETE", answers=(204,)),
}
# Open addresses that a secret in them opens, or that say the same to everybody. They
# are not walked: without the secret nothing of a clinic is named.
OPENED_BY: Mapping[str, str] = {
    "password-reset-link": "the token of a letter to that person",
    "sign-up-link": "the token of a letter",
    "invitation-link": "the token of a letter",
    "forget-me-link": "the token of a letter",
    "forget-me-status-link": "the token of a letter",
    "forget-me-package": "the token of a letter, for a quarter of an hour",
    "demo-letter": "a demo alone has it; elsewhere 404",
    "demo-sign-in": "a demo alone has it; elsewhere 404",
    "sso-begin": "sends a stranger to the clinic's own directory, as its button does",
    "sso-saml-acs": "an answer that the clinic's own directory signed",
    "sso-saml-metadata": "our own addresses and certificate, for the directory",
    "api-nothing": "what no other address of the API takes: 404 for everybody",
}
# Addresses over WebSocket, and where they are walked.
SOCKETS: Mapping[str, str] = {
    "ws/session/": "tests/integration/accounts/sessions/test_open_pages.py",
    "media/telnyx/<str:token>/": "tests/integration/telephony/test_hostile_sockets.py",
}
# What an operator with a live grant asks at each address under /admin/; with the ids
# of things that are there it is never 404.
OPERATORS: Mapping[str, str] = {
    "index": "GET",
    "logout": "POST",
    "search": "GET",
    "jsi18n": "GET",
    "app_list": "GET",
    "person-find": "POST",
    "person-close": "POST",
    "person-open": "POST",
    "grant-ask": "POST",
    "leaving-begin": "POST",
    "grant-approve": "POST",
    "grant-end": "POST",
    "act-approve": "POST",
    "act-end": "POST",
    "agency-make": "POST",
    "agency-join": "POST",
    "agency-leave": "POST",
    "plan-set": "POST",
    "owner-appoint": "POST",
    "session-ask": "POST",
    "session-approve": "POST",
    "session-start": "POST",
    "session-enter": "POST",
    "session-end": "POST",
    "step-settle": "POST",
    "step-confirm": "POST",
    "leaving-close": "POST",
    "encryption": "GET",
    "backups": "GET",
    "privacy-put-off": "POST",
    "privacy-answer": "POST",
    "statistics": "GET",
    **{
        f"{model}_{page}": "GET"
        for model in (
            "operators_operatoract",
            "accounts_agency",
            "operators_operatorgrant",
            "operators_operatorsession",
            "operators_leaving",
            "accounts_organization",
            "accounts_user",
            "accounts_membership",
            "compliance_auditlog",
            "closing_closing",
            "asking_privacyrequest",
        )
        for page in ("changelist", "change")
    },
}
