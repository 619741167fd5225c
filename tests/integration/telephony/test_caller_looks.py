from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.permissions import Permission, Role
from compliance.ledger.models import AuditLog
from compliance.rights import record as rights
from compliance.rights.models import RightsRequest
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.looks import note_call_read, note_calls_read
from telephony.models import Call
from telephony.selectors import caller_looks
from tests.cast import HANNAH, NOW, OMAR, Cast, actor_for
from tests.cast_calls import make_call
from tests.cast_fixtures import SignIn
from tests.clock import stopped_clock

__all__ = ["stopped_clock"]

FIND = "/app/settings/access/caller/"


@pytest.fixture
def calls(cast: Cast) -> dict[str, Call]:
    """Two of Hannah's, one of Omar's, two of people who withhold their number."""
    with tenancy.scope(cast.alder.organization.id):
        return {
            name: make_call(
                cast.alder, at=NOW + timedelta(minutes=minutes), caller=caller
            )
            for name, caller, minutes in (
                ("first", HANNAH, 0),
                ("second", HANNAH, 5),
                ("omars", OMAR, 10),
                ("withheld", "", 15),
                ("other withheld", "", 20),
            )
        }


def page_of(call: Call) -> str:
    return f"/app/settings/access/call/{call.id}/"


def make_request(cast: Cast, call: Call | None) -> RightsRequest:
    """What the caller asked; of no call, what has forgotten who asked."""
    with tenancy.scope(cast.alder.organization.id):
        return RightsRequest.objects.create(
            organization=cast.alder.organization,
            kind="access",
            source="door",
            asking_id=uuid7(),
            phone_index=b"" if call is None else bytes(call.caller_index),
            phone_sealed=b"",
            asked_at=NOW,
            due_on=NOW.date(),
            moved_at=NOW,
            forgotten_at=NOW if call is None else None,
        )


def said(answer) -> list[tuple[str, str]]:
    return [(line.who, line.did) for line in answer.context["looks"].lines]


