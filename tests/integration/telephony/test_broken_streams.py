from datetime import timedelta

import pytest

from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call, CarrierCommand, StreamToken
from telephony.reception.models import AgentVersion
from telephony.services.apply_event import apply_event
from telephony.services.mend_stream import mend_stream
from telephony.services.open_stream import open_stream
from telephony.services.say_goodbye import say_goodbye
from telephony.services.send_command import send_command
from tests.cast import NOW
from tests.integration.telephony.posts import event
from tests.integration.telephony.ringing import keep, ring, token_for

pytestmark = pytest.mark.django_db
ADDRESS = "ws://media.example/media/telnyx/{}/"


def _at(seconds):
    return NOW + timedelta(seconds=seconds)


class BrokenCall:
    """A call whose streams break, seen second by second."""

    def __init__(self, cast):
        self.clinic = cast.alder
        self.call = ring(self.clinic, status="live", answered_at=NOW)
        self.token = token_for(self.call, now=NOW)
        self.line = open_stream(token=self.token, now=NOW)

    @property
    def row(self):
        with tenancy.scope(self.call.organization_id):
            return Call.objects.get(pk=self.call.pk)

    @property
    def commands(self):
        with tenancy.scope(self.call.organization_id):
            rows = CarrierCommand.objects.filter(call=self.call).order_by("id")
            return [(row.kind, row.words_key) for row in rows if row.kind != "answer"]

    @property
    def jobs(self):
        """Return how often the mending is due, now or later."""
        with tenancy.scope(self.call.organization_id):
            return OutboxJob.objects.filter(task="telephony.mend_stream").count()

    def name_a_person(self):
        with tenancy.scope(self.call.organization_id):
            versions = AgentVersion.objects.filter(pk=self.call.agent_version_id)
            versions.update(put_through_e164="+13125550150")

    def told(self, name, *, at_s, token=None, **payload):
        """Let the carrier tell of a stream, by its address or without."""
        if token and name == "streaming.failed":
            payload["stream_params"] = {"stream_url": ADDRESS.format(token)}
        elif token:
            payload["stream_url"] = ADDRESS.format(token)
        data = event(
            name,
            clinic=self.clinic,
            call_id=self.call.carrier_call_id,
            at_s=at_s,
            **payload,
        )
        event_id = keep(self.clinic, data, received_at=_at(at_s)).id
        apply_event(
            organization_id=self.call.organization_id, event_id=event_id, now=_at(at_s)
        )

    def mend(self, *, at_s):
        mend_stream(
            organization_id=self.call.organization_id,
            call_id=self.call.id,
            now=_at(at_s),
        )

    def send_stream(self, carrier, *, at_s):
        """Send the newest wish for a stream; return the token in its address."""
        with tenancy.scope(self.call.organization_id):
            wish = CarrierCommand.objects.filter(call=self.call, kind="start_stream")
            command_id = wish.order_by("-step").first().id
        send_command(
            organization_id=self.call.organization_id,
            command_id=command_id,
            now=_at(at_s),
        )
        return carrier.urls[-1].rstrip("/").rpartition("/")[2]


@pytest.fixture
def broken(cast):
    return BrokenCall(cast)


