"""Take a closing from one checkpoint to the next.

Each step may be killed between any two lines and done again, by one worker or two: what
a transaction holds moves with the checkpoint, and the rest is harmless twice. A step
that cannot be done yet, before its date say, changes nothing but what it may.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from compliance.closing.models import Closing, ClosingLetter
from compliance.closing.registry import end_calls, end_rows, purge_billing
from compliance.closing.services.clinic_rows import (
    count_rows,
    delete_rows,
    forget_jobs,
)
from compliance.closing.services.doors import shut_doors
from compliance.closing.services.erasing import (
    begin_run,
    goes_on,
    is_all_gone,
    waits_for_copies,
)
from compliance.closing.services.letters import ask_letters
from compliance.closing.services.list_closing import list_closing
from compliance.closing.services.people import empty_accounts, end_memberships
from compliance.closing.services.rename import rename_to_nobody
from compliance.keys.keys import HELD_S, keys
from compliance.rights.services.leave_with_clinic import end_requests
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clinic_rows import Leaves

Step = Closing.Step
Take = Callable[[UUID, UUID, datetime], bool]

# How long before the last day letters are still waited for.
_LETTERS_UNTIL: Final = timedelta(days=1)


def advance(*, organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Take the next step, if it can be taken; return whether it was."""
    with tenancy.scope(organization_id):
        step = Closing.objects.values_list("step", flat=True).get(pk=closing_id)
    take = _TAKES.get(Step(step))
    return take is not None and take(organization_id, closing_id, now)


def _locked(closing_id: UUID, step: Step) -> Closing | None:
    """Return the closing, locked, if it is still where the step begins."""
    return (
        Closing.objects.select_for_update(of=("self",))
        .filter(pk=closing_id, step=step)
        .first()
    )


def _reach(closing: Closing, step: Step, now: datetime, *also: str) -> None:
    closing.step = step
    setattr(closing, f"{step}_at", now)
    closing.save(update_fields=["step", f"{step}_at", *also])


def _record(
    action: str, closing: Closing, facts: dict[str, audit.Fact] | None = None
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=closing.organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="closing",
            subject_id=closing.id,
            facts=facts or {},
        )
    )


def _stop_calls(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """End the grace, or write once more before it ends."""
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.GRACE)
        if closing is None or now < closing.reminder_at:
            return False
        if now < closing.grace_ends_at:
            ask_letters(closing, ClosingLetter.Kind.REMINDER)
            return False
        _reach(closing, Step.CALLS_OFF, now)
        _record("compliance.closing.calls_stopped", closing)
    return True


def _shut(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Once the last call has ended, shut every way in and begin to erase."""
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.CALLS_OFF)
        if closing is None or not end_calls(now=now):
            return False
        people = shut_doors(closing, now=now)
        begin_run(closing, now=now)
        _reach(closing, Step.ERASING, now, "run_cause_id", "is_held")
        _record("compliance.closing.doors_shut", closing, {"people": people})
        if closing.is_held:
            _record("compliance.closing.held", closing)
    return True


def _erase(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Wait for the engine and for legal holds; then the clinic's own rows go."""
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.ERASING)
        if closing is None:
            return False
        was_held, still_there = closing.is_held, goes_on(closing, now=now)
        if closing.is_held and not was_held:
            _record("compliance.closing.held", closing)
        if was_held and not closing.is_held:
            _record("compliance.closing.released", closing)
        if still_there:
            return False
        end_requests(now=now)
    rows = delete_rows(organization_id, Leaves.WITH_THE_DATA)
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.ERASING)
        if closing is None:
            return False
        end_rows(organization_id)
        _reach(closing, Step.ERASED, now)
        _record("compliance.closing.erased", closing, {"rows": rows})
        ask_letters(closing, ClosingLetter.Kind.ERASED)
        list_closing(closing, [organization_id], now=now)
    return True


def _destroy_keys(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Destroy all keys: what backups hold of the clinic opens no more."""
    with tenancy.scope(organization_id):
        if waits_for_copies():
            return False
    keys().destroy_all(organization_id)
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.ERASED)
        if closing is None or keys().has_any(organization_id):
            return False
        _reach(closing, Step.KEYS_DESTROYED, now)
        _record("compliance.closing.keys_destroyed", closing)
        ask_letters(closing, ClosingLetter.Kind.CLOSED)
    return True


def _let_people_go(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Once the last letters are sent, empty accounts of who is nowhere else."""
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.KEYS_DESTROYED)
        if closing is None or _waits_for_letters(closing, now):
            return False
        end_memberships(closing, owners_stay=False, now=now)
        accounts = empty_accounts(closing)
        delete_rows(organization_id, Leaves.WITH_THE_PEOPLE)
        rename_to_nobody(organization_id)
        _reach(closing, Step.PEOPLE_LET_GO, now)
        facts: dict[str, audit.Fact] = {"accounts": len(accounts)}
        _record("compliance.closing.people_let_go", closing, facts)
        list_closing(closing, accounts, now=now)
    return True


def _waits_for_letters(closing: Closing, now: datetime) -> bool:
    unsent = closing.letters.filter(sent_at=None).exists()
    return unsent and now < closing.personal_gone_by - _LETTERS_UNTIL


def _look_again(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Say that it is closed when a second look finds nothing.

    Another process may hold a key in memory for ten minutes, and make one anew of it;
    until then nobody looks.
    """
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.PEOPLE_LET_GO)
        if closing is None or closing.keys_destroyed_at is None:
            return False
        if now < closing.keys_destroyed_at + timedelta(seconds=HELD_S):
            return False
        is_gone = (
            not count_rows(organization_id, *Leaves)
            and not keys().has_any(organization_id)
            and is_all_gone()
        )
        if is_gone:
            end_rows(organization_id)
            forget_jobs(organization_id)
            _reach(closing, Step.CLOSED, now)
            _record("compliance.closing.finished", closing)
    if not is_gone:
        with tenancy.scope(organization_id):
            end_requests(now=now)
        for when in Leaves:
            delete_rows(organization_id, when)
        keys().destroy_all(organization_id)
    return is_gone


def _purge_billing(organization_id: UUID, closing_id: UUID, now: datetime) -> bool:
    """Let go of what was paid for, once its time is up."""
    with tenancy.scope(organization_id):
        closing = _locked(closing_id, Step.CLOSED)
        if closing is None or now < closing.billing_kept_until:
            return False
        purge_billing(organization_id)
        _reach(closing, Step.BILLING_PURGED, now)
        _record("compliance.closing.billing_purged", closing)
    return True


_TAKES: Final[Mapping[Step, Take]] = MappingProxyType(
    {
        Step.GRACE: _stop_calls,
        Step.CALLS_OFF: _shut,
        Step.ERASING: _erase,
        Step.ERASED: _destroy_keys,
        Step.KEYS_DESTROYED: _let_people_go,
        Step.PEOPLE_LET_GO: _look_again,
        Step.CLOSED: _purge_billing,
    }
)
