"""Whose name and number is seen by whom, and what a reason opens."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Call, Reveal
from telephony.services.reveal_caller import reveal_caller
from tests.cast import CHICAGO, HANNAH, Cast, actor_for, join
from tests.cast_day import Day
from tests.cast_fixtures import SignIn

PAGES = (
    "/app/",
    "/app/calls/?when=all",
    "/app/messages/",
    "/app/messages/?show=handled",
)
# What says who called, in whatever place of a page.
CANARIES = (
    "Hannah",
    "Brandt",
    "Omar",
    "Haddad",
    "Ruth",
    "Callahan",
    "555 01",
    "555-01",
)


def _detail(call: Call) -> str:
    return f"/app/calls/{call.id}/"


def _reveal(client: Client, call: Call, **body: str):
    return client.post(f"{_detail(call)}reveal/", body)


def _rows(cast: Cast) -> list[tuple]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action="telephony.caller.revealed")
        return [(row.actor_id, row.subject_id, row.facts["reason"]) for row in rows]


def _count(cast: Cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return Reveal.objects.count()


class TestMasking:
    @pytest.mark.parametrize("who", ["ben", "cy"])
    def test_hides_callers_on_every_page_of_the_day(
        self, cast: Cast, day: Day, signed_in: SignIn, who: str
    ):
        client = signed_in(getattr(cast, who))

        pages = {
            path: client.get(path).content.decode()
            for path in (*PAGES, _detail(day.booked), _detail(day.message))
        }

        assert "Hannah" in signed_in(cast.ada).get(PAGES[1]).content.decode()
        # Who comes today is the desk's to know.
        today = pages.pop("/app/").replace("Ines Varga", "").replace("Peter", "")
        found = [
            (path, canary)
            for path, words in {**pages, "/app/": today}.items()
            for canary in CANARIES
            if canary in words
        ]
        assert found == []

    def test_leaves_the_diary_its_names_at_the_desk_alone(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        on = (utc_now() + timedelta(hours=1)).astimezone(CHICAGO).date()

        desk = signed_in(cast.ben).get(f"/app/diary/?on={on}").content.decode()
        audit = signed_in(cast.cy).get(f"/app/diary/?on={on}").content.decode()

        assert "Ines Varga" in desk
        assert "555 01" not in desk
        assert "Ines Varga" not in audit

    def test_is_no_clinicians(self, cast: Cast, day: Day, signed_in: SignIn):
        join(cast.alder, cast.eve, Role.CLINICIAN)

        words = signed_in(cast.eve).get("/app/calls/?when=all").content.decode()

        assert "Hannah Brandt" in words
        assert "+1 312 555 0136" in words


class TestReveal:
    def test_shows_one_caller_for_a_reason(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ben)

        answer = _reveal(client, day.message, reason="call_back", back="/app/messages/")
        messages = client.get("/app/messages/").content.decode()

        assert answer.status_code == 302
        assert answer.headers["Location"] == "/app/messages/"
        assert "Omar Haddad" in messages
        assert "Ruth Callahan" not in messages
        assert _rows(cast) == [(cast.ben.id, day.message.id, "call_back")]

    def test_says_until_when_on_the_calls_page(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ben)
        before = client.get(_detail(day.booked)).content.decode()

        _reveal(client, day.booked, reason="booking")
        after = client.get(_detail(day.booked)).content.decode()

        assert "Show caller" in before
        assert "Shown to you until" in after
        assert "Show caller" not in after
        assert "Hannah Brandt" in after

    def test_is_over_after_a_quarter_of_an_hour(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        then = utc_now() - timedelta(minutes=15, seconds=1)
        with tenancy.scope(cast.alder.organization.id):
            reveal_caller(
                actor=actor_for(cast.ben, cast.alder, Role.RECEPTIONIST),
                call_id=day.message.id,
                reason="call_back",
                note="",
                now=then,
            )

        words = signed_in(cast.ben).get("/app/messages/").content.decode()

        assert "Omar Haddad" not in words

    def test_is_nobody_elses(self, cast: Cast, day: Day, signed_in: SignIn):
        join(cast.alder, cast.eve, Role.RECEPTIONIST)

        _reveal(signed_in(cast.ben), day.message, reason="call_back")

        words = signed_in(cast.eve).get("/app/messages/").content.decode()
        assert "Omar Haddad" not in words

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"reason": "curious"},
            {"reason": "other"},
            {"reason": "other", "note": " "},
        ],
    )
    def test_asks_for_a_reason(
        self, cast: Cast, day: Day, signed_in: SignIn, body: dict[str, str]
    ):
        answer = _reveal(signed_in(cast.ben), day.message, **body)

        assert answer.status_code == 422
        assert "Say why you need to see who called." in answer.content.decode()
        assert _rows(cast) == []
        assert _count(cast) == 0

    def test_keeps_the_persons_own_words_sealed_with_the_call(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        _reveal(signed_in(cast.ben), day.booked, reason="other", note="Lost her scarf")

        with tenancy.scope(cast.alder.organization.id):
            row = Reveal.objects.get()
        assert row.reason == "other"
        assert b"scarf" not in bytes(row.note_sealed)
        assert row.ends_at - row.revealed_at == timedelta(minutes=15)

    @pytest.mark.parametrize(
        ("is_hipaa", "age_s", "status"),
        [(True, 301, 403), (True, 290, 302), (False, 18_000, 302)],
    )
    def test_asks_for_a_fresh_factor_in_hipaa_mode(
        self,
        cast: Cast,
        day: Day,
        signed_in: SignIn,
        is_hipaa: bool,
        age_s: int,
        status: int,
    ):
        client = signed_in(cast.ben)
        session = client.session
        session["second_factor_at"] = int(utc_now().timestamp()) - age_s
        session.save()
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(hipaa_mode=is_hipaa)

        answer = _reveal(client, day.message, reason="call_back")

        assert answer.status_code == status
        is_shown = status == 302
        assert (_count(cast), len(_rows(cast))) == (is_shown, is_shown)
        way_back = client.get(f"{_detail(day.message)}reveal/")
        assert way_back.headers["Location"] == _detail(day.message)

    def test_is_not_a_viewers_nor_an_auditors(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.VIEWER)

        answers = [
            _reveal(signed_in(one), day.message, reason="call_back")
            for one in (cast.cy, cast.eve)
        ]

        assert [answer.status_code for answer in answers] == [403, 403]
        assert _count(cast) == 0

    def test_is_not_another_clinics(self, cast: Cast, day: Day, signed_in: SignIn):
        answer = _reveal(signed_in(cast.dot), day.message, reason="call_back")

        assert answer.status_code == 404
        assert _count(cast) == 0

    def test_of_an_erased_call_shows_nothing(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        answer = _reveal(signed_in(cast.ben), day.erased, reason="call_back")

        assert answer.status_code == 404
        assert _count(cast) == 0

    def test_needs_somebody_signed_in(self, cast: Cast, day: Day):
        answer = _reveal(Client(), day.message, reason="call_back")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")
        assert _count(cast) == 0


class TestTranscript:
    def test_is_read_without_the_callers_name_and_number(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        seen = signed_in(cast.ada).get(_detail(day.booked)).content.decode()
        masked = signed_in(cast.cy).get(_detail(day.booked)).content.decode()

        assert "Hannah" in seen
        assert "•••" in masked
        assert "Hannah" not in masked
        assert HANNAH[-4:] not in masked


class TestErasedWords:
    """The name and notes of the call are erased; the number stays until its day."""

    @pytest.fixture
    def erased(self, cast: Cast, day: Day) -> Call:
        with tenancy.scope(cast.alder.organization.id):
            Call.objects.filter(pk=day.booked.pk).update(
                fields_erased_at=utc_now(), caller_name_sealed=None
            )
        return day.booked

    @pytest.mark.parametrize("reason", ["other", "identity"])
    def test_keep_no_note(
        self, cast: Cast, erased: Call, signed_in: SignIn, reason: str
    ):
        answer = _reveal(
            signed_in(cast.ben), erased, reason=reason, note="CANARY of the note"
        )

        assert answer.status_code == 422
        assert (_count(cast), _rows(cast)) == (0, [])

    def test_let_the_number_be_seen_for_a_reason_of_the_list(
        self, cast: Cast, erased: Call, signed_in: SignIn
    ):
        answer = _reveal(signed_in(cast.ben), erased, reason="identity", note="")

        assert (answer.status_code, _count(cast)) == (302, 1)
