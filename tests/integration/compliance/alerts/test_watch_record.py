from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from accounts.models import CustomRole, Membership, Organization
from accounts.permissions import Role
from compliance.alerts import stream
from compliance.alerts.models import AlertThresholds
from compliance.alerts.services import watch_record as watching
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast
from tests.clock import StoppedClock
from tests.integration.compliance.alerts.record import (
    alerts,
    letters_asked_for,
    look,
    refuse_sign_in,
    rows,
    told,
    write,
)

EXPORTED = "compliance.access.exported"
REVEALED = "telephony.caller.revealed"


def choose(cast: Cast, **thresholds: int) -> None:
    organization = cast.alder.organization
    with tenancy.scope(organization.id):
        AlertThresholds.objects.create(organization=organization, **thresholds)


class TestClinicThatFails:
    def test_holds_up_no_other_and_is_looked_at_again(
        self, cast: Cast, monkeypatch, caplog
    ):
        for clinic, who in ((cast.alder, cast.ada), (cast.birch, cast.dot)):
            write(clinic, EXPORTED, who, count=1000)
        first = min(cast.alder.organization.id, cast.birch.organization.id)
        real = watching.raise_alerts

        def fails(*, organization_id, lines, now):
            if organization_id == first:
                raise ValueError("of its settings")
            real(organization_id=organization_id, lines=lines, now=now)

        with monkeypatch.context() as broken:
            broken.setattr(watching, "raise_alerts", fails)
            look()

        both = {
            cast.alder.organization.id: (cast.alder, cast.ada),
            cast.birch.organization.id: (cast.birch, cast.dot),
        }
        (broken_one, _), whole = both.pop(first), both.popitem()[1]
        assert told(broken_one) == []
        assert told(whole[0]) == [("mass_export", whole[1].id, 1000)]
        assert "a clinic's record was not watched" in caplog.messages
        assert "of its settings" not in caplog.text

        look()

        assert len(told(broken_one)) == 1
        assert told(whole[0]) == [("mass_export", whole[1].id, 1000)]


class TestEachPattern:
    def test_much_taken_along_by_one(self, cast: Cast):
        write(cast.alder, EXPORTED, cast.cy, count=999)
        write(cast.alder, EXPORTED, cast.ada, count=600)
        write(cast.alder, "telephony.messages.read", cast.ada, count=400)

        look()

        assert told(cast.alder) == [("mass_export", cast.ada.id, 1000)]

    def test_callers_shown_at_night(self, cast: Cast, stopped_clock: StoppedClock):
        stopped_clock.at = NOW.replace(hour=5)  # 23:00 in Chicago
        write(cast.alder, REVEALED, cast.ben, times=3)

        look()

        assert told(cast.alder) == [("night_reveals", cast.ben.id, 3)]

    def test_not_callers_shown_by_day(self, cast: Cast, stopped_clock: StoppedClock):
        stopped_clock.at = NOW
        write(cast.alder, REVEALED, cast.ben, times=50)

        look()

        assert told(cast.alder) == []

    def test_wrong_passwords_of_members_together(self, cast: Cast):
        refuse_sign_in(cast.ada, times=7)
        refuse_sign_in(cast.ben, times=7)
        refuse_sign_in(cast.dot, times=3)
        refuse_sign_in(None, times=50)
        look()
        assert told(cast.alder) == []

        write(cast.alder, "accounts.factor.refused", cast.ben)
        look()

        assert told(cast.alder) == [("failed_sign_ins", None, 15)]
        assert told(cast.birch) == []

    def test_refused_answers_of_the_directory_and_refused_keys(self, cast: Cast):
        write(cast.alder, "accounts.sso.refused", None, kind="system", times=8)
        write(cast.alder, "accounts.api_key.refused", None, kind="system", times=6)
        look()
        assert told(cast.alder) == []

        write(cast.alder, "accounts.factor.refused", cast.ben)
        look()

        assert told(cast.alder) == [("failed_sign_ins", None, 15)]
        assert told(cast.birch) == []

    def test_not_wrong_passwords_of_somebody_who_was_let_go(self, cast: Cast):
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(ended_at=NOW)
        refuse_sign_in(cast.ben, times=20)

        look()

        assert told(cast.alder) == []

    def test_things_that_are_not_the_clinics(self, cast: Cast):
        write(cast.alder, "accounts.thing.refused", cast.ben, times=4)
        look()
        assert told(cast.alder) == []

        write(cast.alder, "accounts.thing.refused", cast.ben)
        look()

        assert told(cast.alder) == [("not_theirs", cast.ben.id, 5)]

    @pytest.mark.parametrize(
        ("action", "rule"),
        [
            ("accounts.sign_in.moved", "new_place"),
            ("accounts.operator_session.started", "operator_look"),
        ],
    )
    def test_what_is_told_at_the_first_time(self, cast: Cast, action: str, rule: str):
        write(cast.alder, action, cast.ben)

        look()

        assert told(cast.alder) == [(rule, cast.ben.id, 1)]
        assert told(cast.birch) == []


