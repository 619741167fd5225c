"""A closing that is killed, met by another worker, held, or that waits for a call."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from compliance.closing.models import Closing
from compliance.closing.services import advance as advancing
from compliance.closing.services import clinic_rows, list_closing, people
from compliance.keys.keys import Keys
from compliance.ledger.models import AuditLog
from compliance.retention.models import LegalHold, RetentionRun
from compliance.retention.services.place_hold import Wanted, place_hold
from compliance.retention.services.purge import Progress, purge
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.tenancy import TenantManager
from telephony.models import Call
from tests.integration.compliance.closing.steps import (
    ask,
    counts,
    organization,
    owner_of,
    read,
    release_holds,
    tick,
)
from tests.killing import KillingClock, is_killed

Step = Closing.Step
ORDER = [
    Step.GRACE,
    Step.CALLS_OFF,
    Step.ERASING,
    Step.ERASED,
    Step.KEYS_DESTROYED,
    Step.PEOPLE_LET_GO,
]


def _killing(patch, at: int) -> KillingClock:
    """Kill before or after each thing that a closing does, at the given one."""
    clock = KillingClock(patch, at)
    for owner, name in (
        (Keys, "destroy_all"),
        (TenantManager, "create"),
        (Closing, "save"),
        (clinic_rows, "_delete_some"),
        (people, "end_member_sessions"),
        (people, "empty_person"),
        (list_closing, "put_on_list"),
        (audit, "record"),
    ):
        clock.watch(owner, name)
    return clock


@pytest.fixture
def alder(world, clock):
    release_holds(world.alder, at=clock.at)
    return world.alder


def _advance(side, closing, now) -> bool:
    return advancing.advance(
        organization_id=side.clinic.organization.id, closing_id=closing.id, now=now
    )


def _advanced(side, closing, now) -> None:
    assert _advance(side, closing, now)


def _kill_at_each_thing(side, closing, now) -> int:
    """Take one step, killed at the first thing it does, the second, and so on."""
    step, kills = read(side).step, 0
    while True:
        with pytest.MonkeyPatch.context() as patched:
            _killing(patched, kills)
            if not is_killed(lambda: _advanced(side, closing, now)):
                return kills
        kills += 1
        # Nothing was passed over: it is where it was.
        assert read(side).step == step


def _let_others_work(side, now) -> None:
    """Let the engine erase, or the letters be sent, where the closing waits for it."""
    closing, organization_id = read(side), side.clinic.organization.id
    with tenancy.scope(organization_id):
        run = RetentionRun.objects.filter(cause_id=closing.run_cause_id).first()
        if closing.step == Step.KEYS_DESTROYED:
            closing.letters.update(sent_at=now)
    if closing.step == Step.ERASING:
        asked = {"organization_id": organization_id, "run_id": run.id, "now": now}
        while purge(**asked) is not Progress.FINISHED:
            pass


def _said(side) -> list[str]:
    with tenancy.scope(side.clinic.organization.id):
        rows = AuditLog.objects.filter(action__startswith="compliance.closing.")
        return [row.action.rpartition(".")[2] for row in rows.order_by("at", "id")]


class TestKill:
    def test_at_each_thing_of_each_step_leaves_it_to_be_done_again(self, alder, clock):
        closing = ask(alder, at=clock.at)
        clock.at = closing.grace_ends_at
        kills = {}
        for step in ORDER:
            assert read(alder).step == step
            if step == Step.PEOPLE_LET_GO:
                clock.move(minutes=10)
            kills[step] = _kill_at_each_thing(alder, closing, clock.at)
            _let_others_work(alder, clock.at)

        assert read(alder).step == Step.CLOSED
        assert min(kills.values()) >= 4
        assert sum(kills.values()) >= 80
        assert not any(counts(alder).values())
        assert organization(alder).name == "closed clinic"
        assert _said(alder) == [
            "asked",
            "calls_stopped",
            "doors_shut",
            "erased",
            "keys_destroyed",
            "people_let_go",
            "finished",
        ]
        with tenancy.scope(closing.organization_id):
            assert RetentionRun.objects.filter(kind="closing").count() == 1


class TestTwoWorkers:
    def test_reach_each_checkpoint_once(self, alder, clock):
        closing = ask(alder, at=clock.at)
        clock.at = closing.grace_ends_at
        for step in ORDER:
            if step == Step.PEOPLE_LET_GO:
                clock.move(minutes=10)
            _together(lambda: _advance(alder, closing, clock.at))
            _let_others_work(alder, clock.at)

        assert read(alder).step == Step.CLOSED
        assert len(_said(alder)) == len(set(_said(alder))) == 7
        with tenancy.scope(closing.organization_id):
            assert closing.letters.filter(kind="erased").count() == 2


def _together(work) -> None:
    both, failures = threading.Barrier(2), []

    def run() -> None:
        try:
            both.wait(timeout=20)
            work()
        except Exception as error:  # noqa: BLE001 -- shown by the assertion
            failures.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert failures == []


class TestHold:
    @pytest.fixture
    def held(self, world, clock):
        """Alder's one call is held, and the grace is over."""
        alder = world.alder
        release_holds(alder, at=clock.at)
        with tenancy.scope(alder.clinic.organization.id):
            call = Call.objects.get()
            place_hold(
                actor=owner_of(alder, at=clock.at),
                wanted=Wanted(
                    scope=LegalHold.Scope.CALL,
                    call_id=call.id,
                    reason="Letter of Birch Legal",
                    review_on=clock.at.date() + timedelta(days=90),
                ),
                now=clock.at,
            )
        closing = ask(alder, at=clock.at)
        clock.at = closing.grace_ends_at
        tick(alder)
        return alder

    def test_keeps_what_it_covers_and_the_closing_open(self, held, clock):
        clock.move(days=60)
        tick(held)

        closing = read(held)
        assert (closing.step, closing.is_held) == (Step.ERASING, True)
        with tenancy.scope(held.clinic.organization.id):
            call = Call.objects.get()
            assert call.audio_erased_at is None
            assert call.utterances.count() == 1
        assert counts(held)["accounts.ApiKey"] == 0
        assert _said(held)[1:] == ["calls_stopped", "doors_shut", "held"]

    def test_leaves_owners_what_releases_it_and_nothing_else(self, held, signed_in):
        owner = signed_in(held.people["owner"])
        other = signed_in(held.people["administrator"])

        assert owner.get("/app/settings/retention/").status_code == 200
        words = owner.get("/app/settings/retention/").content.decode()
        assert "What legal holds cover is still here" in words
        assert owner.get("/app/calls/").status_code == 403
        assert owner.get("/app/settings/people/").status_code == 403
        gone = other.get("/app/settings/retention/")
        assert gone.status_code == 404
        assert "The account of your clinic is closed." in gone.content.decode()

    def test_lets_the_closing_go_on_once_it_is_released(self, held, clock):
        release_holds(held, at=clock.at)
        tick(held)
        tick(held)
        clock.move(minutes=11)
        tick(held)

        assert read(held).step == Step.CLOSED
        assert not any(counts(held).values())
        with tenancy.scope(held.clinic.organization.id):
            runs = RetentionRun.objects.filter(kind="closing")
            assert runs.exclude(finished_at=None).count() == 2
        assert _said(held)[3:5] == ["held", "released"]

    def test_is_not_said_to_be_late(self, held, clock, caplog):
        clock.move(days=60)
        caplog.clear()

        tick(held)

        assert [one for one in caplog.records if one.levelname == "CRITICAL"] == []


class TestLiveCall:
    def test_is_waited_for_and_not_cut_off(self, alder, clock):
        closing = ask(alder, at=clock.at)
        with tenancy.scope(closing.organization_id):
            Call.objects.update(status="live", ended_at=None)
        clock.at = closing.grace_ends_at
        tick(alder)

        assert read(alder).step == Step.CALLS_OFF
        with tenancy.scope(closing.organization_id):
            assert Call.objects.get().number.e164 == "+13125550100"
            Call.objects.update(
                status="ended", ended_at=clock.at - timedelta(minutes=1)
            )
        assert counts(alder)["accounts.ApiKey"] == 2

        tick(alder)

        assert read(alder).step == Step.KEYS_DESTROYED
