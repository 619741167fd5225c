"""A request to erase, from the door to the answer, with holds on its road."""

import pytest

from compliance.copies.models import ErasureLeg
from compliance.keys.keys import keys
from compliance.retention.models import LegalHold, RetentionRun
from compliance.retention.services.place_hold import release_hold
from compliance.retention.services.purge import purge
from compliance.rights.jobs import watch_rights
from compliance.rights.models import RightsRequest
from compliance.rights.services.decide import approve
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import RightsKind, read_answer, request_concluded
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from tests.cast import OMAR
from tests.integration.compliance.retention.nights import (
    THREE,
    has_key,
    is_gone,
    is_whole,
    rows_with,
)
from tests.integration.compliance.rights.asked import found, fresh_owner, jobs, road
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = ["received", "approved", "erasing", "copies", "proved", "answered"]


@pytest.fixture
def told(monkeypatch):
    """Whom a conclusion is told."""
    sent = []
    monkeypatch.setattr(request_concluded, "send", lambda **ids: sent.append(ids))
    return sent


def _hold(cast, **scope) -> LegalHold:
    with tenancy.scope(cast.alder.organization.id):
        return LegalHold.objects.create(
            organization_id=cast.alder.organization.id,
            reason_sealed=b"sealed",
            review_on=THREE.date(),
            placed_at=THREE,
            placed_by=cast.ada.id,
            **scope,
        )


def _release(cast, hold: LegalHold) -> None:
    with tenancy.scope(cast.alder.organization.id):
        release_hold(
            actor=fresh_owner(cast), hold_id=hold.id, reason="Settled", now=THREE
        )


class TestErasing:
    def test_takes_all_of_the_number_and_nothing_else(
        self, cast, make_due, three, ask, say_yes, told
    ):
        theirs, others = make_due(-90), make_due(-90, caller=OMAR)
        asking_id = uuid7()
        request_id = ask(asking_id=asking_id)
        assert is_whole(theirs)

        say_yes(request_id)
        run_all_jobs(cast)

        assert (is_gone(theirs), is_whole(others)) == (True, True)
        assert road(cast, request_id) == WHOLE
        assert told == [
            {
                "organization_id": cast.alder.organization.id,
                "request_id": request_id,
                "asking_id": asking_id,
            }
        ]

    def test_forgets_who_asked(self, cast, make_due, three, ask, say_yes, told):
        call = make_due(-90)
        request_id = ask(email="hannah@home.example", words="All of it, please.")
        before = found(cast, request_id)
        canaries = [
            bytes(call.caller_index),
            *(
                bytes(getattr(before, f"{one}_sealed"))
                for one in ("phone", "email", "words")
            ),
        ]
        clinic = cast.alder.organization.id
        assert keys().has_row_key(organization_id=clinic, row_id=request_id)
        assert [bool(rows_with(clinic, one)) for one in canaries] == [True] * 4

        say_yes(request_id)
        run_all_jobs(cast)

        assert [rows_with(clinic, one) for one in canaries] == [[]] * 4
        # What an older copy of the database has of it opens no more.
        assert not keys().has_row_key(organization_id=clinic, row_id=request_id)
        assert found(cast, request_id).forgotten_at == THREE

    def test_takes_what_an_older_request_of_the_number_knows(
        self, cast, make_due, three, ask, say_yes, told
    ):
        make_due(-90)
        older = ask(RightsKind.ACCESS, email="hannah@home.example", words="A copy")
        others = make_due(-90, caller=OMAR) and ask(RightsKind.ACCESS, phone_e164=OMAR)
        waiting = ask(RightsKind.EXPORT)
        for request_id in (older, others):
            say_yes(request_id)
        run_all_jobs(cast)
        assert found(cast, older).forgotten_at is None

        three.move(minutes=1)
        erasing = ask(now=three.at)
        with tenancy.scope(cast.alder.organization.id):
            approve(
                actor=fresh_owner(cast, at=three.at), request_id=erasing, now=three.at
            )
        run_all_jobs(cast)

        assert road(cast, erasing) == WHOLE
        again = found(cast, older)
        assert again.forgotten_at == three.at
        assert bytes(again.phone_index + again.email_sealed) == b""
        assert not keys().has_row_key(
            organization_id=cast.alder.organization.id, row_id=older
        )
        # Whose answer is still owed is needed until it is given.
        assert found(cast, waiting).forgotten_at is None
        assert found(cast, others).forgotten_at is None

    def test_does_not_come_again_when_its_job_does(
        self, cast, make_due, three, ask, say_yes, told
    ):
        make_due(-90)
        kept = make_due(-90, caller=OMAR)
        with tenancy.scope(kept.organization_id):
            # Its number's time was up before its sound's.
            type(kept).objects.filter(pk=kept.pk).update(
                metadata_erased_at=THREE, caller_index=b"", caller_sealed=b""
            )
        request_id = ask()
        say_yes(request_id)
        run_all_jobs(cast)
        with tenancy.scope(kept.organization_id):
            run = RetentionRun.objects.get()

        purge(organization_id=kept.organization_id, run_id=run.id, now=THREE)

        with tenancy.scope(kept.organization_id):
            again = type(kept).objects.get(pk=kept.pk)
            assert again.audio_erased_at is None
            assert again.utterances.count() == 2

    def test_leaves_what_was_said_after_the_decision(
        self, cast, make_due, three, ask, say_yes, told
    ):
        make_due(-90)
        later = make_due(-200)
        assert later.started_at > THREE
        request_id = ask()

        say_yes(request_id)
        run_all_jobs(cast)

        assert is_whole(later)
        assert road(cast, request_id) == WHOLE

    def test_takes_what_lies_in_the_bin_as_well(
        self, cast, make_due, three, ask, say_yes, told
    ):
        call = make_due(-90)
        with tenancy.scope(call.organization_id):
            type(call).objects.filter(pk=call.pk).update(
                deleted_at=THREE,
                deleted_by=cast.ada.id,
                restorable_until=THREE + RESTORABLE_FOR,
            )
        request_id = ask()

        say_yes(request_id)
        run_all_jobs(cast)

        with tenancy.scope(call.organization_id):
            again = type(call).with_deleted.get(pk=call.pk)
        assert (again.caller_sealed, again.caller_index) == (b"", b"")
        assert not has_key(call)
        assert road(cast, request_id) == WHOLE

    def test_is_not_begun_before_somebody_said_yes(self, cast, make_due, three, ask):
        call = make_due(-90)

        request_id = ask()
        run_all_jobs(cast)

        assert (is_whole(call), road(cast, request_id)) == (True, ["received"])


