from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.entitlements import Plan
from accounts.models import Organization
from compliance.ledger.models import AuditLog
from compliance.retention.models import LegalHold, RetentionPolicy
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast_calls import make_call, say
from tests.hashes import without_hashes
from tests.integration.compliance.retention.nights import read

pytestmark = pytest.mark.django_db

PAGE = "/app/settings/retention/"
CHANGE = f"{PAGE}change/"
HOLD = f"{PAGE}holds/new/"
HALF_YEAR = {"audio": "90", "transcript": "90", "fields": "180", "metadata": "180"}
REVIEW = (utc_now() + timedelta(days=90)).date().isoformat()


@pytest.fixture
def ada(cast, signed_in) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def old_call(cast):
    with tenancy.scope(cast.alder.organization.id):
        call = make_call(cast.alder, at=utc_now() - timedelta(days=120))
        say(call, 1, "caller", "words", at_ms=10)
    return call


def _policy(cast):
    with tenancy.scope(cast.alder.organization.id):
        return RetentionPolicy.objects.first()


def _holds(cast):
    with tenancy.scope(cast.alder.organization.id):
        return list(LegalHold.objects.all())


def _reads(cast):
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action="compliance.hold_reasons.read")
        return [
            (row.actor_id, row.subject_id, row.fields, row.facts)
            for row in rows.order_by("at", "id")
        ]


class TestRetentionPage:
    def test_shows_an_auditor_the_days_and_lets_them_change_nothing(
        self, cast, signed_in
    ):
        client = signed_in(cast.cy)

        page = client.get(PAGE).content.decode()

        assert page.count("disabled") >= 5
        assert (client.post(CHANGE, HALF_YEAR).status_code, _policy(cast)) == (
            403,
            None,
        )
        answer = client.post(HOLD, {"scope": "all", "reason": "x", "review_on": REVIEW})
        assert (answer.status_code, _holds(cast)) == (403, [])

    def test_shows_days_that_the_plan_has_not_and_offers_its_own(self, cast, ada):
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            Organization.objects.update(plan=Plan.STARTER)
            RetentionPolicy.objects.create(
                organization=organization,
                audio_days=14,
                transcript_days=14,
                changed_at=utc_now(),
            )

        page = ada.get(PAGE).content.decode()

        assert page.count('<option value="" disabled selected>14</option>') == 2
        assert page.count('<option value="" disabled') == 2

    def test_says_what_the_floor_of_hipaa_is_and_is_not(self, cast, ada, settings):
        settings.RECORD_KEEP_DAYS = 2_200
        plain = ada.get(PAGE).content.decode()
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.filter(pk=cast.alder.organization.id).update(
                hipaa_mode=True
            )

        page = " ".join(ada.get(PAGE).content.decode().split())

        assert "HIPAA mode" not in plain
        assert "is kept 2200 days, and cannot be set under 2192" in page
        assert "no floor for recordings and transcripts" in page

    def test_is_not_for_the_desk(self, cast, signed_in):
        assert signed_in(cast.ben).get(PAGE).status_code == 403

    def test_says_what_would_go_before_it_keeps_less(self, cast, ada, old_call):
        page = ada.post(CHANGE, HALF_YEAR)

        assert page.status_code == 200
        assert "1 transcript would go" in " ".join(page.content.decode().split())
        assert _policy(cast) is None

        answer = ada.post(CHANGE, {**HALF_YEAR, "sure": "yes"})

        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        assert _policy(cast).audio_days == 90
        assert _policy(cast).metadata_days == 180

    def test_leaves_what_is_held_out_of_the_preview(self, cast, ada, old_call):
        ada.post(HOLD, {"scope": "all", "reason": "Case 7", "review_on": REVIEW})

        page = ada.post(CHANGE, HALF_YEAR).content.decode()

        assert "Nothing would go in the coming night" in page

    def test_asks_nothing_before_it_keeps_more(self, cast, ada):
        more = dict.fromkeys(HALF_YEAR, "365")

        assert ada.post(CHANGE, more).status_code == 302
        assert _policy(cast).fields_days == 365

    @pytest.mark.parametrize(
        ("plan", "wrong", "words"),
        [
            ("starter", {"audio": "31"}, "30, 90, 180 and 365 days"),
            ("enterprise", {"fields": "6"}, "from 7 to 2555"),
            ("enterprise", {"metadata": "2556"}, "from 7 to 2555"),
            ("enterprise", {"audio": "many"}, "from 7 to 2555"),
            ("enterprise", {"transcript": "91"}, "Longer than the recording"),
            ("enterprise", {"metadata": "179"}, "nobody finds the rest"),
        ],
    )
    def test_says_what_is_wrong(self, cast, ada, plan, wrong, words):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(plan=plan)

        answer = ada.post(CHANGE, {**HALF_YEAR, **wrong, "sure": "yes"})

        assert (answer.status_code, _policy(cast)) == (422, None)
        assert words in answer.content.decode()


