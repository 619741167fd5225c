from datetime import timedelta

import pytest

from accounts.permissions import Role
from compliance.closing.models import Closing
from sondervoice.kernel import tenancy
from tests.integration.compliance.closing.steps import ask, read, release_holds, tick

PAGE = "/app/settings/clinic/close/"
KEEP = "/app/settings/clinic/keep/"


@pytest.fixture
def owner(world, signed_in):
    return signed_in(world.alder.people[Role.OWNER])


class TestClosePage:
    def test_shows_all_dates_by_the_clinics_clock_before_anything_happens(
        self, world, owner
    ):
        words = owner.get(PAGE).content.decode()

        assert [
            date
            for date in (
                "3 December 2026, 18:00",
                "25 December 2026",
                "25 March 2027",
                "3 March 2027",
                "2 April 2027",
                "1 July 2027",
                "2 April 2034",
            )
            if date not in words
        ] == []
        assert read(world.alder) is None

    def test_is_led_to_from_the_clinics_page_for_owners_alone(
        self, world, owner, signed_in
    ):
        other = signed_in(world.alder.people[Role.ADMINISTRATOR])

        assert PAGE in owner.get("/app/settings/clinic/").content.decode()
        assert PAGE not in other.get("/app/settings/clinic/").content.decode()
        assert other.get(PAGE).status_code == 403

    def test_asks_for_the_second_factor_again_after_five_minutes(
        self, world, owner, clock
    ):
        clock.move(minutes=6)

        shown = owner.get(PAGE)
        sent = owner.post(PAGE, {"name": "Alder Clinic", "calls": "now"})

        assert shown.status_code == 302
        assert "/accounts/second-factor/" in shown.headers["Location"]
        assert sent.status_code == 403
        assert read(world.alder) is None

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({"calls": "grace"}, "Write the clinic"),
            (
                {"name": "Birch Legal", "calls": "grace"},
                "This is not the clinic",
            ),
            ({"name": "Alder Clinic"}, "Say when calls stop."),
        ],
    )
    def test_says_what_is_wrong_and_changes_nothing(self, world, owner, body, words):
        answer = owner.post(PAGE, body)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert read(world.alder) is None

    def test_begins_the_grace_and_shows_until_when(self, world, owner):
        answer = owner.post(PAGE, {"name": "alder clinic", "calls": "now"}, follow=True)

        closing = read(world.alder)
        assert (closing.step, closing.calls_stop_at) == ("grace", closing.asked_at)
        words = answer.content.decode()
        assert "Until 3 December 2026, 18:00 an owner can keep it" in words
        assert "The account closes. All owners get a letter." in words
        assert "Not answering" in words

    def test_refuses_a_second_one(self, world, owner, clock):
        first = ask(world.alder, at=clock.at)

        answer = owner.post(PAGE, {"name": "Alder Clinic", "calls": "now"})

        assert answer.status_code == 409
        assert read(world.alder).id == first.id


class TestBanner:
    def test_stands_on_every_page_and_lets_owners_keep_the_account(
        self, world, owner, signed_in, clock
    ):
        assert "This account closes" not in owner.get("/app/calls/").content.decode()
        ask(world.alder, at=clock.at)
        desk = signed_in(world.alder.people[Role.RECEPTIONIST])

        own = owner.get("/app/calls/").content.decode()
        others = desk.get("/app/calls/").content.decode()

        assert "This account closes on" in own
        assert f'action="{KEEP}"' in own
        assert "An owner can keep it until then." in others
        assert KEEP not in others

    def test_is_not_another_clinics(self, world, signed_in, clock):
        ask(world.alder, at=clock.at)
        theirs = signed_in(world.birch.people[Role.OWNER])

        assert "This account closes" not in theirs.get("/app/calls/").content.decode()


class TestKeep:
    def test_keeps_the_account(self, world, owner, clock):
        ask(world.alder, at=clock.at)

        answer = owner.post(KEEP, follow=True)

        assert "The account stays. Nothing was erased." in answer.content.decode()
        assert read(world.alder).step == Closing.Step.UNDONE

    def test_is_refused_to_others_and_after_the_grace(
        self, world, owner, signed_in, clock
    ):
        closing = ask(world.alder, at=clock.at)
        other = signed_in(world.alder.people[Role.ADMINISTRATOR])
        assert other.post(KEEP).status_code == 403

        # Within the quiet time of the session, which began before.
        with tenancy.scope(closing.organization_id):
            Closing.objects.update(
                grace_ends_at=clock.at, reminder_at=clock.at - timedelta(days=3)
            )
        assert owner.post(KEEP).status_code == 409
        assert read(world.alder).undone_at is None


class TestAfterTheGrace:
    def test_nobody_gets_in_and_is_told_so_calmly(self, world, signed_in, clock):
        release_holds(world.alder, at=clock.at)
        clock.at = ask(world.alder, at=clock.at).grace_ends_at
        tick(world.alder)

        # The keys are destroyed; accounts are emptied at the next look.
        answer = signed_in(world.alder.people[Role.OWNER]).get("/app/calls/")
        assert answer.status_code == 404
        assert "The account of your clinic is closed." in answer.content.decode()
        stranger = signed_in(world.stranger).get("/app/calls/").content.decode()
        assert "You do not belong to a clinic." in stranger
