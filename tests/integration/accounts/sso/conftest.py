from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client

from accounts.entitlements import Plan
from accounts.models import Organization
from accounts.sso.models import SsoConnection, SsoDomain
from accounts.sso.secrets import seal
from accounts.sso.tasks import (
    tell_account_connected,
    tell_account_disconnected,
    tell_directory_passed_by,
    tell_domain_missed,
)
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from tests.cast import NOW, Cast, Clinic
from tests.cast_fixtures import SignIn, cast, day, signed_in
from tests.clock import stopped_clock
from tests.fakes.directory.dns import DnsServer
from tests.fakes.directory.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider

__all__ = ["cast", "day", "signed_in", "stopped_clock"]


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    provider = OidcProvider()
    yield provider
    provider.stop()


@pytest.fixture
def directory(running: OidcProvider) -> OidcProvider:
    """Alder's directory; Nora, whom nobody knows yet, is signed in at it."""
    running.spoil, running.forge, running.overrides = {}, None, {}
    running.asked.clear()
    running.is_thin, running.told = False, {}
    running.person = {
        "sub": "00u-nora",
        "email": "Nora@alder-clinic.example",
        "email_verified": True,
        "name": "Nora Lind",
    }
    return running


def make_connection(clinic: Clinic, directory: OidcProvider, **fields) -> SsoConnection:
    """Make a clinic's connection as its set-up leaves it: tested, and on."""
    organization = clinic.organization
    row_id = uuid7()
    given = {
        "kind": "oidc",
        "label": "Alder directory",
        "issuer": directory.issuer,
        "client_id": CLIENT_ID,
        "sealed_secret": seal(CLIENT_SECRET.encode(), row_id=row_id),
        "status": "on",
        "default_role": "viewer",
        "tested_at": NOW,
        "created_at": NOW,
    }
    with tenancy.scope(organization.id):
        Organization.objects.filter(pk=organization.id).update(plan=Plan.ENTERPRISE)
        return SsoConnection.objects.create(
            id=row_id, organization=organization, **given | fields
        )


def prove(clinic: Clinic, domain: str) -> SsoDomain:
    with tenancy.scope(clinic.organization.id):
        return SsoDomain.objects.create(
            organization=clinic.organization,
            domain=domain,
            token="t" * 32,
            proved_at=NOW,
            checked_at=NOW,
            created_at=NOW,
        )


def deliver_letters(clinic: Clinic) -> None:
    """Run the jobs that write to somebody; a worker would, once they are committed."""
    letters = {
        "accounts.tell_account_connected": tell_account_connected,
        "accounts.tell_account_disconnected": tell_account_disconnected,
        "accounts.tell_directory_passed_by": tell_directory_passed_by,
        "accounts.tell_domain_missed": tell_domain_missed,
    }
    with tenancy.scope(clinic.organization.id):
        jobs = list(OutboxJob.objects.filter(task__in=letters).order_by("id"))
    for one in jobs:
        ids = {name: UUID(value) for name, value in one.ids.items()}
        letters[one.task](organization_id=one.organization_id, **ids)


@pytest.fixture
def alders(cast: Cast, directory: OidcProvider) -> SsoConnection:
    """Alder's connection to its directory, with its domain proved."""
    prove(cast.alder, "alder-clinic.example")
    return make_connection(cast.alder, directory)


@pytest.fixture
def resolver(settings) -> Iterator[DnsServer]:
    server = DnsServer()
    settings.DNS_RESOLVERS = [server.address]
    yield server
    server.stop()


@pytest.fixture
def adas(cast: Cast, signed_in: SignIn) -> Client:
    """Ada's browser, in a clinic whose plan has single sign-on."""
    organization = cast.alder.organization
    with tenancy.scope(organization.id):
        Organization.objects.filter(pk=organization.id).update(plan=Plan.ENTERPRISE)
    return signed_in(cast.ada)
