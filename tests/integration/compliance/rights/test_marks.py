"""Numbers with a mark: what is kept is not used, or later calls are not recorded."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.services.create_api_key import create_api_key
from compliance.rights.errors import RestrictedError
from compliance.rights.jobs import watch_rights
from compliance.rights.models import CallerMark
from compliance.rights.services.mark_caller import lift_mark
from recordings.selectors.sound import get_playable
from recordings.selectors.transcripts import list_lines
from sondervoice.kernel import tenancy
from sondervoice.kernel.rights import RightsKind
from telephony.models import Reveal
from telephony.selectors.callers import spaced
from telephony.selectors.sight import standing_sight
from telephony.services.answer_call import answer_call
from telephony.services.reveal_caller import reveal_caller
from tests.cast import HANNAH, OMAR
from tests.cast_calls import make_appointment
from tests.integration.compliance.retention.nights import THREE, rows_with
from tests.integration.compliance.rights.asked import actions, found, fresh_owner, road
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def marked(cast, make_due, three, ask, say_yes):
    def marked(kind: RightsKind):
        call = make_due(-90)
        request_id = ask(kind)
        say_yes(request_id)
        run_all_jobs(cast)
        assert road(cast, request_id) == ["received", "approved", "marked", "answered"]
        return call, request_id

    return marked


def _mark(cast) -> CallerMark:
    with tenancy.scope(cast.alder.organization.id):
        return CallerMark.objects.get()


def _lift(cast) -> None:
    with tenancy.scope(cast.alder.organization.id):
        lift_mark(
            actor=fresh_owner(cast),
            mark_id=_mark(cast).id,
            reason="The person agreed",
            now=THREE,
        )


def _keeps(cast, caller: str, carrier_call_id: str) -> tuple[bool, bool]:
    with tenancy.scope(cast.alder.organization.id):
        call = answer_call(
            organization_id=cast.alder.organization.id,
            carrier_call_id=carrier_call_id,
            called_e164=cast.alder.number.e164,
            caller_e164=caller,
            now=THREE,
        )
        return tuple(call.capture[name] for name in ("recording", "transcription"))


class TestRestriction:
    def test_lets_nobody_play_read_or_reveal(self, cast, marked):
        call, _ = marked(RightsKind.RESTRICT)
        actor = fresh_owner(cast)

        with tenancy.scope(cast.alder.organization.id):
            with pytest.raises(RestrictedError):
                get_playable(actor=actor, call_id=call.id)
            with pytest.raises(RestrictedError):
                list_lines(actor=actor, call=call, sight=standing_sight(actor))
            with pytest.raises(RestrictedError):
                reveal_caller(
                    actor=actor, call_id=call.id, reason="booking", note="", now=THREE
                )
            assert Reveal.objects.count() == 0

    def test_is_said_on_the_page_of_the_call(self, cast, marked, signed_in):
        call, _ = marked(RightsKind.RESTRICT)
        client: Client = signed_in(cast.ada)

        page = client.get(f"/app/calls/{call.id}/").content.decode()

        assert "Restricted" in page
        assert "kept and not used" in page
        assert "canary of the transcript" not in page
        assert "What was said is kept and not shown." in page
        assert "Nothing was written down." not in page
        assert client.post(f"/app/calls/{call.id}/play/").status_code == 409

    def test_of_one_number_leaves_others_alone(self, cast, marked, make_due):
        marked(RightsKind.RESTRICT)
        other = make_due(-90, caller=OMAR)

        with tenancy.scope(cast.alder.organization.id):
            assert get_playable(actor=fresh_owner(cast), call_id=other.id)

    def test_ends_when_it_is_lifted_with_a_reason(self, cast, marked):
        call, _ = marked(RightsKind.RESTRICT)

        _lift(cast)

        with tenancy.scope(cast.alder.organization.id):
            assert get_playable(actor=fresh_owner(cast), call_id=call.id)
        assert (_mark(cast).lifted_at, bytes(_mark(cast).caller_index)) == (THREE, b"")
        assert actions(cast, "compliance.caller_mark") == [
            "compliance.caller_mark.placed",
            "compliance.caller_mark.lifted",
        ]

    def test_forgets_why_it_was_lifted_after_thirty_days(self, cast, marked, three):
        marked(RightsKind.RESTRICT)
        _lift(cast)
        three.move(days=29)
        watch_rights()
        assert bytes(_mark(cast).reason_sealed) != b""

        three.move(days=1)
        watch_rights()

        assert bytes(_mark(cast).reason_sealed) == b""
        assert actions(cast, "compliance.caller_mark")[2:] == [
            "compliance.caller_mark.forgotten"
        ]

    def test_goes_with_what_it_kept(self, cast, marked, ask, say_yes):
        call, _ = marked(RightsKind.RESTRICT)
        index = bytes(call.caller_index)

        say_yes(ask())
        run_all_jobs(cast)

        assert rows_with(cast.alder.organization.id, index) == []

    def test_forgets_who_asked_but_for_the_index(self, cast, marked):
        call, request_id = marked(RightsKind.RESTRICT)

        assert found(cast, request_id).forgotten_at == THREE
        assert bytes(_mark(cast).caller_index) == bytes(call.caller_index)


CANARIES = ("Wharfinger", "canary of the message", HANNAH, spaced(HANNAH))
LISTS = (
    "/app/",
    "/app/calls/?when=all",
    "/app/calls/?when=all&q=Wharfinger",
    "/app/messages/",
    "/app/diary/?on=2026-11-28",
)


class TestRestrictionInLists:
    @pytest.fixture
    def visit(self, cast, marked):
        call, _ = marked(RightsKind.RESTRICT)
        with tenancy.scope(cast.alder.organization.id):
            make_appointment(
                cast.alder,
                starts_at=THREE + timedelta(days=2, hours=12),
                name="Canary Wharfinger",
                phone=HANNAH,
                call=call,
            )
        return call

    def test_shows_nobody_who_it_was(self, cast, visit, signed_in):
        client: Client = signed_in(cast.ada)

        for path in (*LISTS, f"/app/calls/{visit.id}/"):
            answer = client.get(path)
            page = answer.content.decode()
            assert answer.status_code == 200
            found = page.replace("q=Wharfinger", "").replace('value="Wharfinger"', "")
            assert [one for one in CANARIES if one in found] == [], path

    def test_says_that_the_words_and_the_visit_are_restricted(
        self, cast, visit, signed_in
    ):
        client: Client = signed_in(cast.ada)

        assert "The caller asked that this is kept and not used." in (
            client.get("/app/messages/").content.decode()
        )
        diary = client.get("/app/diary/?on=2026-11-28").content.decode()
        assert "Restricted" in diary
        assert "asked that their data is kept and not used" in diary
        assert "Check the name" not in diary
        assert "tel:" not in client.get("/app/messages/").content.decode()

    def test_shows_programs_no_more(self, cast, visit):
        with tenancy.scope(cast.alder.organization.id):
            key = create_api_key(
                organization_id=cast.alder.organization.id,
                name="all",
                scopes=[
                    "calls:read",
                    "messages:read",
                    "appointments:read",
                    "callers:read",
                ],
                now=THREE,
            )
        headers = {"authorization": f"Api-Key {key}"}

        for path in ("calls/", f"calls/{visit.id}/", "messages/", "appointments/"):
            answer = Client().get(f"/api/v1/{path}", headers=headers)
            page = answer.content.decode()
            assert answer.status_code == 200
            assert [one for one in CANARIES if one in page] == [], path

    def test_ends_with_the_mark(self, cast, visit, signed_in):
        _lift(cast)
        client: Client = signed_in(cast.ada)

        assert "canary of the message" in client.get("/app/messages/").content.decode()
        assert "Canary Wharfinger" in (
            client.get("/app/diary/?on=2026-11-28").content.decode()
        )

    def test_of_one_number_shows_the_others(self, cast, visit, make_due, signed_in):
        make_due(-90, caller=OMAR)

        page = signed_in(cast.ada).get("/app/calls/?when=all").content.decode()

        assert "Wharfinger" in page
        assert spaced(HANNAH) not in page


class TestObjection:
    def test_ends_that_later_calls_of_the_number_are_recorded_or_written_down(
        self, cast, marked
    ):
        marked(RightsKind.OBJECT)

        assert _keeps(cast, HANNAH, "v3:one") == (False, False)
        assert _keeps(cast, OMAR, "v3:two") == (True, True)
        assert _keeps(cast, "", "v3:three") == (True, True)

    def test_ends_when_it_is_lifted(self, cast, marked):
        marked(RightsKind.OBJECT)
        assert _keeps(cast, HANNAH, "v3:one") == (False, False)

        _lift(cast)

        assert _keeps(cast, HANNAH, "v3:two") == (True, True)

    def test_leaves_what_is_kept_as_it_is(self, cast, marked):
        call, _ = marked(RightsKind.OBJECT)

        with tenancy.scope(cast.alder.organization.id):
            assert get_playable(actor=fresh_owner(cast), call_id=call.id)

    def test_twice_is_one_mark(self, cast, marked, ask, say_yes, three):
        marked(RightsKind.OBJECT)
        again = ask(RightsKind.OBJECT)
        three.move(days=1)

        say_yes(again)
        run_all_jobs(cast)

        assert road(cast, again)[-1] == "answered"
        assert _mark(cast).placed_at == THREE
