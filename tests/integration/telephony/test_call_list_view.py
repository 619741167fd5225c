from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Call
from telephony.reception.models import Agent, AgentVersion
from telephony.selectors.keyset import PAGE_SIZE
from tests.cast import HANNAH, Cast, join
from tests.cast_calls import book_check_up, leave_message, make_call
from tests.cast_day import Day
from tests.cast_fixtures import SignIn


def _names(answer) -> list[str]:
    return [row.caller.title for _, rows in answer.context["days"] for row in rows]


class TestCallList:
    def test_shows_the_newest_call_first(self, cast: Cast, day: Day, signed_in: SignIn):
        answer = signed_in(cast.ada).get("/app/calls/?when=all")

        assert _names(answer) == [
            "Ines Varga",
            "Hannah Brandt",
            "Omar Haddad",
            "Luis Ortega",
            "Ruth Callahan",
            "Number withheld",
            "Caller erased",
        ]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("outcome=booked", ["Hannah Brandt"]),
            ("outcome=booked&outcome=info", ["Hannah Brandt", "Luis Ortega"]),
            ("outcome=live", ["Ines Varga"]),
            ("outcome=hung_up", ["Number withheld"]),
            ("consent=agreed", ["Hannah Brandt"]),
            ("consent=refused", ["Luis Ortega"]),
            ("consent=not_asked", ["Number withheld"]),
            ("recording=kept", ["Hannah Brandt"]),
            ("length=short", ["Luis Ortega", "Number withheld"]),
            ("length=middle&outcome=message", ["Omar Haddad", "Caller erased"]),
            ("language=de", []),
            ("outcome=nonsense&outcome=booked", ["Hannah Brandt"]),
            ("q=ortega", ["Luis Ortega"]),
            ("q=%2B1+312+555+0136", ["Hannah Brandt", "Caller erased"]),
            ("q=(312)+555-0136", ["Hannah Brandt", "Caller erased"]),
            ("q=0171", ["Omar Haddad"]),
        ],
    )
    def test_narrows_to_what_the_address_says(
        self, cast: Cast, day: Day, signed_in: SignIn, query: str, names: list[str]
    ):
        answer = signed_in(cast.ada).get(f"/app/calls/?when=all&{query}")

        assert _names(answer) == names

    def test_shows_an_auditor_masked_numbers_and_searches_no_more_than_that(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.cy)

        words = client.get("/app/calls/?when=all").content.decode()
        found = client.get("/app/calls/?when=all&q=0136")

        assert "+1 ••• ••• ••36" in words
        assert "555 0136" not in words
        assert "Hannah" not in words
        assert _names(found) == []
        assert _names(client.get("/app/calls/?when=all&q=hannah")) == []
        assert found.context["note"] == (
            "Your role finds the last two digits of a number."
        )

    def test_finds_a_number_as_a_canadian_clinic_writes_it(
        self, cast: Cast, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            clinic = cast.alder.organization
            clinic.country = "CA"
            clinic.save(update_fields=["country"])
            make_call(cast.alder, at=utc_now(), caller="+14165550136", name="Marie Roy")

        answer = signed_in(cast.ada).get("/app/calls/?when=all&q=(416)+555-0136")

        assert _names(answer) == ["Marie Roy"]

    def test_finds_a_number_of_a_country_whose_plan_we_do_not_know(
        self, cast: Cast, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            clinic = cast.alder.organization
            clinic.country = "JP"
            clinic.save(update_fields=["country"])
            make_call(cast.alder, at=utc_now(), caller="+81312345678", name="Aiko Mori")

        answer = signed_in(cast.ada).get("/app/calls/?when=all&q=312345678")

        assert _names(answer) == ["Aiko Mori"]

    def test_keeps_the_filters_when_the_period_is_changed(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        kept = "outcome=booked&outcome=info&q=brandt"

        answer = signed_in(cast.ada).get(
            f"/app/calls/?when=dates&from=2026-11-01&to=2026-11-30&{kept}"
        )

        assert [(chip.word, chip.href) for chip in answer.context["query"].chips()] == [
            ("Today", f"?when=today&{kept}"),
            ("Yesterday", f"?when=yesterday&{kept}"),
            ("This week", f"?when=week&{kept}"),
            ("This month", f"?when=month&{kept}"),
            ("All", f"?when=all&{kept}"),
            ("Other dates", f"?when=dates&from=2026-11-01&to=2026-11-30&{kept}"),
        ]

    def test_says_beside_each_filter_what_is_chosen(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        answer = signed_in(cast.ada).get(
            "/app/calls/?when=all&outcome=booked&consent=told&consent=agreed"
        )

        assert [(menu.title, menu.chosen) for menu in answer.context["menus"]] == [
            ("Outcome", "Booked"),
            ("Consent", "2"),
            ("Recording", ""),
            ("Length", ""),
        ]

    def test_tells_receptionists_apart_once_there_are_two(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        client = signed_in(cast.ada)
        alone = client.get("/app/calls/?when=all").content.decode()
        with tenancy.scope(cast.alder.organization.id):
            night = Agent.objects.create(
                organization=cast.alder.organization, name="Night", created_at=utc_now()
            )
            version = AgentVersion.objects.create(
                organization=cast.alder.organization,
                agent=night,
                number=1,
                languages=["en"],
            )
            Call.objects.filter(pk=day.refused.pk).update(agent_version=version)

        both = client.get("/app/calls/?when=all").content.decode()
        nights = client.get(f"/app/calls/?when=all&receptionist={night.id}")
        nonsense = client.get("/app/calls/?when=all&receptionist=night")

        assert "Receptionist</th>" not in alone
        assert "Receptionist</th>" in both
        assert _names(nights) == ["Luis Ortega"]
        assert len(_names(nonsense)) == 7

    def test_leaves_one_row_in_the_record_without_a_word_of_a_caller(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        signed_in(cast.ada).get("/app/calls/?when=all&outcome=booked&outcome=info")

        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="telephony.calls.listed")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, None)
        assert row.fields == ["caller", "caller_name", "text"]
        assert row.facts == {
            "count": 2,
            "is_narrowed": True,
            "newest": str(day.booked.id),
            "oldest": str(day.refused.id),
        }

    def test_quotes_no_message_to_who_may_not_read_them(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.VIEWER)

        words = signed_in(cast.eve).get("/app/calls/?when=all").content.decode()

        assert "Left a message" in words
        assert "my referral" not in words

    def test_reads_days_in_the_clinics_time_zone(self, cast: Cast, signed_in: SignIn):
        with tenancy.scope(cast.alder.organization.id):
            late = utc_now().replace(year=2026, month=11, day=3, hour=5, minute=30)
            make_call(cast.alder, at=late, name="Late on Monday")

        client = signed_in(cast.ada)
        monday = client.get("/app/calls/?when=dates&from=2026-11-02&to=2026-11-02")
        tuesday = client.get("/app/calls/?when=dates&from=2026-11-03&to=2026-11-03")

        assert _names(monday) == ["Late on Monday"]
        assert _names(tuesday) == []

    def test_asks_the_database_as_often_for_many_calls_as_for_few(
        self, cast: Cast, signed_in: SignIn
    ):
        client, now = signed_in(cast.ada), utc_now()

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/app/calls/?when=all").status_code == 200
            return len(queries)

        with tenancy.scope(cast.alder.organization.id):
            leave_message(make_call(cast.alder, at=now), "Call me.")
            book_check_up(cast.alder, at=now, starts_at=now + timedelta(days=1))
        few = asked()
        with tenancy.scope(cast.alder.organization.id):
            for hour in range(2, 14):
                at = now - timedelta(hours=hour)
                leave_message(make_call(cast.alder, at=at), "Call me.")
                book_check_up(cast.alder, at=at, starts_at=at + timedelta(days=9))
        many = asked()

        assert few == many
        assert many <= 26


class TestPages:
    def test_go_older_and_back_without_losing_or_doubling_a_call(
        self, cast: Cast, signed_in: SignIn
    ):
        now = utc_now()
        with tenancy.scope(cast.alder.organization.id):
            calls = [
                # Pairs begin at the same instant: the id decides.
                make_call(cast.alder, at=now - timedelta(minutes=number // 2))
                for number in range(PAGE_SIZE * 2 + 3)
            ]
        client = signed_in(cast.ada)
        seen, address = [], "/app/calls/?when=all"
        pages = []

        while address:
            answer = client.get(address)
            rows = [row for _, day in answer.context["days"] for row in day]
            pages.append([row.id for row in rows])
            seen += pages[-1]
            has_more = answer.context["shown"].has_older
            address = (
                f"/app/calls/{answer.context['links']['older']}" if has_more else ""
            )
        back = client.get(f"/app/calls/{answer.context['links']['newer']}")

        wanted = sorted(
            calls, key=lambda call: (call.started_at, call.id), reverse=True
        )
        assert seen == [call.id for call in wanted]
        assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 3]
        assert [r.id for _, day in back.context["days"] for r in day] == pages[1]

    def test_ignore_a_call_of_another_clinic(self, cast: Cast, signed_in: SignIn):
        with tenancy.scope(cast.birch.organization.id):
            other = make_call(cast.birch, at=utc_now() - timedelta(days=1))
        with tenancy.scope(cast.alder.organization.id):
            make_call(cast.alder, at=utc_now(), name="Ours", caller=HANNAH)

        answer = signed_in(cast.ada).get(f"/app/calls/?when=all&older_than={other.id}")

        assert _names(answer) == ["Ours"]


class TestWholeNumber:
    def test_confirms_no_caller_to_who_sees_none(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        address = "/app/calls/?when=all&q=(312)+555-0136"

        assert _names(signed_in(cast.cy).get(address)) == []
        assert "+1 ••• ••• ••36" in _names(signed_in(cast.ben).get(address))

    @pytest.mark.parametrize("who", ["ada", "ben"])
    def test_is_in_the_record_as_a_search_for_a_caller(
        self, cast: Cast, day: Day, signed_in: SignIn, who: str
    ):
        client = signed_in(getattr(cast, who))

        client.get("/app/calls/?when=all&q=(312)+555-0136")
        client.get("/app/calls/?when=all&q=(312)+555-0199")

        asked = getattr(cast, who).id
        assert _sought(cast) == [
            (asked, day.booked.id, {"is_found": True}),
            (asked, None, {"is_found": False}),
        ]

    def test_that_was_not_compared_is_no_search_for_a_caller(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        signed_in(cast.cy).get("/app/calls/?when=all&q=(312)+555-0136")
        signed_in(cast.ben).get("/app/calls/?when=all&q=36")

        assert _sought(cast) == []


def _sought(cast: Cast) -> list[tuple]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action="telephony.caller.sought")
        return list(rows.order_by("pk").values_list("actor_id", "subject_id", "facts"))
