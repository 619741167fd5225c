"""All that we hold about a person with an account, gathered for that person alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from accounts.joining.models import Invitation
from accounts.joining.way_in import organizations_with_traces
from accounts.machines.models import TokenFamily
from accounts.models import Membership, Organization, User
from accounts.second_factor.selectors.factors import find_recovery_codes, list_factors
from accounts.sessions.models import LoginSession
from accounts.sso.models import DirectoryIdentity, SocialIdentity
from accounts.way_in import organizations_for_user
from compliance.asking.selectors.own_requests import list_own_requests
from compliance.ledger.models import AuditLog
from compliance.ledger.own_rows import rows_about
from compliance.ledger.words import words_for
from sondervoice.kernel import tenancy

# Of each clinic's record, and of that of no clinic: the newest.
RECORD_AT_MOST: Final = 5_000
FORMAT: Final = "sondervoice.own-data/1"

Rows = list[dict[str, Any]]


def gather_own_data(*, user: User, now: datetime) -> dict[str, Any]:
    """Return it section by section, as plain values; times are UTC.

    Call it outside any clinic's scope, where people are seen by the sign-in pages.
    """
    present = organizations_for_user(user.pk)
    others = set(organizations_with_traces(user.pk)).difference(present)
    of_clinics = [
        *(_clinic(user, one, is_present=True) for one in present),
        *(_clinic(user, one, is_present=False) for one in sorted(others)),
    ]
    own_record = rows_about(
        user_id=user.pk, membership_ids=(), at_most=RECORD_AT_MOST + 1
    )
    return {
        "format": FORMAT,
        "made_at": _at(now),
        "account": _account(user),
        "clinics": [one for one in of_clinics if one["name"]],
        "sign_ins": _sign_ins(user),
        "programs": _programs(user),
        "second_factors": _factors(user),
        "accounts_elsewhere": _identities(SocialIdentity.objects.filter(user=user)),
        "privacy_requests": [
            {"kind": one.kind.value, "status": one.status, "words": one.words}
            | {"asked_at": _at(one.asked_at), "answer": one.answer}
            for one in list_own_requests(user=user, now=now)
        ],
        "record": _record(own_record),
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "name": user.full_name,
        "email": user.email,
        "email_verified_at": _at(user.email_verified_at),
        "second_factor_since": _at(user.second_factor_since),
        "last_sign_in_at": _at(user.last_login),
        "created_at": _at(user.created_at),
    }


def _clinic(user: User, organization_id: UUID, *, is_present: bool) -> dict[str, Any]:
    with tenancy.scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        memberships = list(
            Membership.objects.filter(user=user)
            .select_related("custom_role")
            .order_by("created_at")
        )
        rows = rows_about(
            user_id=user.pk,
            membership_ids=[one.pk for one in memberships],
            at_most=RECORD_AT_MOST + 1,
        )
        identities = DirectoryIdentity.objects.filter(user=user)
        return {
            "name": organization.name,
            "is_present": is_present,
            "memberships": [_membership(one) for one in memberships],
            "directory": _identities(identities),
            "invitations": _invitations(user),
            "record": _record(rows),
        }


def _membership(row: Membership) -> dict[str, Any]:
    return {
        "role": row.custom_role.name if row.custom_role else row.role,
        "since": _at(row.created_at),
        "until": _at(row.ended_at),
    }


def _invitations(user: User) -> Rows:
    return [
        {
            "email": one.email,
            "role": one.custom_role.name if one.custom_role else one.role,
            "is_limited": one.is_limited,
            "created_at": _at(one.created_at),
            "expires_at": _at(one.expires_at),
            "used_at": _at(one.used_at),
            "withdrawn_at": _at(one.withdrawn_at),
        }
        for one in Invitation.objects.filter(email=user.email)
        .select_related("custom_role")
        .order_by("created_at")
    ]


def _sign_ins(user: User) -> Rows:
    return [
        {
            "device": one.device,
            "address": one.address,
            "place": one.place,
            "started_at": _at(one.started_at),
            "last_seen_at": _at(one.last_seen_at),
            "ended_at": _at(one.ended_at),
        }
        for one in LoginSession.objects.filter(user=user).order_by("-started_at")
    ]


def _programs(user: User) -> Rows:
    return [
        {
            "program": one.agent,
            "address": one.address,
            "started_at": _at(one.started_at),
            "used_at": _at(one.used_at),
            "ended_at": _at(one.ended_at),
        }
        for one in TokenFamily.objects.filter(user=user).order_by("-started_at")
    ]


def _factors(user: User) -> Rows:
    codes = find_recovery_codes(user=user)
    found: Rows = [
        {
            "kind": one.kind.value,
            "name": one.name,
            "created_at": _at(one.created_at),
            "last_used_at": _at(one.last_used_at),
        }
        for one in list_factors(user=user)
    ]
    if codes is not None:
        found.append({"kind": "recovery_codes", "left": len(codes.hashes)})
    return found


def _identities(rows: Iterable[SocialIdentity | DirectoryIdentity]) -> Rows:
    return [
        {
            "issuer": one.issuer,
            "subject": one.subject,
            "created_at": _at(one.created_at),
            "last_used_at": _at(one.last_used_at),
        }
        for one in rows
    ]


def _record(rows: list[AuditLog]) -> dict[str, Any]:
    return {
        # More than these are in the record itself; ask for them where it is kept.
        "is_whole": len(rows) <= RECORD_AT_MOST,
        "lines": [
            {"at": _at(row.at), "what": words_for(row), "action": row.action}
            for row in rows[:RECORD_AT_MOST]
        ],
    }


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")