class TestLooks:
    def test_are_those_at_all_calls_of_the_caller_with_the_reasons(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        ben = signed_in(cast.ben)
        ben.get(f"/app/calls/{calls['first'].id}/")
        ben.post(f"/app/calls/{calls['second'].id}/reveal/", {"reason": "identity"})
        ben.get(f"/app/calls/{calls['omars'].id}/")
        ben.get("/app/calls/?when=all")

        answer = signed_in(cast.cy).get(page_of(calls["first"]))

        assert said(answer) == [
            ("Ben Osei", "Saw who called, to make sure who it was"),
            ("Ben Osei", "Read a call"),
        ]
        looks = answer.context["looks"]
        assert looks.lines[0].fields == "caller, caller name, text"
        assert (looks.calls, looks.lists) == (2, 1)
        assert HANNAH not in answer.content.decode()

    def test_at_an_erased_call_are_of_that_call_alone(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        ben = signed_in(cast.ben)
        ben.get(f"/app/calls/{calls['first'].id}/")
        ben.post(f"/app/calls/{calls['omars'].id}/reveal/", {"reason": "identity"})
        with tenancy.scope(cast.alder.organization.id):
            erased = [calls["first"].id, calls["omars"].id]
            Call.objects.filter(pk__in=erased).update(caller_index=b"")

        answer = signed_in(cast.cy).get(page_of(calls["first"]))

        assert said(answer) == [("Ben Osei", "Read a call")]
        assert answer.context["looks"].calls == 1

    def test_stay_when_calls_are_put_into_the_bin(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        ben = signed_in(cast.ben)
        ben.get(f"/app/calls/{calls['first'].id}/")
        ada = signed_in(cast.ada)
        for name in ("first", "second"):
            path = f"/app/calls/{calls[name].id}/delete/"
            assert ada.post(path).status_code == 302

        answer = signed_in(cast.cy).get(page_of(calls["second"]))

        assert said(answer) == [("Ben Osei", "Read a call")]
        assert answer.context["looks"].calls == 2
        page = answer.content.decode()
        assert "A caller whose calls are in the bin: 2 calls since" in page
        assert f"/app/calls/{calls['first'].id}/" not in page

    def test_are_named_by_the_call_that_is_left(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        ben = signed_in(cast.ben)
        ben.get(f"/app/calls/{calls['first'].id}/")
        ben.get(f"/app/calls/{calls['second'].id}/")
        signed_in(cast.ada).post(f"/app/calls/{calls['second'].id}/delete/")

        page = signed_in(cast.cy).get(page_of(calls["second"])).content.decode()

        assert "in the bin" not in page
        assert f"/app/calls/{calls['first'].id}/" in page
        assert f"/app/calls/{calls['second'].id}/" not in page

    def test_are_those_of_who_took_everything_and_of_who_read_the_requests(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        asked = {
            name: make_request(cast, calls[name]) for name in ("first", "omars")
        } | {"forgotten": make_request(cast, None)}
        by_ada = actor_for(cast.ada, cast.alder, Role.OWNER)
        with tenancy.scope(cast.alder.organization.id):
            for request in asked.values():
                rights.person_read(request, by_ada)
            rights.names_read(asked["first"], by_ada, 1)
            rights.package_exported(asked["first"], by_ada, count=3)
            rights.package_exported(asked["first"], None, count=3)
        ada = signed_in(cast.ada)
        link = ada.post("/app/settings/export/").context["link"]
        b"".join(ada.get(link).streaming_content)

        answer = signed_in(cast.cy).get(page_of(calls["first"]))

        assert said(answer) == [
            ("Ada Lindgren", "Took all of the clinic's data along"),
            ("The system", "The caller took their own package along"),
            ("Ada Lindgren", "Took a caller's package along"),
            ("Ada Lindgren", "Saw the names to be corrected"),
            ("Ada Lindgren", "Saw who asks about their data"),
        ]
        assert answer.context["looks"].forgotten == 1
        assert "1 time since then. This caller" in answer.content.decode()

    def test_of_a_withheld_number_are_of_no_request(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            rights.person_read(
                make_request(cast, calls["withheld"]),
                actor_for(cast.ada, cast.alder, Role.OWNER),
            )

        assert said(signed_in(cast.cy).get(page_of(calls["withheld"]))) == []

    def test_are_those_of_programs_too(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        actor = Actor(
            kind="api_key",
            id=uuid7(),
            organization_id=cast.alder.organization.id,
            permissions=frozenset({Permission.CALLS_VIEW}),
        )
        with tenancy.scope(cast.alder.organization.id):
            note_call_read(actor=actor, call_id=calls["first"].id)
            note_calls_read(actor=actor, call_ids=[calls["first"].id])

        answer = signed_in(cast.cy).get(page_of(calls["second"]))

        assert said(answer) == [("A key", "Read calls by a program")]
        assert answer.context["looks"].lists == 1

    def test_hold_the_look_at_the_looks_the_next_time(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        client = signed_in(cast.cy)
        assert said(client.get(page_of(calls["first"]))) == []

        again = client.get(page_of(calls["second"]))

        assert said(again) == [("Cy Moreno", "Looked at who saw a caller's calls")]

    def test_of_a_withheld_number_are_of_the_one_call(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        signed_in(cast.ben).get(f"/app/calls/{calls['other withheld'].id}/")

        answer = signed_in(cast.cy).get(page_of(calls["withheld"]))

        assert answer.context["looks"].calls == 1
        assert said(answer) == []

    def test_go_on_with_older_ones(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn, monkeypatch
    ):
        monkeypatch.setattr(caller_looks, "SHOWN", 2)
        ben = signed_in(cast.ben)
        for _ in range(3):
            ben.get(f"/app/calls/{calls['first'].id}/")
        client = signed_in(cast.cy)

        first = client.get(page_of(calls["first"]))
        older = first.context["looks"].older
        second = client.get(f"{page_of(calls['first'])}?before={older}")

        assert said(first) == [("Ben Osei", "Read a call")] * 2
        assert f"?before={older}" in first.content.decode()
        assert said(second) == [("Ben Osei", "Read a call")]
        assert second.context["looks"].older is None

    def test_are_led_to_from_the_call_for_who_may_see_them(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        path, link = f"/app/calls/{calls['first'].id}/", page_of(calls["first"])

        assert link in signed_in(cast.cy).get(path).content.decode()
        assert link not in signed_in(cast.ben).get(path).content.decode()

    def test_are_not_a_receptionists_nor_another_clinics(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        assert signed_in(cast.ben).get(page_of(calls["first"])).status_code == 403
        assert signed_in(cast.dot).get(page_of(calls["first"])).status_code == 404

        with tenancy.scope(cast.alder.organization.id):
            looked = AuditLog.objects.filter(action="telephony.caller_looks.viewed")
            assert looked.count() == 0


class TestFind:
    @pytest.mark.parametrize("number", [HANNAH, "(312) 555-0136"])
    def test_leads_to_the_newest_call_and_puts_no_number_in_an_address(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn, number: str
    ):
        answer = signed_in(cast.ada).post(FIND, {"number": number})

        assert answer.url == page_of(calls["second"])
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="telephony.caller.sought")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, calls["second"].id)
        assert row.facts == {"is_found": True}

    def test_leads_to_looks_at_calls_in_the_bin(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        ada = signed_in(cast.ada)
        ada.post(f"/app/calls/{calls['second'].id}/delete/")
        assert ada.post(FIND, {"number": HANNAH}).url == page_of(calls["first"])
        ada.post(f"/app/calls/{calls['first'].id}/delete/")

        answer = ada.post(FIND, {"number": HANNAH}, follow=True)

        assert answer.status_code == 200
        assert answer.context["looks"].calls == 2

    @pytest.mark.parametrize("number", ["+13125550199", "0136", "", "Hannah"])
    def test_says_that_there_is_none(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn, number: str
    ):
        answer = signed_in(cast.ada).post(FIND, {"number": number})

        assert answer.status_code == 200
        assert "No call from this number." in answer.content.decode()
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="telephony.caller.sought")
        assert (row.subject_id, row.facts) == (None, {"is_found": False})

    def test_is_not_for_who_sees_no_callers(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        answer = signed_in(cast.cy).post(FIND, {"number": HANNAH})

        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            sought = AuditLog.objects.filter(action="telephony.caller.sought")
            assert sought.count() == 0
        assert (
            FIND not in signed_in(cast.cy).get("/app/settings/access/").content.decode()
        )

    def test_finds_nothing_of_another_clinic(
        self, cast: Cast, calls: dict[str, Call], signed_in: SignIn
    ):
        answer = signed_in(cast.dot).post(FIND, {"number": HANNAH})

        assert answer.context["is_unknown"]