class TestHoldPages:
    def test_hold_a_call_and_let_it_go(self, cast, ada, old_call):
        address = f"https://app.example/app/calls/{old_call.id}/"
        body = {"scope": "call", "call": address, "reason": "Case 7"}
        answer = ada.post(HOLD, {**body, "review_on": REVIEW})

        (hold,) = _holds(cast)
        assert answer.status_code == 302
        assert (hold.scope, hold.call_id) == ("call", old_call.id)
        assert (hold.placed_by, hold.review_on) == (
            cast.ada.id,
            date.fromisoformat(REVIEW),
        )
        assert b"Case 7" not in bytes(hold.reason_sealed)
        page = ada.get(PAGE).content.decode()
        assert "Case 7" in page
        assert str(old_call.id) in page

        release = f"{PAGE}holds/{hold.id}/release/"
        assert ada.post(release, {"reason": " "}).status_code == 422
        assert _holds(cast)[0].released_at is None
        assert ada.post(release, {"reason": "Settled"}).status_code == 302
        (hold,) = _holds(cast)
        assert hold.released_by == cast.ada.id
        assert "Case 7" not in ada.get(PAGE).content.decode()
        assert ada.post(release, {"reason": "Again"}).status_code == 404
        with tenancy.scope(cast.alder.organization.id):
            rows = AuditLog.objects.filter(action__startswith="compliance.hold.")
            said = [
                (row.action, row.subject_id, without_hashes(row.facts)) for row in rows
            ]
            hashes = {
                name: row.facts[name]
                for row in rows
                for name in ("before", "after")
                if name in row.facts
            }
        assert hashes["before"] == hashes["after"]
        assert sorted(said) == [
            ("compliance.hold.placed", hold.id, {"scope": "call"}),
            ("compliance.hold.released", hold.id, {"scope": "call"}),
        ]

    def test_tell_why_to_who_decides_alone_and_note_each_look(
        self, cast, ada, signed_in
    ):
        ada.post(HOLD, {"scope": "all", "reason": "Case 7", "review_on": REVIEW})
        (hold,) = _holds(cast)

        auditors = signed_in(cast.cy).get(PAGE).content.decode()

        assert "Everything" in auditors
        assert "Case 7" not in auditors
        assert _reads(cast) == []
        for path in (PAGE, f"{PAGE}holds/{hold.id}/review/"):
            assert "Case 7" in ada.get(path).content.decode()
        assert _reads(cast) == [
            (cast.ada.id, None, ["reason"], {"count": 1}),
            (cast.ada.id, hold.id, ["reason"], {"count": 1}),
        ]

    def test_say_that_a_hold_is_still_needed(self, cast, ada, signed_in, old_call):
        ada.post(HOLD, {"scope": "all", "reason": "Case 7", "review_on": REVIEW})
        (hold,) = _holds(cast)
        review = f"{PAGE}holds/{hold.id}/review/"
        assert review in ada.get(PAGE).content.decode()
        page = ada.get(review).content.decode()
        assert "Case 7" in page
        assert "Still needed" in page
        today = utc_now().date()
        later = today + timedelta(days=200)

        for day in ("", (today - timedelta(days=1)).isoformat()):
            assert ada.post(review, {"review_on": day}).status_code == 422
        assert _holds(cast)[0].review_on == date.fromisoformat(REVIEW)
        with tenancy.scope(cast.alder.organization.id):
            rows = AuditLog.objects.filter(action="compliance.hold.reviewed")
            assert rows.count() == 0

        answer = ada.post(review, {"review_on": later.isoformat()})

        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        assert _holds(cast)[0].review_on == later
        with tenancy.scope(cast.alder.organization.id):
            (row,) = AuditLog.objects.filter(action="compliance.hold.reviewed")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, hold.id)
        assert without_hashes(row.facts) == {"scope": "all", "days": 200}
        assert row.facts["before"] != row.facts["after"]
        release_day = {"reason": "Settled"}
        ada.post(f"{PAGE}holds/{hold.id}/release/", release_day)
        assert ada.post(review, {"review_on": REVIEW}).status_code == 404

    def test_hold_a_number_by_what_it_is_found_by(self, cast, ada, old_call):
        body = {"scope": "caller", "number": "+1 (312) 555-0136", "reason": "Case 8"}

        ada.post(HOLD, {**body, "review_on": REVIEW})

        (hold,) = _holds(cast)
        assert bytes(hold.caller_index) == bytes(read(old_call).caller_index)

    def test_hold_days_of_the_clinics_calendar(self, cast, ada):
        days = {"first_day": "2026-03-07", "last_day": "2026-03-08"}

        ada.post(HOLD, {"scope": "period", **days, "reason": "C", "review_on": REVIEW})

        (hold,) = _holds(cast)
        # Midnight in Chicago, before and after the clock changed.
        assert (hold.since.isoformat(), hold.until.isoformat()) == (
            "2026-03-07T06:00:00+00:00",
            "2026-03-09T05:00:00+00:00",
        )

    @pytest.mark.parametrize(
        "body",
        [
            {"scope": "call", "call": "the one of Monday", "reason": "x"},
            {"scope": "call", "call": str(uuid7()), "reason": "x"},
            {"scope": "caller", "number": "555", "reason": "x"},
            {"scope": "period", "first_day": "2026-03-07", "reason": "x"},
            {
                "scope": "period",
                "first_day": "2026-03-07",
                "last_day": "2026-03-06",
                "reason": "x",
            },
            {"scope": "all", "reason": " "},
            {"scope": "some", "reason": "x"},
            {"scope": "all", "reason": "x", "review_on": "2020-01-01"},
        ],
    )
    def test_hold_nothing_that_is_not_said(self, cast, ada, body):
        answer = ada.post(HOLD, {"review_on": REVIEW, **body})

        assert (answer.status_code, _holds(cast)) == (422, [])

    def test_show_no_hold_of_another_clinic(self, cast, ada, signed_in):
        ada.post(HOLD, {"scope": "all", "reason": "Case 9", "review_on": REVIEW})
        (hold,) = _holds(cast)
        release = f"{PAGE}holds/{hold.id}/release/"
        dot = signed_in(cast.dot)

        assert dot.get(release).status_code == 404
        assert dot.post(release, {"reason": "x"}).status_code == 404
        assert _holds(cast)[0].released_at is None
        assert "Case 9" not in dot.get(PAGE).content.decode()
