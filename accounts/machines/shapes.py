"""How keys, tokens, members and roles look in the REST API."""

from typing import Final

from accounts.machines.networks import NETWORKS_AT_MOST
from accounts.permissions import SCOPE_GRANTS
from accounts.shapes import (
    ID,
    TEXT,
    TIME,
    WHOLE,
    YES_NO,
    body,
    maybe,
    one_word,
    record,
    rows,
    said,
    text,
)

SCOPES: Final = rows(one_word(SCOPE_GRANTS))
_NETWORKS: Final = said(
    rows({**TEXT, "example": "192.0.2.0/24"}), "empty: from everywhere"
)
_KEY: Final = {
    "id": ID,
    "name": {**TEXT, "example": "Practice software"},
    "prefix": said({**TEXT, "example": "0f3a92c1d4e7"}, "begins the key; no secret"),
    "scopes": SCOPES,
    "networks": _NETWORKS,
    "made_by": said(maybe(ID), "the person; null for a key of the product"),
    "created_at": TIME,
    "expires_at": said(maybe(TIME), "null: never"),
    "ended_at": maybe(TIME),
    "last_used_at": said(maybe(TIME), "exact to a minute"),
}
KEY: Final = record("Key", **_KEY)
NEW_KEY: Final = record(
    "NewKey",
    **_KEY,
    secret=said(
        {**TEXT, "example": "sv_0f3a92c1d4e7_…"},
        "the whole key; it is never given again",
    ),
)
KEY_WISH: Final = body(
    "KeyWish",
    ("name", "scopes", "expires_at"),
    name={**text(1, 100), "example": "Practice software"},
    scopes=said(
        {**SCOPES, "minItems": 1, "maxItems": len(SCOPE_GRANTS), "uniqueItems": True},
        "no more than you hold yourself",
    ),
    expires_at=said(
        {**TIME, "example": "2027-11-20T15:42:00Z"}, "ahead, within five years"
    ),
    networks=said(
        rows({**text(1, 50), "example": "192.0.2.0/24"}, maxItems=NETWORKS_AT_MOST),
        "from where it may be used; left out or empty: from everywhere",
    ),
)

SIGN_IN: Final = body(
    "SignIn",
    ("email", "password"),
    email={**text(3, 254), "example": "ada@alder-clinic.example"},
    password={**text(1, 128), "format": "password"},
    code=said(
        {**text(6, 20), "example": "492039"},
        "of the second factor, or for recovery; needed by whoever has one",
    ),
    organization=said(ID, "which clinic; left out: the first joined"),
)
_TOKEN: Final = {**text(1, 2_000), "example": "eyJhbGciOiJIUzI1NiIs…"}
REFRESH: Final = body("Refresh", ("refresh",), refresh=_TOKEN)
PAIR: Final = record(
    "Pair",
    access=said({**TEXT, "example": _TOKEN["example"]}, "send it as Bearer"),
    access_expires_at=TIME,
    refresh=said({**TEXT, "example": _TOKEN["example"]}, "good once"),
    refresh_expires_at=said(TIME, "then a person signs in again"),
)
FAMILY: Final = record(
    "Tokens",
    id=ID,
    organization_id=ID,
    is_current=said(YES_NO, "the token that asks is one of these"),
    address={**TEXT, "example": "192.0.2.7"},
    agent={**TEXT, "example": "practice-software/4.1"},
    started_at=TIME,
    used_at=said(TIME, "when the refresh token was last changed"),
    expires_at=TIME,
)
ENDED: Final = record("Ended", count=WHOLE)
