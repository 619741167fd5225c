"""A closing from the question to the last date, by a clock that is moved."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.db import connection

from accounts.entitlements import Plan
from accounts.joining.models import Invitation
from accounts.models import Membership
from accounts.permissions import MEMBER_ROLES, Role
from accounts.sso.models import DirectoryIdentity
from accounts.way_in import organization_ids, signing_in
from compliance.closing.models import Closing
from compliance.closing.services import advance as advancing
from compliance.closing.services import letters
from compliance.copies.models import ErasureLeg
from compliance.keys.keys import keys
from compliance.ledger.models import AuditLog
from compliance.retention.models import RetentionRun
from recordings.storage_names import object_name
from sondervoice.kernel import tenancy
from sondervoice.kernel.clinic_rows import staying
from sondervoice.kernel.errors import VendorError
from telephony.messages.models import Message
from telephony.models import Call
from tests.cast import join
from tests.integration.compliance.closing.rest import CANARY, fill_rest
from tests.integration.compliance.closing.steps import (
    ask,
    close_whole,
    counts,
    organization,
    read,
    release_holds,
    tick,
)
from tests.matrix.rows import fingerprint
from tests.owner import as_owner, tables_with

Step = Closing.Step
SECOND = timedelta(seconds=1)


@pytest.fixture
def alder(world, clock):
    fill_rest(world.alder)
    release_holds(world.alder, at=clock.at)
    return world.alder


def _canaries(alder) -> list[str]:
    """Return words and sealed bytes that stand in rows of the clinic."""
    with tenancy.scope(alder.clinic.organization.id):
        call, message = Call.objects.get(), Message.objects.get()
        sealed = [
            call.caller_sealed,
            call.caller_index,
            call.caller_name_sealed,
            message.text_sealed,
            call.utterances.first().text_sealed,
        ]
        carrier = call.carrier_call_id
    # As a column of a row: another's address may end like it.
    people = [f",{alder.people[role].email}," for role in MEMBER_ROLES]
    names = [alder.people[role].full_name for role in MEMBER_ROLES]
    own = ["Alder Clinic", "car park behind the house", "+13125550100", "Dr. Okafor"]
    return [
        CANARY,
        "new@home.example",
        "Home directory",
        carrier,
        *(bytes(one).hex() for one in sealed),
        *people,
        *names,
        *own,
    ]


class TestWholeClosing:
    def test_takes_every_row_and_every_canary_with_it(self, world, alder, clock):
        before = counts(alder)
        assert [name for name, count in before.items() if not count] == []
        canaries = _canaries(alder)
        where = tables_with(*canaries)
        assert [canary for canary, tables in where.items() if not tables] == []

        closing = close_whole(alder, clock)

        assert closing.step == Step.CLOSED
        assert {name: count for name, count in counts(alder).items() if count} == {}
        shared = {"Dr. Okafor", "car park behind the house"}
        # Birch has some of the same words, and its own keep theirs.
        left = tables_with(*(one for one in canaries if one not in shared))
        # A certificate says whose data went, and was signed so.
        certified = {"Alder Clinic": ["certificates_deletioncertificate"]}
        assert {one: tables for one, tables in left.items() if tables} == certified

    def test_leaves_another_clinic_as_it_is(self, world, alder, clock):
        before = fingerprint(world.birch.clinic.organization.id)

        close_whole(alder, clock)

        assert fingerprint(world.birch.clinic.organization.id) == before

    def test_destroys_the_sound_and_all_keys(self, world, alder, clock):
        organization_id = alder.clinic.organization.id
        with tenancy.scope(organization_id):
            name = object_name(organization_id, Call.objects.get().id)
        assert storages["recordings"].exists(name)
        assert keys().has_any(organization_id)

        close_whole(alder, clock)

        assert not storages["recordings"].exists(name)
        assert not keys().has_any(organization_id)
        assert keys().has_any(world.birch.clinic.organization.id)

    def test_leaves_a_row_without_a_name_and_the_record(self, alder, clock):
        organization_id = alder.clinic.organization.id
        with tenancy.scope(organization_id):
            before = AuditLog.objects.count()

        close_whole(alder, clock)

        row = organization(alder)
        assert (row.name, row.slug) == ("closed clinic", f"closed-{organization_id}")
        assert row.agency_id is None
        with tenancy.scope(organization_id):
            said = AuditLog.objects.filter(action__startswith="compliance.closing.")
            actions = [one.action for one in said.order_by("at", "id")]
            assert AuditLog.objects.count() > before
        assert actions == [
            f"compliance.closing.{word}"
            for word in (
                "asked",
                "calls_stopped",
                "doors_shut",
                "erased",
                "keys_destroyed",
                "people_let_go",
                "finished",
            )
        ]
        assert "closing.Closing" in staying()

    def test_is_seen_by_no_nightly_work_any_more(self, world, alder, clock):
        close_whole(alder, clock)

        assert organization_ids() == [world.birch.clinic.organization.id]


class TestDates:
    def test_take_nothing_a_second_before_the_grace_ends(self, alder, clock):
        before = counts(alder)
        closing = ask(alder, at=clock.at)

        clock.at = closing.grace_ends_at - SECOND
        tick(alder)

        assert counts(alder) == before
        assert read(alder).step == Step.GRACE
        assert organization(alder).name == "Alder Clinic"

    def test_take_what_callers_left_on_the_day_the_grace_ends(self, alder, clock):
        closing = ask(alder, at=clock.at)

        clock.at = closing.grace_ends_at
        tick(alder)

        left = {name for name, count in counts(alder).items() if count}
        assert left == {
            "accounts.CustomRole",
            "accounts.Membership",
            "accounts.ObjectGrant",
        }
        assert read(alder).step == Step.KEYS_DESTROYED
        assert clock.at < closing.personal_gone_by

    def test_keep_billing_to_the_second_and_then_let_it_go(self, alder, clock):
        # The record's months up to then; the clock's own task makes three.
        with connection.cursor() as cursor:
            cursor.execute("SELECT make_audit_partitions(6)")
        closing = close_whole(alder, clock)
        assert organization(alder).plan == Plan.ENTERPRISE

        clock.at = closing.billing_kept_until - SECOND
        tick(alder)
        assert organization(alder).plan == Plan.ENTERPRISE
        assert read(alder).step == Step.CLOSED

        clock.at = closing.billing_kept_until
        tick(alder)

        assert organization(alder).plan == Plan.STARTER
        assert read(alder).billing_purged_at == closing.billing_kept_until
        assert read(alder).billing_purged_at < closing.billing_gone_by

    def test_wait_ten_minutes_for_keys_in_memory(self, alder, clock):
        closing = ask(alder, at=clock.at)
        clock.at = closing.grace_ends_at
        tick(alder)
        tick(alder)
        assert read(alder).step == Step.PEOPLE_LET_GO

        clock.move(seconds=599)
        tick(alder)
        assert read(alder).step == Step.PEOPLE_LET_GO

        clock.move(seconds=1)
        tick(alder)
        assert read(alder).step == Step.CLOSED

    def test_are_said_to_be_late_when_they_are(self, alder, clock, caplog, monkeypatch):
        monkeypatch.setattr(advancing, "keys", _Stuck)
        closing = ask(alder, at=clock.at)
        clock.at = closing.personal_gone_by
        tick(alder)
        caplog.clear()

        tick(alder)

        assert read(alder).step == Step.ERASED
        assert [
            one.message for one in caplog.records if one.levelname == "CRITICAL"
        ] == ["closing is late"]

    def test_say_that_billing_is_late_on_the_day_it_should_be_gone(
        self, alder, clock, caplog, monkeypatch
    ):
        with connection.cursor() as cursor:
            cursor.execute("SELECT make_audit_partitions(7)")
        closing = close_whole(alder, clock)
        monkeypatch.setattr(advancing, "purge_billing", _cannot)
        said = []
        for at in (closing.billing_gone_by - SECOND, closing.billing_gone_by):
            clock.at = at
            caplog.clear()
            tick(alder)
            lines = [one for one in caplog.records if one.levelname == "CRITICAL"]
            said.append([one.message for one in lines])

        assert read(alder).step == Step.CLOSED
        assert said == [[], ["closing is late"]]


def _cannot(_organization_id) -> None:
    raise VendorError("billing", category="status_500", permanent=False)


class _Stuck:
    """A key store that lets nothing go."""

    def destroy_all(self, _organization_id) -> None:
        pass

    def has_any(self, _organization_id) -> bool:
        return True


class TestCopiesElsewhere:
    def test_keep_the_keys_until_the_processor_has_none(self, alder, clock):
        closing = ask(alder, at=clock.at)
        organization_id = closing.organization_id
        with tenancy.scope(organization_id):
            leg = ErasureLeg.objects.create(
                organization_id=organization_id,
                run=RetentionRun.objects.create(
                    organization_id=organization_id,
                    due_at=clock.at,
                    started_at=clock.at,
                ),
                processor="carrier",
                kind="recording",
                call_id=closing.id,
                reference_sealed=b"sealed",
                asked_at=clock.at,
            )
        clock.at = closing.grace_ends_at
        tick(alder)
        assert (read(alder).step, keys().has_any(organization_id)) == (
            Step.ERASED,
            True,
        )

        with tenancy.scope(organization_id):
            ErasureLeg.objects.filter(pk=leg.pk).update(
                state="gone",
                reference_sealed=b"",
                looked_at=clock.at,
                answered_at=clock.at,
            )
        tick(alder)

        assert (read(alder).step, keys().has_any(organization_id)) == (
            Step.KEYS_DESTROYED,
            False,
        )


class TestUnsentLetters:
    def test_hold_the_last_step_up_until_the_day_before_the_promise(
        self, alder, clock, monkeypatch
    ):
        def refuse(*_args, **_words):
            raise VendorError("mail", category="down", permanent=True)

        monkeypatch.setattr(letters, "write", refuse)
        closing = ask(alder, at=clock.at)
        clock.at = closing.personal_gone_by - timedelta(days=1) - SECOND
        tick(alder)
        tick(alder)
        assert read(alder).step == Step.KEYS_DESTROYED

        clock.at += SECOND
        tick(alder)

        assert read(alder).step == Step.PEOPLE_LET_GO
        assert organization(alder).name == "closed clinic"


class TestSecondLook:
    def test_takes_a_key_that_another_process_made_anew(self, alder, clock):
        organization_id = alder.clinic.organization.id
        closing = ask(alder, at=clock.at)
        clock.at = closing.grace_ends_at
        tick(alder)
        tick(alder)
        keys().index(organization_id, kind="phone", value="+13125550171")
        assert keys().has_any(organization_id)

        clock.move(minutes=10)
        tick(alder)
        assert (read(alder).step, keys().has_any(organization_id)) == (
            Step.PEOPLE_LET_GO,
            False,
        )

        tick(alder)
        assert read(alder).step == Step.CLOSED


class TestPeople:
    def test_who_are_nowhere_else_lose_their_accounts(self, world, alder, clock):
        owner, left, left_at = alder.people[Role.OWNER], world.birch, clock.at
        _leave_traces(owner, left, at=left_at)

        close_whole(alder, clock)

        rows = as_owner(
            "SELECT email, full_name, is_active, second_factor_since, password "
            "FROM accounts_user WHERE id = %s",
            [owner.pk],
        )
        nobody = f"closed-{owner.pk}@closed.invalid"
        assert rows == [(nobody, "", False, None, "!")]
        with tenancy.scope(left.clinic.organization.id):
            assert not DirectoryIdentity.objects.filter(user=owner).exists()
            invited = Invitation.objects.filter(email__in=[nobody, owner.email])
            # The one that is open is theirs to accept.
            assert set(invited.values_list("used_at", "email")) == {
                (left_at, nobody),
                (None, owner.email),
            }

    def test_who_belong_elsewhere_keep_theirs(self, world, alder, clock):

        both = alder.people[Role.CLINICIAN]
        join(world.birch.clinic, both, Role.VIEWER)
        agent = alder.people[Role.AGENCY_ADMINISTRATOR]
        before = _accounts(both, agent)

        close_whole(alder, clock)

        after = _accounts(both, agent)
        assert [row[:3] for row in after] == [row[:3] for row in before]
        assert [row[2] for row in after] == [True, True]

    def test_who_were_let_go_before_have_an_account_of_their_own(self, alder, clock):

        gone = alder.people[Role.BILLING]
        with tenancy.scope(alder.clinic.organization.id):
            Membership.objects.filter(user=gone).update(ended_at=clock.at)

        close_whole(alder, clock)

        assert _accounts(gone)[0][:3] == (gone.email, gone.full_name, True)


def _leave_traces(person, side, *, at) -> None:
    """Have the person been at a clinic before, and be invited there again."""
    clinic = {"organization": side.clinic.organization}
    join(side.clinic, person, Role.VIEWER)
    with tenancy.scope(side.clinic.organization.id), signing_in():
        Membership.objects.filter(user=person).update(ended_at=at)
        DirectoryIdentity.objects.create(
            **clinic, user=person, issuer="issuer", subject=CANARY, created_at=at
        )
        for used_at in (at, None):
            Invitation.objects.create(
                **clinic,
                email=person.email,
                role=Role.VIEWER,
                invited_by=side.people[Role.OWNER],
                created_at=at,
                expires_at=at + timedelta(days=30),
                used_at=used_at,
            )


def _accounts(*people):
    return [
        as_owner(
            "SELECT email, full_name, is_active FROM accounts_user WHERE id = %s",
            [one.pk],
        )[0]
        for one in people
    ]


class TestLetters:
    def test_go_to_owners_at_each_stage_and_to_the_agency_at_first(self, alder, clock):
        mail.outbox.clear()
        closing = ask(alder, at=clock.at)
        tick(alder)
        owners = ["ada@alder-clinic.example", alder.people[Role.OWNER].email]
        owner = owners[1]
        agency = alder.people[Role.AGENCY_ADMINISTRATOR].email
        assert sorted((one.to[0], one.subject) for one in mail.outbox) == [
            (to, "The account of Alder Clinic closes")
            for to in (owners[0], agency, owner)
        ]
        said = {one.to[0]: one.body for one in mail.outbox}
        # Midnight UTC by Chicago's clock.
        assert "Until 3 December 2026, 18:00 an owner can keep it" in said[owner]
        assert "America/Chicago time" in said[owner]
        assert "/app/settings/clinic/close/" in said[owner]
        assert "/app/settings/clinic/close/" not in said[agency]

        mail.outbox.clear()
        clock.at = closing.reminder_at - SECOND
        tick(alder)
        assert mail.outbox == []
        clock.at = closing.reminder_at
        tick(alder)
        tick(alder)
        assert sorted((one.to[0], one.subject) for one in mail.outbox) == [
            (to, "The account of Alder Clinic closes in three days") for to in owners
        ]

        mail.outbox.clear()
        clock.at = closing.grace_ends_at
        tick(alder)
        clock.move(minutes=11)
        tick(alder)
        assert sorted((one.to[0], one.subject) for one in mail.outbox) == [
            (to, subject)
            for to in owners
            for subject in (
                "The account of Alder Clinic is closed",
                "The data of Alder Clinic is erased",
            )
        ]
        assert read(alder).step == Step.CLOSED
