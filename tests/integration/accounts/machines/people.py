"""Rows of people that the tests of the API make and look at."""

from accounts.joining.models import Invitation
from accounts.models import CustomRole, Membership, User
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, Clinic


def membership(clinic: Clinic, user: User) -> Membership:
    with tenancy.scope(clinic.organization.id):
        return Membership.objects.get(user=user)


def standing(clinic: Clinic, user: User) -> tuple[str, str | None, bool]:
    """Return role, own role, and whether they belong to the clinic."""
    row = membership(clinic, user)
    custom = str(row.custom_role_id) if row.custom_role_id else None
    return row.role, custom, row.is_active


def make_role(clinic: Clinic, *permissions: str, name: str = "Night desk"):
    with tenancy.scope(clinic.organization.id):
        return CustomRole.objects.create(
            organization=clinic.organization,
            name=name,
            permissions=list(permissions),
            created_at=NOW,
        )


def own_roles(clinic: Clinic) -> list[tuple[str, list[str]]]:
    with tenancy.scope(clinic.organization.id):
        rows = CustomRole.objects.order_by("name")
        return [(one.name, one.permissions) for one in rows]


def invitations(clinic: Clinic) -> list[Invitation]:
    with tenancy.scope(clinic.organization.id):
        return list(Invitation.objects.order_by("created_at", "id"))


def actions(clinic: Clinic) -> list[str]:
    """Return what the clinic's record says was done, without looks and sign-ins.

    Nor are there requests that are written down as no more than that.
    """
    with tenancy.scope(clinic.organization.id):
        rows = AuditLog.objects.filter(action__startswith="accounts.").order_by("at")
        left_out = (".read", ".answered", ".factor.shown", ".token.opened")
        return [row.action for row in rows if not row.action.endswith(left_out)]


def epoch(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch
