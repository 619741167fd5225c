"""How members, invitations, roles and sign-ins look in the REST API."""

from typing import Final

from accounts.joining.services.invite_person import DAYS, DAYS_AT_MOST
from accounts.permissions import Permission, Role
from accounts.shapes import (
    ID,
    TEXT,
    TIME,
    YES_NO,
    body,
    maybe,
    one_word,
    record,
    rows,
    said,
    text,
)

_ROLE: Final = one_word(role.value for role in Role)
_CUSTOM: Final = said(maybe(ID), "stands instead of the role")
_ROLE_WISH: Final = said(
    {**text(1, 40), "example": "receptionist"},
    "the word of a role, or the id of one of the clinic’s own",  # noqa: RUF001
)
_EMAIL: Final = {**TEXT, "example": "ada@alder-clinic.example"}

MEMBER: Final = record(
    "Member",
    id=said(ID, "of the membership"),
    person_id=ID,
    name={**TEXT, "example": "Ada Lindgren"},
    email=_EMAIL,
    role=_ROLE,
    custom_role=_CUSTOM,
    has_second_factor=YES_NO,
    joined_at=TIME,
    ended_at=said(maybe(TIME), "when they left"),
)
_KEEP_KEYS: Final = said(
    YES_NO,
    "the keys that they may not answer for any more go on and you answer for them; "
    "left out: they end",
)
MEMBER_WISH: Final = body(
    "MemberWish", ("role",), role=_ROLE_WISH, keep_keys=_KEEP_KEYS
)
MEMBER_ROLE: Final = record(
    "MemberRole", id=said(ID, "of the membership"), role=_ROLE, custom_role=_CUSTOM
)

INVITATION: Final = record(
    "Invitation",
    id=ID,
    email=_EMAIL,
    role=_ROLE,
    custom_role=_CUSTOM,
    limited_to=said(
        maybe(rows(ID)),
        "the places and receptionists whose calls they will see; null for all calls",
    ),
    invited_by=said(ID, "the person"),
    created_at=said(TIME, "when its last letter was sent"),
    expires_at=TIME,
    is_open=said(YES_NO, "it can still be accepted"),
)
INVITATION_WISH: Final = body(
    "InvitationWish",
    ("email", "role"),
    email={**text(3, 254), "example": "ada@alder-clinic.example"},
    role=_ROLE_WISH,
    days=said(
        {"type": "integer", "minimum": 1, "maximum": DAYS_AT_MOST, "example": DAYS},
        f"how long it can be accepted; left out: {DAYS}",
    ),
    limited_to=said(
        rows(ID, minItems=1, maxItems=100, uniqueItems=True),
        "ids of places and receptionists whose calls alone they will see; "
        "left out: all calls",
    ),
)

_PERMISSION: Final = one_word(one.value for one in Permission)
ROLE: Final = record(
    "Role",
    id=said(maybe(ID), "null for a role that every clinic has"),
    name={**TEXT, "example": "receptionist"},
    is_custom=YES_NO,
    permissions=rows(_PERMISSION),
)
_ROLE_FIELDS: Final = {
    "name": {**text(1, 60), "example": "Night desk"},
    "permissions": said(
        rows(_PERMISSION, minItems=1, maxItems=len(Permission), uniqueItems=True),
        "no more than you hold yourself",
    ),
}
ROLE_WISH: Final = body("RoleWish", ("name", "permissions"), **_ROLE_FIELDS)
ROLE_CHANGE: Final = {**body("RoleChange", (), **_ROLE_FIELDS), "minProperties": 1}

SIGN_IN_SEEN: Final = record(
    "Session",
    id=ID,
    kind=one_word(("browser", "program")),
    is_current=said(YES_NO, "the token that asks is of this sign-in"),
    is_open=YES_NO,
    device={**TEXT, "example": "Chrome on Windows"},
    address={**TEXT, "example": "192.0.2.7"},
    started_at=TIME,
    last_seen_at=TIME,
    ended_at=said(maybe(TIME), "null too where nobody has come back since"),
)