class TestBrokenStream:
    def test_is_opened_once_again_when_one_break_is_told_twice(self, broken):
        broken.told("streaming.stopped", at_s=9, token=broken.token)
        broken.told("streaming.failed", at_s=9.2, token=broken.token)
        broken.mend(at_s=9.3)
        broken.mend(at_s=9.4)

        assert broken.commands == [("start_stream", ""), ("speak", "hold")]
        assert broken.row.stream_attempts == 1

    def test_that_breaks_again_at_once_is_opened_again_soon(self, broken, carrier):
        broken.told("streaming.failed", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        second = broken.send_stream(carrier, at_s=9.1)
        broken.told("streaming.failed", at_s=9.2, token=second)
        broken.mend(at_s=11)

        assert broken.commands == [
            ("start_stream", ""),
            ("speak", "hold"),
            ("start_stream", ""),
        ]

    def test_is_waited_for_while_it_is_being_opened(self, broken, carrier):
        broken.told("streaming.failed", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        broken.send_stream(carrier, at_s=9.1)
        broken.mend(at_s=11)

        assert broken.commands == [("start_stream", ""), ("speak", "hold")]

    def test_is_mended_once_a_new_line_holds_the_call(self, broken, carrier):
        broken.told("streaming.failed", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        before = broken.jobs
        open_stream(token=broken.send_stream(carrier, at_s=9.1), now=_at(9.2))
        broken.mend(at_s=11)

        assert broken.row.stream_lost_at is None
        assert broken.row.line_epoch == 2
        assert broken.jobs == before

    def test_told_after_the_next_one_was_opened_changes_nothing(self, broken, carrier):
        broken.told("streaming.stopped", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        open_stream(token=broken.send_stream(carrier, at_s=9.1), now=_at(9.2))
        broken.told("streaming.failed", at_s=10, token=broken.token)

        assert broken.row.stream_lost_at is None

    def test_without_its_address_is_the_newest(self, broken):
        broken.told("streaming.failed", at_s=9)
        broken.told("streaming.stopped", at_s=9.1)

        with tenancy.scope(broken.call.organization_id):
            lost = list(StreamToken.objects.values_list("lost_at", flat=True))
        assert lost == [_at(9)]
        assert broken.jobs == 1

    def test_that_cannot_be_opened_gives_the_caller_to_a_person(self, broken):
        broken.name_a_person()
        broken.told("streaming.failed", at_s=9, token=broken.token)
        for second in range(9, 26, 2):
            broken.mend(at_s=second)

        assert broken.commands == [
            ("start_stream", ""),
            ("speak", "hold"),
            ("speak", "hold"),
            ("speak", "person"),
            ("transfer", ""),
        ]
        assert broken.row.line_ended_at == _at(25)
        # The sweep of lost calls leaves it alone while the telephone rings.
        assert broken.row.line_seen_at == _at(25)

    def test_is_asked_for_no_more_once_the_caller_was_given_away(self, broken, carrier):
        broken.name_a_person()
        broken.told("streaming.failed", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        broken.mend(at_s=25)
        with tenancy.scope(broken.call.organization_id):
            wish = CarrierCommand.objects.get(call=broken.call, kind="start_stream")

        send_command(
            organization_id=wish.organization_id, command_id=wish.id, now=_at(26)
        )

        assert carrier.urls == []

    def test_is_not_mended_behind_a_goodbye(self, broken):
        broken.told("streaming.failed", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        with tenancy.scope(broken.call.organization_id):
            say_goodbye(call=broken.row, words_key="sorry", now=_at(10))
        said = broken.commands
        broken.mend(at_s=18)
        broken.mend(at_s=30)

        assert broken.commands == said

    def test_that_cannot_be_opened_says_sorry_where_there_is_nobody(self, broken):
        broken.told("streaming.failed", at_s=9, token=broken.token)
        broken.mend(at_s=9)
        broken.mend(at_s=24)
        broken.mend(at_s=26)

        assert broken.commands[-2:] == [("speak", "sorry"), ("hang_up", "")]
        assert broken.commands.count(("hang_up", "")) == 1
        broken.told("call.hangup", at_s=36, hangup_source="callee")
        assert (broken.row.status, broken.row.end_reason) == ("ended", "line_lost")

    def test_of_a_third_line_is_opened_no_more(self, broken):
        for at in (1, 2):
            open_stream(token=token_for(broken.call, now=NOW), now=_at(at))
        broken.told("streaming.failed", at_s=9)
        broken.mend(at_s=9)

        assert broken.commands == [("speak", "sorry"), ("hang_up", "")]

    @pytest.mark.parametrize(
        "fields",
        [{"line_ended_at": NOW}, {"status": "ended", "ended_at": NOW}],
        ids=["line", "call"],
    )
    def test_is_left_alone_when_its_end_was_meant(self, cast, fields):
        call = ring(
            cast.alder,
            **{"status": "live", "answered_at": NOW, "stream_lost_at": NOW} | fields,
        )

        mend_stream(organization_id=call.organization_id, call_id=call.id, now=_at(9))

        with tenancy.scope(call.organization_id):
            assert Call.objects.get().stream_attempts == 0
            assert CarrierCommand.objects.exclude(kind="answer").count() == 0