class TestAlert:
    def test_is_raised_within_a_minute(self, cast: Cast, stopped_clock: StoppedClock):
        assert settings.CELERY_BEAT_SCHEDULE["watch-record"] == {
            "task": "compliance.watch_record",
            "schedule": 20.0,
        }
        written_at = stopped_clock.at
        write(cast.alder, EXPORTED, cast.ada, count=1000)

        stopped_clock.move(seconds=20)
        look()

        (alert,) = alerts(cast.alder)
        assert alert.raised_at - written_at == timedelta(seconds=20)
        assert (alert.first_at, alert.last_at) == (written_at, written_at)

    def test_is_written_down_and_asks_for_letters_to_who_sees_the_record(
        self, cast: Cast
    ):
        write(cast.alder, EXPORTED, cast.ben, count=1000)

        look()

        (alert,) = alerts(cast.alder)
        (row,) = rows(cast.alder, "compliance.alert.raised")
        assert (row.actor_kind, row.actor_id) == ("system", None)
        assert (row.subject_kind, row.subject_id) == ("security_alert", alert.id)
        assert row.facts == {
            "rule": "mass_export", "count": 1000, "actor": str(cast.ben.id)
        }  # fmt: skip
        assert letters_asked_for(cast) == {cast.ada.email, cast.cy.email}

    def test_asks_for_a_letter_to_who_sees_the_record_by_a_role_of_the_clinics_own(
        self, cast: Cast
    ):
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            role = CustomRole.objects.create(
                organization=organization,
                name="Night desk",
                permissions=["calls.view", "access.view"],
                created_at=NOW,
            )
            Membership.objects.filter(user=cast.ben).update(
                custom_role=role, role=Role.VIEWER
            )
            Membership.objects.filter(user=cast.cy).update(ended_at=NOW)
        write(cast.alder, EXPORTED, cast.ben, count=1000)

        look()

        assert letters_asked_for(cast) == {cast.ada.email, cast.ben.email}

    def test_is_told_once_however_often_one_looks(self, cast: Cast):
        write(cast.alder, EXPORTED, cast.ben, count=1000)

        for _ in range(3):
            look()

        assert told(cast.alder) == [("mass_export", cast.ben.id, 1000)]
        assert len(rows(cast.alder, "compliance.alert.raised")) == 1

    def test_grows_without_another_letter(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        write(cast.alder, EXPORTED, cast.ben, count=1000)
        look()
        stopped_clock.move(minutes=5)
        write(cast.alder, EXPORTED, cast.ben, count=20)

        look()

        assert told(cast.alder) == [("mass_export", cast.ben.id, 1020)]
        assert len(rows(cast.alder, "compliance.alert.raised")) == 1

    def test_goes_by_the_clinics_own_thresholds(self, cast: Cast):
        choose(cast, mass_export_rows=50)
        write(cast.alder, EXPORTED, cast.ben, count=50)
        write(cast.birch, EXPORTED, cast.dot, count=50)

        look()

        assert told(cast.alder) == [("mass_export", cast.ben.id, 50)]
        assert told(cast.birch) == []

    def test_has_thresholds_that_the_database_keeps_within_bounds(self, cast: Cast):
        with pytest.raises(DatabaseError, match="alert_thresholds_within_bounds"):
            choose(cast, night_from_hour=24)


class TestLook:
    def test_reads_only_clinics_with_something_new(self, cast: Cast):
        write(cast.alder, "telephony.today.viewed", cast.ben)
        assert stream.list_written(stream.read_horizon()[0]) == []

        write(cast.alder, EXPORTED, cast.ben, count=1)
        assert stream.list_written(stream.read_horizon()[0]) == [
            cast.alder.organization.id
        ]

    def test_adds_up_what_came_in_different_looks(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        for _ in range(3):
            assert told(cast.alder) == []
            stopped_clock.move(minutes=20)
            write(cast.alder, EXPORTED, cast.ben, count=400)
            look()

        assert told(cast.alder) == [("mass_export", cast.ben.id, 1200)]

    def test_that_comes_late_misses_nothing(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        write(cast.alder, EXPORTED, cast.ben, count=1000)
        stopped_clock.move(hours=30)

        look()

        assert told(cast.alder) == [("mass_export", cast.ben.id, 1000)]


@pytest.mark.django_db(transaction=True)
class TestKill:
    def test_leaves_the_look_to_be_done_again(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ):
        _low, high = stream.read_horizon()
        stream.move_horizon(high)
        write(cast.alder, EXPORTED, cast.ben, count=1000)
        write(cast.birch, EXPORTED, cast.dot, count=1000)
        raised = watching.raise_alerts

        def die_after_one(**words: object) -> None:
            raised(**words)
            raise KeyboardInterrupt

        with monkeypatch.context() as killed:
            killed.setattr(watching, "raise_alerts", die_after_one)
            for _ in range(2):
                with pytest.raises(KeyboardInterrupt):
                    look()
        assert told(cast.alder) == told(cast.birch) == []

        look()
        look()

        assert told(cast.alder) == [("mass_export", cast.ben.id, 1000)]
        assert told(cast.birch) == [("mass_export", cast.dot.id, 1000)]

    def test_moves_on_once_all_is_done(self, cast: Cast):
        write(cast.alder, EXPORTED, cast.ben, count=1000)
        look()

        low, _high = stream.read_horizon()

        assert stream.list_written(low) == []


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_tell_once(self, cast: Cast):
        stream.move_horizon(stream.read_horizon()[1])
        write(cast.alder, EXPORTED, cast.ben, count=1000)
        refuse_sign_in(cast.ben, times=15)

        def look_and_leave(_number: int) -> None:
            look()
            connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(look_and_leave, range(8)))

        assert sorted(rule for rule, _who, _count in told(cast.alder)) == [
            "failed_sign_ins", "mass_export"
        ]  # fmt: skip
        assert len(rows(cast.alder, "compliance.alert.raised")) == 2


class TestQuietDay:
    def test_of_a_busy_clinic_raises_nothing(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        morning = NOW.replace(hour=13, minute=0)  # 07:00 in Chicago
        for half_hour in range(26):
            stopped_clock.at = morning + timedelta(minutes=30 * half_hour)
            _half_an_hour(cast, half_hour)
            look()

        assert told(cast.alder) == []
        with tenancy.scope(cast.alder.organization.id):
            assert Organization.objects.get().timezone == "America/Chicago"
        assert utc_now() - morning == timedelta(hours=12, minutes=30)


def _half_an_hour(cast: Cast, number: int) -> None:
    """What three busy people and a program do: 26 of these are a day, until 20:00."""
    for person in (cast.ada, cast.ben, cast.cy):
        write(cast.alder, "telephony.today.viewed", person, times=5)
        write(cast.alder, "telephony.calls.listed", person, times=5, count=25)
        write(cast.alder, "recordings.transcript.read", person, times=15)
        write(cast.alder, "recordings.playback.granted", person, times=6)
        write(cast.alder, REVEALED, person, times=2)
    # A program that fetches new messages each minute, and finds a few.
    write(
        cast.alder, "telephony.messages.read", None, kind="api_key", times=30, count=2
    )
    if number % 8 == 0:
        # Back from a break: a typing error each, and one link that is too old.
        refuse_sign_in(cast.ada)
        refuse_sign_in(cast.ben, times=2)
        write(cast.alder, "accounts.factor.refused", cast.ben)
        write(cast.alder, "accounts.thing.refused", cast.ben)
    if number == 25:
        write(cast.alder, EXPORTED, cast.cy, count=300)
