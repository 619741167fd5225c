from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Organization, User
from accounts.way_in import signing_in
from sondervoice.demo.people import ALDER, BIRCH
from sondervoice.demo.seed import seed
from sondervoice.kernel import tenancy
from telephony.models import PhoneNumber
from telephony.scheduling.models import Appointment, Slot

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
CHICAGO = ZoneInfo("America/Chicago")

pytestmark = pytest.mark.django_db


def _counts():
    counted = {}
    for practice in (ALDER, BIRCH):
        with tenancy.scope(practice.id):
            counted[practice.slug] = tuple(
                model.objects.count()
                for model in (Membership, PhoneNumber, Slot, Appointment)
            )
    with signing_in():
        counted["people"] = User.objects.count()
    return counted


class TestSeed:
    def test_makes_the_clinic_its_people_and_six_weeks_of_places(self):
        seed(now=NOW)

        with tenancy.scope(ALDER.id):
            clinic = Organization.objects.get()
            assert (clinic.slug, clinic.jurisdiction) == ("alder-clinic", "US-IL")
            assert sorted(Membership.objects.values_list("role", flat=True)) == [
                "administrator", "auditor", "billing", "clinician", "owner",
                "receptionist", "viewer",
            ]  # fmt: skip
            version = PhoneNumber.objects.select_related("agent_version").get()
            assert version.e164 == "+13125550199"
            assert version.agent_version.languages == ["en", "de", "fr"]
            assert Slot.objects.count() == 30 * 16 * 2
        with signing_in():
            assert User.objects.filter(email="eve@nowhere.example").exists()
            assert not any(user.has_usable_password() for user in User.objects.all())

    def test_leaves_next_tuesday_at_half_past_ten_free_and_ten_taken(self):
        seed(now=NOW)

        with tenancy.scope(ALDER.id):
            tuesday = datetime(2026, 11, 24, 10, 0, tzinfo=CHICAGO)
            taken = Appointment.objects.filter(slot__starts_at=tuesday)
            assert taken.count() == 2
            later = Slot.objects.filter(starts_at=tuesday + timedelta(minutes=30))
            assert later.count() == 2
            assert not Appointment.objects.filter(slot__in=later).exists()

    def test_changes_nothing_when_run_again(self):
        seed(now=NOW)
        before = _counts()

        seed(now=NOW + timedelta(hours=1))

        assert _counts() == before

    def test_adds_places_as_time_goes_by(self):
        seed(now=NOW)
        seed(now=NOW + timedelta(days=7))

        with tenancy.scope(ALDER.id):
            assert Slot.objects.count() == 35 * 16 * 2

    def test_keeps_nine_o_clock_at_nine_across_the_change_of_the_clocks(self):
        seed(now=datetime(2026, 10, 20, 15, 0, tzinfo=UTC))

        with tenancy.scope(BIRCH.id):
            starts = Slot.objects.values_list("starts_at", flat=True)
            hours = {start.astimezone(CHICAGO).strftime("%H:%M") for start in starts}
        assert min(hours) == "09:00"
        assert max(hours) == "16:30"
        assert len(hours) == 16
