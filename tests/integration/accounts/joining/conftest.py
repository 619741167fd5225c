from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Q
from django.test import Client

from accounts.joining.models import Invitation
from accounts.models import Membership, User
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.tenancy import scope
from tests.cast import Cast, Clinic
from tests.cast_fixtures import SignIn

PEOPLE = "/app/settings/people/"


class House:
    """Alder Clinic's people, as its rows say."""

    def __init__(self, clinic: Clinic) -> None:
        self.id = clinic.organization.id

    def member(self, user: User) -> Membership:
        with tenancy.scope(self.id):
            return Membership.objects.select_related("custom_role").get(user=user)

    def roles(self) -> list[tuple[str, str]]:
        """Return who belongs to the clinic, and as what."""
        with tenancy.scope(self.id):
            found = Membership.objects.filter(ended_at=None).select_related("user")
            return sorted((one.user.full_name, one.role) for one in found)

    def invitation(self) -> Invitation:
        with tenancy.scope(self.id):
            return Invitation.objects.get()

    def invitations(self) -> int:
        with tenancy.scope(self.id):
            return Invitation.objects.count()

    def age_invitations(self, **span: int) -> None:
        with tenancy.scope(self.id):
            for row in Invitation.objects.all():
                row.expires_at -= timedelta(**span)
                row.save()

    def actions(self) -> list[tuple[str, UUID | None]]:
        with scope(self.id):
            rows = AuditLog.objects.filter(action__startswith="accounts.").exclude(
                Q(action__startswith="accounts.session.")
                | Q(action__endswith=".viewed")
            )
            found = rows.order_by("at", "id")
            return [(row.action, row.actor_id) for row in found]


@pytest.fixture
def alder(cast: Cast) -> House:
    return House(cast.alder)


@pytest.fixture
def birch(cast: Cast) -> House:
    return House(cast.birch)


@pytest.fixture
def adas(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def bens(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ben)


@pytest.fixture
def dots(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.dot)
