"""Let happen what another operator asked for, as the second person."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.entitlements import Plan
from accounts.models import User
from accounts.operators.errors import (
    OperatorThingNotFoundError,
    OverError,
    SamePersonError,
)
from accounts.operators.far_keys import end_far_keys
from accounts.operators.models import OperatorAct
from accounts.operators.services.appoint_owner import appoint_owner
from accounts.operators.services.ask_act import facts_of
from accounts.operators.services.change_agency import (
    add_administrator,
    make_agency,
    remove_administrator,
)
from accounts.operators.services.set_active import set_active
from accounts.operators.services.set_plan import set_plan
from accounts.operators.services.tell_of_act import tell_owners
from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit

ASKED_FOR_AT_MOST: Final = timedelta(hours=24)


@transaction.atomic
def approve_act(*, operator: User, act_id: UUID, now: datetime) -> OperatorAct:
    """Do what was asked for, once; whom it concerns is written to.

    Call it at the desk, while the door to all clinics' rows is open.

    Raises:
        OperatorThingNotFoundError: If there is no such act, or what it is about is
            not there any more.
        SamePersonError: If they asked for it, or it is about them.
        ConflictError: If the state of things is against it by now; an `OverError` if
            it was approved, taken back, or asked for more than a day ago.
    """
    act = get_open_act(act_id, now=now)
    if operator.pk in {act.asked_by_id, act.user_id}:
        raise SamePersonError
    act.approved_by = operator
    act.approver_name = operator.full_name or operator.email
    act.approved_at = now
    act.told = _concerned(act)
    act.save(update_fields=["approved_by", "approver_name", "approved_at", "told"])
    _note("accounts.operator_act.approved", act, operator.pk)
    _DONE_BY[OperatorAct.Kind(act.kind)](act, now)
    tell_owners(act)
    return act


@transaction.atomic
def end_act(*, operator_id: UUID, act_id: UUID, now: datetime) -> None:
    """Take back what nobody has approved; any operator may. Call it at the desk.

    Raises:
        OperatorThingNotFoundError: If there is no such act.
        OverError: If it was approved, taken back, or asked for more than a day ago.
    """
    act = get_open_act(act_id, now=now)
    act.ended_at = now
    act.save(update_fields=["ended_at"])
    _note("accounts.operator_act.ended", act, operator_id)


def get_open_act(act_id: UUID, *, now: datetime) -> OperatorAct:
    """Return an act that waits, locked until the transaction ends.

    Raises:
        OperatorThingNotFoundError: If there is none.
        OverError: If it does not wait any more.
    """
    act = OperatorAct.objects.select_for_update().filter(pk=act_id).first()
    if act is None:
        raise OperatorThingNotFoundError
    if not waits(act, now=now):
        raise OverError
    return act


def waits(act: OperatorAct, *, now: datetime) -> bool:
    """Return whether it can still be approved."""
    is_late = act.asked_at + ASKED_FOR_AT_MOST <= now
    return not (act.approved_at or act.ended_at or is_late)


def _note(action: str, act: OperatorAct, operator_id: UUID) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="operator_act",
            subject_id=act.pk,
            facts=facts_of(act),
        )
    )


def _concerned(act: OperatorAct) -> list[UUID]:
    """Return whose owners are told; asked before, for a closed account has none."""
    if act.organization_id is not None:
        return [act.organization_id]
    if act.kind != OperatorAct.Kind.PERSON_CLOSE or act.user_id is None:
        return []
    return organizations_for_user(act.user_id)


def _lower_plan(act: OperatorAct, now: datetime) -> None:
    assert act.organization_id is not None  # noqa: S101 -- asked for a clinic
    set_plan(
        operator_id=_second(act),
        organization_id=act.organization_id,
        plan=Plan(act.plan),
        act=act,
    )


def _close_person(act: OperatorAct, now: datetime) -> None:
    assert act.user_id is not None  # noqa: S101 -- asked for a person
    set_active(
        operator_id=_second(act), user_id=act.user_id, is_active=False, act_id=act.pk
    )
    end_far_keys(operator_id=_second(act), of_user_id=act.user_id, now=now)


def _second(act: OperatorAct) -> UUID:
    assert act.approved_by_id is not None  # noqa: S101 -- set a moment ago
    return act.approved_by_id


_DONE_BY: Final[Mapping[OperatorAct.Kind, Callable[[OperatorAct, datetime], None]]] = (
    MappingProxyType(
        {
            OperatorAct.Kind.PLAN_LOWER: _lower_plan,
            OperatorAct.Kind.PERSON_CLOSE: _close_person,
            OperatorAct.Kind.AGENCY_MAKE: make_agency,
            OperatorAct.Kind.AGENCY_JOIN: add_administrator,
            OperatorAct.Kind.AGENCY_LEAVE: remove_administrator,
            OperatorAct.Kind.OWNER_APPOINT: appoint_owner,
        }
    )
)
