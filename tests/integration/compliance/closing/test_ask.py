"""Asking for it, keeping the account, and calls meanwhile."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import PermissionMissingError
from accounts.permissions import Role
from accounts.second_factor.errors import SecondFactorStaleError
from compliance.closing.errors import (
    ClosingAskedError,
    ClosingNotYoursError,
    GraceOverError,
    NameNotTypedError,
)
from compliance.closing.models import Closing
from compliance.closing.selectors.standing import takes_calls
from compliance.closing.services.ask_closing import ask_closing, keep_account
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.models import Call
from telephony.services.answer_call import answer_call
from tests.integration.compliance.closing.steps import ask, owner_of, read, tick
from tests.matrix.rows import fingerprint

SECOND = timedelta(seconds=1)
# What a closing writes, and what is only ever added to.
OWN = {"closing_closing", "closing_closingletter", "audit_logs"}


def _rows(side) -> dict[str, tuple[int, str]]:
    found = fingerprint(side.clinic.organization.id)
    return {table: rows for table, rows in found.items() if table not in OWN}


def _keep(side, *, at, role=Role.OWNER) -> None:
    with tenancy.scope(side.clinic.organization.id):
        keep_account(actor=owner_of(side, at=at, role=role), now=at)


def _answer(side, now) -> Call | None:
    with tenancy.scope(side.clinic.organization.id):
        return answer_call(
            organization_id=side.clinic.organization.id,
            carrier_call_id=f"call at {now}",
            called_e164="+13125550100",
            caller_e164="+13125550171",
            now=now,
        )


class TestAsk:
    @pytest.mark.parametrize(
        ("role", "name", "factor_age_s", "error"),
        [
            (Role.ADMINISTRATOR, "Alder Clinic", 0, PermissionMissingError),
            (Role.AGENCY_ADMINISTRATOR, "Alder Clinic", 0, PermissionMissingError),
            (Role.SYSTEM_OPERATOR, "Alder Clinic", 0, PermissionMissingError),
            (Role.OWNER, "Alder Clinic", 301, SecondFactorStaleError),
            (Role.OWNER, "Birch Legal", 0, NameNotTypedError),
            (Role.OWNER, "", 0, NameNotTypedError),
        ],
    )
    def test_is_refused_and_changes_nothing(
        self, world, clock, role, name, factor_age_s, error
    ):
        before = fingerprint(world.alder.clinic.organization.id)
        shown = clock.at - timedelta(seconds=factor_age_s)

        with (
            tenancy.scope(world.alder.clinic.organization.id),
            pytest.raises(error),
        ):
            ask_closing(
                actor=owner_of(world.alder, at=shown, role=role),
                typed_name=name,
                stops_at_once=True,
                now=clock.at,
            )

        assert fingerprint(world.alder.clinic.organization.id) == before

    def test_is_refused_to_who_holds_the_permission_and_is_no_owner(self, world, clock):
        actor = owner_of(world.alder, at=clock.at)
        object.__setattr__(actor, "role", Role.VIEWER)

        with (
            tenancy.scope(world.alder.clinic.organization.id),
            pytest.raises(ClosingNotYoursError),
        ):
            ask_closing(
                actor=actor,
                typed_name="Alder Clinic",
                stops_at_once=False,
                now=clock.at,
            )

        assert read(world.alder) is None

    def test_is_refused_a_second_time(self, world, clock):
        ask(world.alder, at=clock.at)

        with pytest.raises(ClosingAskedError):
            ask(world.alder, at=clock.at)
        twin = read(world.alder)
        twin.pk = uuid7()
        with (
            tenancy.scope(world.alder.clinic.organization.id),
            pytest.raises(IntegrityError, match="closing_once"),
            transaction.atomic(),
        ):
            twin.save(force_insert=True)


class TestKeep:
    def test_leaves_every_row_as_it_was(self, world, clock):
        before = _rows(world.alder)
        closing = ask(world.alder, at=clock.at, stops_at_once=True)
        clock.at = closing.grace_ends_at - SECOND
        tick(world.alder)

        _keep(world.alder, at=clock.at)
        clock.move(days=400)
        tick(world.alder)

        assert _rows(world.alder) == before
        assert read(world.alder).step == Closing.Step.UNDONE
        with tenancy.scope(world.alder.clinic.organization.id):
            assert takes_calls(now=clock.at)

    @pytest.mark.parametrize("late_s", [0, 1, 86_400])
    def test_is_refused_once_the_grace_is_over(self, world, clock, late_s):
        closing = ask(world.alder, at=clock.at)
        clock.at = closing.grace_ends_at + timedelta(seconds=late_s)

        with pytest.raises(GraceOverError):
            _keep(world.alder, at=clock.at)

        assert read(world.alder).undone_at is None

    def test_is_refused_where_nothing_is_closed(self, world, clock):
        with pytest.raises(GraceOverError):
            _keep(world.alder, at=clock.at)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AGENCY_ADMINISTRATOR])
    def test_is_refused_to_others(self, world, clock, role):
        ask(world.alder, at=clock.at)

        with pytest.raises(PermissionMissingError):
            _keep(world.alder, at=clock.at, role=role)

        assert read(world.alder).step == Closing.Step.GRACE

    def test_lets_it_be_asked_for_again(self, world, clock):
        first = ask(world.alder, at=clock.at)
        _keep(world.alder, at=clock.at)

        clock.move(days=1)
        second = ask(world.alder, at=clock.at)

        assert second.id != first.id
        assert second.grace_ends_at - first.grace_ends_at == timedelta(days=1)


class TestCalls:
    def test_are_answered_until_the_grace_ends(self, world, clock):
        closing = ask(world.alder, at=clock.at)

        assert _answer(world.alder, closing.grace_ends_at - SECOND) is not None
        assert _answer(world.alder, closing.grace_ends_at) is None

    def test_stop_at_once_where_that_was_chosen(self, world, clock):
        ask(world.alder, at=clock.at, stops_at_once=True)

        assert _answer(world.alder, clock.at) is None

    def test_are_answered_again_when_the_account_is_kept(self, world, clock):
        ask(world.alder, at=clock.at, stops_at_once=True)
        _keep(world.alder, at=clock.at)

        assert _answer(world.alder, clock.at) is not None
