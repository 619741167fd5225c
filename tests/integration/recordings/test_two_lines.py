import pytest

from recordings.models import Utterance
from recordings.selectors.kept import count_kept
from recordings.taps import CallJournal
from sondervoice.kernel import tenancy
from telephony.models import Call, Turn
from telephony.sealed import TABLE as CALL_TABLE
from telephony.voice.dialogue import Dialogue
from telephony.voice.frames import Heard, Saying
from telephony.voice.journal import TurnTimes
from tests.cast import NOW
from tests.cast_calls import make_call, sealer_of

UTTERANCES = "recordings_utterance"


@pytest.fixture
def call(cast):
    with tenancy.scope(cast.alder.organization.id):
        return make_call(cast.alder, at=NOW, status="live", line_epoch=2)


def _journal(call, *, epoch, kept, keeps_words=True):
    def in_scope(work):
        with tenancy.scope(call.organization_id):
            work()

    return CallJournal(
        sealer=sealer_of(call),
        epoch=epoch,
        started_at=NOW,
        question={},
        first_number=kept.utterances + 1,
        first_turn=kept.turns,
        keeps_words=keeps_words,
        submit=in_scope,
    )


def _kept(call):
    return count_kept(organization_id=call.organization_id, call_id=call.id)


def _say(journal, text, *, at_ms):
    heard = Heard(
        text=text,
        is_sure=True,
        started_at_ms=at_ms,
        stopped_at_ms=at_ms + 500,
        decided_at_ms=at_ms + 900,
    )
    journal.caller_spoke(heard, is_hidden=False, language="en")


def _saying(number, text, *, is_disclosure=False):
    return Saying(
        text=text, language="en", turn=1, number=number, is_disclosure=is_disclosure
    )


def _lines(call):
    sealer = sealer_of(call)
    with tenancy.scope(call.organization_id):
        rows = Utterance.objects.filter(call=call).order_by("number")
        return [
            (
                row.number,
                sealer.open(
                    bytes(row.text_sealed),
                    table=UTTERANCES,
                    column="text_sealed",
                    row_id=row.id,
                ),
            )
            for row in rows
        ]


class TestCallOfWhoHasObjected:
    def test_keeps_the_notice_and_nothing_else_that_was_said(self, call):
        with tenancy.scope(call.organization_id):
            Call.objects.filter(pk=call.pk).update(first_captured_at=None)
        journal = _journal(call, epoch=2, kept=_kept(call), keeps_words=False)

        journal.agent_began(_saying(1, "Not recorded.", is_disclosure=True), at_ms=0)
        journal.disclosure_heard(at_ms=900, language="en")
        _say(journal, "it is hannah", at_ms=1_000)
        journal.agent_began(_saying(2, "Good day, Hannah."), at_ms=2_000)
        journal.moved(Dialogue(language="en", name="Hannah"))

        assert _lines(call) == [(1, "Not recorded.")]
        with tenancy.scope(call.organization_id):
            call.refresh_from_db()
        assert call.disclosure_heard_at is not None
        assert (call.first_captured_at, call.caller_name_sealed) == (None, None)


class TestErasedCall:
    def test_gets_no_line_that_comes_late(self, call):
        journal = _journal(call, epoch=2, kept=_kept(call))
        _say(journal, "hello", at_ms=1_000)
        with tenancy.scope(call.organization_id):
            Utterance.objects.filter(call=call).delete()
            Call.objects.filter(pk=call.pk).update(transcript_erased_at=NOW)

        _say(journal, "are you there", at_ms=3_000)

        with tenancy.scope(call.organization_id):
            assert Utterance.with_deleted.filter(call=call).count() == 0


class TestTwoLinesOfOneCall:
    def test_keep_every_word_though_both_count_from_the_same_number(self, call):
        older, newer = (
            _journal(call, epoch=epoch, kept=_kept(call)) for epoch in (1, 2)
        )

        _say(older, "hello", at_ms=1_000)
        _say(newer, "are you there", at_ms=3_000)
        _say(older, "i said hello", at_ms=3_100)
        _say(newer, "good", at_ms=5_000)

        assert _lines(call) == [
            (1, "hello"),
            (2, "are you there"),
            (3, "i said hello"),
            (4, "good"),
        ]

    def test_count_on_from_the_greatest_number_and_not_from_how_many(self, call):
        older = _journal(call, epoch=1, kept=_kept(call))
        for number in range(3):
            _say(older, "hello", at_ms=number * 1_000)
        with tenancy.scope(call.organization_id):
            Utterance.objects.filter(call=call, number=2).delete()

        assert _kept(call).utterances == 3

    def test_keep_every_turn(self, call):
        for epoch in (1, 2):
            journal = _journal(call, epoch=epoch, kept=_kept(call))
            times = TurnTimes(
                number=1, quiet_ms=10, decided_ms=20, heard_ms=30, answered_ms=40
            )
            journal.answered(times)

        with tenancy.scope(call.organization_id):
            numbers = Turn.objects.filter(call=call).values_list("number", flat=True)
            assert sorted(numbers) == [1, 2]

    def test_have_the_newest_alone_say_where_the_conversation_stands(self, call):
        older, newer = (
            _journal(call, epoch=epoch, kept=_kept(call)) for epoch in (1, 2)
        )
        newer.moved(Dialogue(language="de"))
        older.moved(Dialogue(language="fr"))

        with tenancy.scope(call.organization_id):
            row = Call.objects.get(pk=call.pk)
        stands = sealer_of(call).open(
            bytes(row.dialogue), table=CALL_TABLE, column="dialogue", row_id=call.id
        )
        assert '"language":"de"' in stands
        assert row.language == "de"
