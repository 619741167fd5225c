"""A number that somebody left in a message, in a call from another number or none."""

from datetime import timedelta

import pytest

from compliance.keys.call_sealer import sealer_for_call
from compliance.retention.models import LegalHold
from compliance.retention.selectors.holds import covered
from compliance.retention.services.place_hold import Wanted, place_hold
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import OfCaller
from sondervoice.kernel.rights import RightsKind
from telephony.messages.models import Message
from telephony.messages.selectors.shown_text import is_restricted
from telephony.messages.services.take_message import LeftMessage, take_message
from telephony.messages.subject_data import Messages
from telephony.models import Call
from telephony.selectors.sight import standing_sight
from tests.cast import HANNAH, OMAR
from tests.cast_calls import make_call
from tests.integration.compliance.retention.nights import THREE, run_night
from tests.integration.compliance.rights.asked import found, fresh_owner, road
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
LEFT = "+13125559999"


@pytest.fixture
def leave(cast):
    """Somebody leaves a number in a call."""

    def leave(phone: str = LEFT, *, caller: str = "", days: int = 9) -> Message:
        at = THREE - timedelta(days=days)
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(cast.alder, at=at, caller=caller)
            return take_message(
                call=call,
                sealer=sealer_for_call(
                    organization_id=call.organization_id, call_id=call.id
                ),
                left=LeftMessage(
                    text="please ring me back",
                    name="Nora Quill",
                    phone_e164=phone,
                    is_urgent=False,
                    is_note=False,
                    clip_ms=None,
                ),
                now=at,
            )

    return leave


def _kept(cast) -> set:
    with tenancy.scope(cast.alder.organization.id):
        return set(Message.with_deleted.values_list("id", flat=True))


class TestLeftNumber:
    @pytest.mark.parametrize("caller", ["", OMAR])
    def test_is_erased_with_its_message_alone(
        self, cast, three, leave, ask, say_yes, caller
    ):
        theirs, other = leave(caller=caller), leave(HANNAH, caller=caller)

        request_id = ask(phone_e164=LEFT)
        say_yes(request_id)
        run_all_jobs(cast)

        assert road(cast, request_id)[-1] == "answered"
        assert _kept(cast) == {other.id}
        with tenancy.scope(cast.alder.organization.id):
            call = Call.objects.get(pk=theirs.call_id)
        assert len(bytes(call.caller_index)) == 32

    def test_of_no_number_finds_nothing(self, cast, three, leave, ask):
        leave("")

        assert ask(phone_e164=LEFT) is None
        with tenancy.scope(cast.alder.organization.id):
            assert [one.phone_index for one in Message.objects.all()] == [None]

    @pytest.mark.parametrize(
        ("caller", "words"),
        [("", ("Nora Quill", "please ring me back")), (OMAR, (None, None))],
    )
    def test_is_handed_out_without_the_words_of_another_caller(
        self, cast, three, leave, ask, caller, words
    ):
        message = leave(caller=caller)
        leave(HANNAH)
        request = found(cast, ask(RightsKind.ACCESS, phone_e164=LEFT))
        clinic = cast.alder.organization.id
        with tenancy.scope(clinic):
            wanted = OfCaller(bytes(request.phone_index), before=THREE)
            items = list(Messages().export(wanted, organization_id=clinic))
            early = OfCaller(bytes(request.phone_index), before=message.left_at)
            assert Messages().count(early) == 0

        (item,) = items
        assert (item.id, item.values["call_back_number"]) == (message.id, LEFT)
        assert (item.values["name_given"], item.values["text"]) == words

    def test_is_reached_by_a_hold_on_it(self, cast, three, leave, ask, say_yes):
        held, other = leave(days=200), leave(HANNAH, days=200)
        with tenancy.scope(cast.alder.organization.id):
            wanted = Wanted(
                scope=LegalHold.Scope.CALLER,
                caller_e164=LEFT,
                reason="Sues",
                review_on=THREE.date() + timedelta(days=9),
            )
            place_hold(actor=fresh_owner(cast), wanted=wanted, now=THREE)
            assert len(covered()) == 1
        request_id = ask(phone_e164=LEFT)
        say_yes(request_id)
        run_all_jobs(cast)
        assert _kept(cast) == {held.id, other.id}

        run_night(cast)

        assert _kept(cast) == {held.id}

    def test_is_not_used_where_they_asked_so(self, cast, three, leave, ask, say_yes):
        theirs, other = leave(), leave(HANNAH)
        say_yes(ask(RightsKind.RESTRICT, phone_e164=LEFT))
        run_all_jobs(cast)

        with tenancy.scope(cast.alder.organization.id):
            sight = standing_sight(fresh_owner(cast))
            rows = Message.objects.select_related("call")
            shown = {row.id: is_restricted(row, sight) for row in rows}
        assert shown == {theirs.id: True, other.id: False}