class TestOpening:
    def test_is_refused_where_nothing_is_known(self, cast, make_due, three, ask):
        make_due(-90)

        assert ask(phone_e164=OMAR) is None
        assert ask(phone_e164="", email="hannah@home.example") is None
        with tenancy.scope(cast.alder.organization.id):
            assert RightsRequest.objects.count() == 0

    def test_is_once_an_asking_and_kind(self, cast, make_due, three, ask):
        make_due(-90)
        asking_id = uuid7()

        first = ask(asking_id=asking_id)

        assert ask(asking_id=asking_id) == first
        assert ask(RightsKind.ACCESS, asking_id=asking_id) not in {first, None}
        with tenancy.scope(cast.alder.organization.id):
            assert RightsRequest.objects.count() == 2

    def test_is_of_one_clinic(self, cast, make_due, three, ask):
        make_due(-90)
        ask()

        with tenancy.scope(cast.birch.organization.id):
            assert RightsRequest.objects.count() == 0


class TestCopies:
    def test_that_are_not_confirmed_are_told_beside_the_answer(
        self, cast, make_due, three, ask, say_yes
    ):
        call = make_due(-90)
        request_id = ask()
        say_yes(request_id)
        run_all_jobs(cast)
        organization_id = cast.alder.organization.id

        def copy_elsewhere() -> bool:
            with tenancy.scope(organization_id):
                answer = read_answer(
                    organization_id=organization_id, request_id=request_id
                )
            assert answer.status == "done"
            return answer.has_copy_elsewhere

        assert copy_elsewhere() is False
        with tenancy.scope(organization_id):
            run = RetentionRun.objects.get(kind="request")
            leg = ErasureLeg.objects.create(
                organization_id=organization_id,
                run=run,
                processor="telnyx",
                kind="late",
                call_id=call.id,
                reference_sealed=b"sealed",
                state="escalated",
                asked_at=THREE,
            )
        assert copy_elsewhere() is True
        with tenancy.scope(organization_id):
            leg.delete()
        assert copy_elsewhere() is False


