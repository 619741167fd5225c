"""One of everything that an address can name, made as the product makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from accounts.actors import Actor
from accounts.joining.models import Invitation
from accounts.models import ApiKey, CustomRole, Membership, User
from accounts.operators.models import OperatorSession
from accounts.permissions import ROLE_GRANTS, Permission, Role
from accounts.sso.models import SocialIdentity, SsoConnection, SsoDomain
from accounts.way_in import signing_in
from compliance.alerts.models import SecurityAlert
from compliance.alerts.rules import Rule
from compliance.retention.models import LegalHold
from compliance.retention.services.place_hold import Wanted, place_hold
from compliance.rights.saga import Checkpoint
from compliance.rights.services.conclude import conclude
from compliance.rights.services.mark_caller import place_mark
from compliance.rights.services.move import move
from compliance.rights.services.open_request import Entered, enter_request
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import Person, RightsKind
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.models import Call, Location
from tests.cast import Clinic
from tests.cast_calls import leave_message, make_appointment, make_call, say
from tests.cast_certificate import make_certificate
from tests.cast_factor import give_phone
from tests.cast_sound import store_sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in a clinic's things."""

    caller: str
    number: str
    said: str
    named: str


def call_things(clinic: Clinic, words: Words) -> dict[str, str]:
    """Make a call with all that comes of one, and a place."""
    now, caller, number = utc_now(), words.caller, words.number
    call = make_call(
        clinic, at=now, caller=number, name=caller, outcome=Call.Outcome.EMERGENCY
    )
    say(call, 0, "caller", f"{words.said}, {caller}", at_ms=16_000)
    store_sound(call)
    leave_message(call, words.said, name=caller, phone=number)
    visit = make_appointment(
        clinic, starts_at=now - timedelta(hours=1), name=caller, phone=number
    )
    place = Location.objects.create(
        organization=clinic.organization, name=words.named, created_at=now
    )
    return {
        "call": str(call.id),
        "message": str(call.messages.get().id),
        "appointment": str(visit.id),
        "binned": _binned(clinic, words),
        "location": str(place.id),
        "number": str(clinic.number.id),
        "organization": str(clinic.organization.id),
    }


def _binned(clinic: Clinic, words: Words) -> str:
    """Make a call that was deleted a moment ago."""
    now = utc_now()
    call = make_call(clinic, at=now, caller=words.number, name=words.caller)
    call.deleted_at = now
    call.deleted_by = uuid7()
    call.restorable_until = now + RESTORABLE_FOR
    call.save()
    return str(call.id)


def access_things(
    clinic: Clinic, people: Mapping[str, User], words: Words
) -> dict[str, str]:
    """Make what stands in Settings, and name some members."""
    organization, now = clinic.organization, utc_now()
    role = CustomRole.objects.create(
        organization=organization,
        name=f"{words.named} role",
        permissions=[Permission.CALLS_VIEW],
        created_at=now,
    )
    invitation = Invitation.objects.create(
        organization=organization,
        email=f"new@{words.named.lower()}.example",
        role=Role.VIEWER,
        invited_by=people[Role.OWNER],
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    key = ApiKey.objects.create(
        organization=organization,
        name=f"{words.named} key",
        prefix=f"{hash(words.named) & 0xFFFFFFFFFFFF:012x}",
        secret_sha256=b"0" * 32,
        scopes=["calls:read"],
        created_at=now,
    )
    hold = place_hold(
        actor=_owner(clinic, people),
        wanted=Wanted(
            scope=LegalHold.Scope.PERIOD,
            since=now,
            until=now + timedelta(days=1),
            reason=f"{words.named} dispute",
            review_on=now.date() + timedelta(days=90),
        ),
        now=now,
    )
    return {
        **_asked(clinic, people, words),
        "hold": str(hold.id),
        "certificate": str(make_certificate(clinic, at=now).id),
        "role": str(role.id),
        "invitation": str(invitation.id),
        "key": str(key.id),
        "membership": _membership(people[Role.VIEWER]),
        "gone": _gone(people[Role.BILLING]),
        "user": str(people[Role.VIEWER].pk),
        "session": _visit(clinic, people),
        "alert": _alert(clinic, people),
        **_directory(clinic, words),
        **_own(people[Role.VIEWER], words),
    }


def _own(user: User, words: Words) -> dict[str, str]:
    """Make what is the person's own: a factor, and an account elsewhere."""
    now = utc_now()
    with signing_in():
        identity = SocialIdentity.objects.create(
            user=user,
            issuer="https://accounts.google.com",
            subject=words.named,
            created_at=now,
        )
    return {
        "factor": str(give_phone(user, now=now).app_id),
        "identity": str(identity.id),
    }


def _asked(clinic: Clinic, people: Mapping[str, User], words: Words) -> dict[str, str]:
    """Make requests of a caller: to decide, to correct, with a package, with a mark."""
    now, owner = utc_now(), _owner(clinic, people)
    made = {
        kind: enter_request(
            actor=owner,
            entered=Entered(
                kind=kind,
                person=Person(phone_e164=words.number),
                words=words.said,
                verified="in_person",
            ),
            now=now,
        )
        for kind in RightsKind
    }
    packed = made[RightsKind.ACCESS]
    for to in (Checkpoint.APPROVED, Checkpoint.PACKED, Checkpoint.ANSWERED):
        move(packed, to, now=now, actor=owner)
    conclude(packed, now=now)
    return {
        "request": str(made[RightsKind.EXPORT].id),
        "rectify": str(made[RightsKind.RECTIFY].id),
        "packed": str(packed.id),
        "mark": str(place_mark(made[RightsKind.OBJECT], now=now).id),
    }


def _owner(clinic: Clinic, people: Mapping[str, User]) -> Actor:
    return Actor(
        kind="user",
        id=people[Role.OWNER].pk,
        organization_id=clinic.organization.id,
        permissions=ROLE_GRANTS[Role.OWNER],
    )


def _membership(user: User) -> str:
    return str(Membership.objects.get(user=user).id)


def _gone(user: User) -> str:
    """Name a membership that a test of taking back ends first."""
    return _membership(user)


def _visit(clinic: Clinic, people: Mapping[str, User]) -> str:
    now = utc_now()
    row = OperatorSession.objects.create(
        organization=clinic.organization,
        operator=people[Role.SYSTEM_OPERATOR],
        operator_name="Olive Operator",
        reason="A line that does not answer",
        ticket="T-1",
        minutes=30,
        requested_at=now,
    )
    return str(row.id)


def _alert(clinic: Clinic, people: Mapping[str, User]) -> str:
    now = utc_now()
    row = SecurityAlert.objects.create(
        organization=clinic.organization,
        rule=Rule.MASS_EXPORT,
        actor_kind="user",
        actor_id=people[Role.VIEWER].pk,
        count=1000,
        first_at=now,
        last_at=now,
        raised_at=now,
    )
    return str(row.id)


def _directory(clinic: Clinic, words: Words) -> dict[str, str]:
    now = utc_now()
    connection = SsoConnection.objects.create(
        organization=clinic.organization,
        kind=SsoConnection.Kind.OIDC,
        label=f"{words.named} directory",
        issuer="https://127.0.0.1:9",
        client_id="client",
        default_role=Role.VIEWER,
        created_at=now,
    )
    domain = SsoDomain.objects.create(
        organization=clinic.organization,
        domain=f"{words.named.lower()}.example",
        token="token",
        created_at=now,
    )
    return {"connection": str(connection.id), "domain": str(domain.id)}
