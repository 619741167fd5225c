"""Jobs of single sign-on: letters to owners, and the weekly look at domains."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task

from accounts.letters import send_letter
from accounts.selectors.owners import find_address, get_clinic_name
from accounts.sso.dns_proof import look_up
from accounts.sso.models import SsoDomain
from accounts.sso.selectors.set_up import list_due_domains
from accounts.sso.services.ask_saml import forget_old_requests
from accounts.sso.services.check_domain import check_domain
from accounts.sso.services.seal_secret_anew import seal_secret_anew
from accounts.way_in import find_user, organization_ids
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.SECURITY)


@job("accounts.tell_domain_missed", gives_up=False, sends=_MAIL)
def tell_domain_missed(
    *, organization_id: UUID, domain_id: UUID, owner_id: UUID
) -> None:
    """Write to an owner that the proof of a domain is gone."""
    with tenancy.scope(organization_id):
        to = find_address(owner_id=owner_id)
        row = SsoDomain.objects.filter(pk=domain_id, lost_at__isnull=False).first()
        clinic = get_clinic_name(organization_id=organization_id)
    if to is not None and row is not None:
        send_letter("sso_domain_missed", to=to, clinic=clinic, row=row)


@job("accounts.tell_directory_passed_by", gives_up=False, sends=_MAIL)
def tell_directory_passed_by(*, organization_id: UUID, owner_id: UUID) -> None:
    """Write to an owner that one of them came in past the directory."""
    with tenancy.scope(organization_id):
        to = find_address(owner_id=owner_id)
        clinic = get_clinic_name(organization_id=organization_id)
    if to is not None:
        send_letter("sso_passed_by", to=to, clinic=clinic)


@job("accounts.tell_account_connected", gives_up=False, sends=_MAIL)
def tell_account_connected(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell a person that they come in by one more account elsewhere."""
    _tell("account_connected", organization_id, user_id)


@job("accounts.tell_account_disconnected", gives_up=False, sends=_MAIL)
def tell_account_disconnected(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell a person that they come in by an account elsewhere no more."""
    _tell("account_disconnected", organization_id, user_id)


@shared_task(name="accounts.check_sso_domains", ignore_result=True)
def check_sso_domains() -> None:
    """Look up the domains of all clinics that are due, each in its own scope.

    What they entrusted to us is sealed anew on the way, after a rotation of SECRET_KEY.
    """
    now = utc_now()
    for organization_id in organization_ids():
        with tenancy.scope(organization_id):
            forget_old_requests(before=now - timedelta(days=1))
            seal_secret_anew()
            due = list_due_domains(
                weekly=now - timedelta(days=7), daily=now - timedelta(days=1)
            )
        for row in due:
            # The DNS is asked outside the transaction.
            found = look_up(row.domain, row.token)
            with tenancy.scope(organization_id):
                check_domain(domain_id=row.id, found=found, now=now)


def _tell(letter: str, organization_id: UUID | None, user_id: UUID) -> None:
    person, clinic = find_user(user_id), ""
    if organization_id is not None:
        with tenancy.scope(organization_id):
            clinic = get_clinic_name(organization_id=organization_id)
    if person is not None:
        send_letter(letter, to=person.email, person=person.full_name, clinic=clinic)
