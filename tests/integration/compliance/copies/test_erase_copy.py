"""One copy elsewhere: what a processor answers, and what is said of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from compliance.copies.models import ErasureLeg
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from tests.fakes.processor import refusal
from tests.integration.compliance.copies.legs import (
    begin_night,
    copies_of,
    leg_of,
    try_copies,
)
from tests.integration.compliance.retention.nights import THREE, is_gone, run_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(make_due, three, telnyx):
    call = make_due(0)
    telnyx.kept[f"leg:{call.carrier_call_id}"] = 2
    begin_night()
    return call


def _waits_s(call) -> float:
    with tenancy.scope(call.organization_id):
        job = OutboxJob.objects.get(task="compliance.erase_copy")
    return (job.next_at - THREE).total_seconds()


class TestCopy:
    def test_is_asked_for_once_the_rows_are_gone(self, call, telnyx):
        leg = leg_of(call)

        assert is_gone(call)
        assert run_of(call.organization_id).finished_at == THREE
        assert (leg.state, leg.asked_at, telnyx.asked) == ("waiting", THREE, [])
        assert call.carrier_call_id.encode() not in bytes(leg.reference_sealed)

    def test_is_gone_when_a_look_found_nothing(self, call, telnyx, told):
        try_copies()

        leg = leg_of(call)
        assert (leg.state, leg.found, leg.last_answer) == ("gone", 2, "200")
        assert (leg.answered_at, leg.looked_at) == (THREE, THREE)
        assert bytes(leg.reference_sealed) == b""
        assert telnyx.looked == [f"leg:{call.carrier_call_id}"]
        assert told == ["run_settled", "copies_gone"]

    def test_that_never_was_needs_no_second_look(self, call, telnyx):
        telnyx.kept.clear()

        try_copies()

        leg = leg_of(call)
        assert (leg.state, leg.found, leg.looked_at) == ("gone", 0, THREE)
        assert telnyx.looked == []

    def test_that_is_still_there_has_no_receipt(self, call, telnyx, told):
        telnyx.undeletable = True

        try_copies()

        leg = leg_of(call)
        assert (leg.state, leg.last_answer) == ("waiting", "still_there")
        assert leg.looked_at is None
        assert len(leg.reference_sealed) > 0
        assert told == []

    @pytest.mark.parametrize(
        "category", ["status_500", "unreachable", "garbled", "status_429"]
    )
    def test_is_asked_for_again_longer_apart_each_time(self, call, telnyx, category):
        telnyx.problems += [refusal(category)] * 12
        waits = []
        for _ in range(12):
            try_copies()
            waits.append(_waits_s(call))

        leg = leg_of(call)
        assert (leg.state, leg.attempts, leg.last_answer) == ("waiting", 12, category)
        assert 30 <= waits[0] <= 60
        assert 60 <= waits[1] <= 120
        assert 1_800 <= waits[11] <= 3_600

        try_copies()
        assert leg_of(call).state == "gone"

    def test_is_left_alone_for_as_long_as_was_asked(self, call, telnyx):
        telnyx.problems.append(refusal("status_429", retry_after_s=5_000))

        try_copies()

        assert _waits_s(call) == 5_000

    @pytest.mark.parametrize("category", ["status_401", "status_403"])
    def test_we_may_not_ask_for_is_told_at_once_and_tried_daily(
        self, call, telnyx, category, settings, told, caplog
    ):
        settings.DPO_MAIL = "dpo@alder.example"
        telnyx.problems.append(refusal(category))

        try_copies()

        leg = leg_of(call)
        assert (leg.state, leg.escalated_at) == ("escalated", THREE)
        assert _waits_s(call) == 86_400
        assert told == ["run_settled"]
        assert [letter.to for letter in mail.outbox] == [["dpo@alder.example"]]
        assert category in mail.outbox[0].body
        criticals = [one for one in caplog.records if one.levelname == "CRITICAL"]
        assert [one.message for one in criticals] == ["a copy elsewhere is not gone"]
        assert _stuck(call) == [(leg.id, {"attempts": 1, "run_id": str(leg.run_id)})]

        try_copies()

        assert leg_of(call).state == "gone"
        assert told == ["run_settled", "copies_gone"]
        assert len(mail.outbox) == 1

    def test_stuck_for_a_day_reaches_a_person_each_day(
        self, call, telnyx, three, settings, told
    ):
        settings.SECURITY_MAIL = "security@alder.example"
        telnyx.problems += [refusal("status_500")] * 6
        try_copies()
        three.move(hours=23, minutes=59)
        try_copies()
        assert (leg_of(call).state, mail.outbox, told) == ("waiting", [], [])

        three.move(minutes=1)
        try_copies()
        three.move(hours=1)
        try_copies()

        leg = leg_of(call)
        assert leg.escalated_at == THREE + timedelta(hours=24)
        assert [letter.to for letter in mail.outbox] == [["security@alder.example"]]
        assert len(_stuck(call)) == 1
        assert told == ["run_settled"]
        assert copies_of(call).gone_at is None

        three.move(hours=22, minutes=59)
        try_copies()
        assert len(mail.outbox) == 1
        three.move(minutes=1)
        try_copies()
        assert len(mail.outbox) == 2
        assert len(_stuck(call)) == 1
        three.move(days=1)
        try_copies()
        assert leg_of(call).state == "gone"
        assert (len(mail.outbox), told) == (2, ["run_settled", "copies_gone"])

    def test_that_nobody_can_be_told_of_is_said_aloud(
        self, call, telnyx, settings, caplog
    ):
        settings.DPO_MAIL = settings.SECURITY_MAIL = ""
        telnyx.problems.append(refusal("status_403"))

        try_copies()

        criticals = [one for one in caplog.records if one.levelname == "CRITICAL"]
        assert [one.message for one in criticals] == [
            "a copy elsewhere is not gone",
            "nobody is told of a stuck copy: set DPO_MAIL or SECURITY_MAIL",
        ]
        assert mail.outbox == []

    def test_whose_keys_are_gone_is_told_at_once(self, call, telnyx, monkeypatch):
        from compliance.copies.services import erase_copy  # noqa: PLC0415

        monkeypatch.setattr(erase_copy, "_reference", lambda leg: None)

        try_copies()

        leg = leg_of(call)
        assert (leg.state, leg.last_answer) == ("escalated", "key_gone")
        assert telnyx.asked == []

    def test_cannot_be_gone_without_a_look(self, call):
        with (
            tenancy.scope(call.organization_id),
            pytest.raises(IntegrityError, match="leg_gone_was_looked_at"),
            transaction.atomic(),
        ):
            ErasureLeg.objects.update(state="gone", reference_sealed=b"")


def _stuck(call):
    with tenancy.scope(call.organization_id):
        rows = AuditLog.objects.filter(action="compliance.copy.stuck")
        return [(row.subject_id, row.facts) for row in rows]


class TestManyStuck:
    def test_are_one_letter(self, make_due, three, telnyx, settings):
        settings.DPO_MAIL = "dpo@alder.example"
        calls = [make_due(0) for _ in range(3)]
        begin_night()
        telnyx.problems += [refusal("status_401")] * 3

        try_copies(3)

        assert [leg_of(call).state for call in calls] == ["escalated"] * 3
        assert len(mail.outbox) == 1
        assert len(_stuck(calls[0])) == 3
