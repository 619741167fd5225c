"""Make an agency, and change who administers it, as two operators asked."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from accounts.models import Agency, AgencyMembership, Organization
from accounts.operators.desk import settle_agency_act
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.far_keys import end_far_keys
from accounts.operators.models import OperatorAct
from accounts.operators.reading import rows_of
from accounts.operators.services.tell_of_act import tell_agency
from sondervoice.kernel import audit, tenancy


def make_agency(act: OperatorAct, now: datetime) -> None:
    """Make the agency of an approved act, with its first administrator.

    Raises:
        OperatorThingNotFoundError: If the person cannot be one.
    """
    agency = Agency.objects.create(name=act.name)
    act.agency = agency
    act.save(update_fields=["agency"])
    audit.record(
        audit.Entry(
            action="accounts.agency.made",
            organization_id=None,
            actor_kind="operator",
            actor_id=act.approved_by_id,
            subject_kind="agency",
            subject_id=agency.pk,
            facts={"act": act.pk, "asked_by": act.asked_by_id},
        )
    )
    add_administrator(act, now)


def add_administrator(act: OperatorAct, now: datetime) -> None:
    """Let the act's person administer its agency, with all its clinics.

    Raises:
        OperatorThingNotFoundError: If the person cannot be one, or is one already.
    """
    if not settle_agency_act(act.pk):
        raise OperatorThingNotFoundError
    _note("accounts.agency_administrator.added", act)
    tell_agency(act, _people(act))


def remove_administrator(act: OperatorAct, now: datetime) -> None:
    """Take the agency from the act's person: sessions end, keys go with them.

    Raises:
        OperatorThingNotFoundError: If they do not administer it.
    """
    if not settle_agency_act(act.pk):
        raise OperatorThingNotFoundError
    _note("accounts.agency_administrator.removed", act)
    if act.user_id and act.approved_by_id:
        end_far_keys(operator_id=act.approved_by_id, of_user_id=act.user_id, now=now)
    tell_agency(act, _people(act))


def _people(act: OperatorAct) -> set[UUID]:
    """Return who administered it before the act; the other role sees no change yet."""
    found = rows_of(AgencyMembership).filter(agency_id=_agency(act))
    return set(found.values_list("user_id", flat=True))


def _note(action: str, act: OperatorAct) -> None:
    """Record it once of no clinic, and once for each clinic of the agency."""
    entry = audit.Entry(
        action=action,
        organization_id=None,
        actor_kind="operator",
        actor_id=act.approved_by_id,
        subject_kind="user",
        subject_id=act.user_id,
        facts={"act": act.pk, "asked_by": act.asked_by_id},
    )
    audit.record(entry)
    clinics = rows_of(Organization).filter(agency_id=_agency(act))
    for organization_id in clinics.values_list("pk", flat=True):
        with tenancy.scope(organization_id):
            audit.record(replace(entry, organization_id=organization_id))


def _agency(act: OperatorAct) -> UUID:
    assert act.agency_id is not None  # noqa: S101 -- asked for one, or just made
    return act.agency_id