class TestHold:
    def test_keeps_its_part_and_lets_it_go_when_released(
        self, cast, make_due, three, ask, say_yes, told
    ):
        held, free = make_due(-90), make_due(-20)
        hold = _hold(cast, scope="call", call_id=held.id)
        request_id = ask()

        say_yes(request_id)
        run_all_jobs(cast)

        assert (is_whole(held), is_gone(free)) == (True, True)
        assert road(cast, request_id) == ["received", "approved", "erasing", "held"]
        with tenancy.scope(cast.alder.organization.id):
            answer = read_answer(
                organization_id=cast.alder.organization.id, request_id=request_id
            )
        assert (answer.status, told) == ("open", [])
        assert answer.reason_words.startswith("Part of it must be kept for now")

        _release(cast, hold)
        run_all_jobs(cast)

        assert is_gone(held)
        assert road(cast, request_id) == [
            *WHOLE[:3],
            "held",
            "erasing",
            "copies",
            "proved",
            "answered",
        ]
        assert len(told) == 1

    def test_that_was_released_forgets_whose_calls_it_kept(
        self, cast, make_due, three, ask, say_yes, told
    ):
        index = bytes(make_due(-90).caller_index)
        theirs = _hold(cast, scope="caller", caller_index=index)
        others = _hold(cast, scope="caller", caller_index=index[::-1])
        for hold in (theirs, others):
            _release(cast, hold)

        say_yes(ask())
        run_all_jobs(cast)

        with tenancy.scope(cast.alder.organization.id):
            theirs, others = LegalHold.objects.order_by("id")
        assert rows_with(cast.alder.organization.id, index) == []
        assert bytes(theirs.reason_sealed + theirs.release_reason_sealed) == b""
        assert (theirs.forgotten_at, others.forgotten_at) == (THREE, None)
        assert bytes(others.reason_sealed) == b"sealed"

    def test_that_another_stands_beside_goes_on_keeping(
        self, cast, make_due, three, ask, say_yes, told
    ):
        held = make_due(-90)
        hold = _hold(cast, scope="call", call_id=held.id)
        _hold(cast, scope="caller", caller_index=bytes(held.caller_index))
        request_id = ask()
        say_yes(request_id)
        run_all_jobs(cast)

        _release(cast, hold)
        run_all_jobs(cast)

        assert is_whole(held)
        assert road(cast, request_id)[-1] == "held"

    def test_whose_release_told_nobody_is_found_by_the_clock(
        self, cast, make_due, three, ask, say_yes, told
    ):
        held = make_due(-90)
        hold = _hold(cast, scope="all")
        request_id = ask()
        say_yes(request_id)
        run_all_jobs(cast)
        with tenancy.scope(cast.alder.organization.id):
            LegalHold.objects.filter(pk=hold.pk).update(released_at=THREE)
        assert jobs(cast, "compliance.rights_after_hold") == 0

        three.move(hours=1)
        watch_rights()
        run_all_jobs(cast)

        assert is_gone(held)
        assert road(cast, request_id)[-1] == "answered"

    def test_that_a_night_took_its_part_after_goes_on(
        self, cast, make_due, three, ask, say_yes, told
    ):
        held = make_due(0)
        hold = _hold(cast, scope="all")
        request_id = ask()
        say_yes(request_id)
        run_all_jobs(cast)
        with tenancy.scope(cast.alder.organization.id):
            LegalHold.objects.filter(pk=hold.pk).update(released_at=THREE)
            RetentionRun.objects.create(
                organization_id=cast.alder.organization.id,
                due_at=THREE,
                started_at=THREE,
            )
            night = RetentionRun.objects.get(kind="night")
        purge(organization_id=held.organization_id, run_id=night.id, now=THREE)
        assert is_gone(held)

        three.move(hours=1)
        watch_rights()
        run_all_jobs(cast)

        assert road(cast, request_id) == [*WHOLE[:3], "held", *WHOLE[3:]]

    def test_placed_while_it_runs_keeps_what_has_not_gone(
        self, cast, make_due, three, ask, say_yes, told
    ):
        calls = [make_due(-90), make_due(-20)]
        request_id = ask()
        say_yes(request_id)
        hold = _hold(cast, scope="all")
        run_all_jobs(cast)
        assert [is_whole(call) for call in calls] == [True, True]
        assert road(cast, request_id)[-1] == "held"

        three.move(days=40)
        _release(cast, hold)
        run_all_jobs(cast)

        assert [is_gone(call) for call in calls] == [True, True]
        assert road(cast, request_id)[-1] == "answered"
