from datetime import UTC, datetime, timedelta

from recordings.receipt import receipt_of
from telephony.models import Call

AT = datetime(2026, 11, 20, 15, 31, 0, tzinfo=UTC)


def _call(*, mode: str = "all_party_notice", **times: float | bool | None) -> Call:
    values = {
        name: AT + timedelta(seconds=value) if name.endswith("_at") else value
        for name, value in times.items()
        if value is not None
    }
    return Call(
        language="en",
        capture={"mode": mode, "because": ["US-IL"], "policy_version": "abc"},
        answered_at=AT,
        **values,
    )


def _judge(call: Call, *, has_sound: bool = False) -> tuple[bool, str]:
    receipt = receipt_of(call, heard=[], has_sound=has_sound)
    return receipt.is_in_order, receipt.finding


class TestReceipt:
    def test_is_in_order_when_keeping_began_after_the_notice(self):
        call = _call(disclosure_heard_at=9.0, first_captured_at=9.0)

        assert _judge(call, has_sound=True) == (
            True,
            "Order checked: nothing was kept before the notice was heard.",
        )

    def test_says_that_something_was_kept_too_early(self):
        call = _call(disclosure_heard_at=9.0, first_captured_at=8.9)

        assert _judge(call) == (False, "Something was kept before the notice ended.")

    def test_says_that_nothing_was_kept_of_a_short_call(self):
        assert _judge(_call()) == (
            True,
            "The notice was not heard to its end. Nothing was kept.",
        )

    def test_says_that_sound_was_kept_without_the_notice(self):
        assert _judge(_call(), has_sound=True)[0] is False

    def test_wants_a_yes_for_sound_where_the_rule_asks_first(self):
        times = {"disclosure_heard_at": 9.0, "consent_asked_at": 9.1}
        silent = _call(mode="explicit_opt_in", **times)
        agreed = _call(
            mode="explicit_opt_in",
            **times,
            consent_answered_at=15.0,
            consent_answer=True,
        )

        assert _judge(silent, has_sound=True)[0] is False
        assert _judge(silent, has_sound=False)[0] is True
        assert _judge(agreed, has_sound=True)[0] is True

    def test_wants_no_sound_of_who_said_no_whatever_the_rule(self):
        call = _call(
            disclosure_heard_at=9.0, consent_answered_at=15.0, consent_answer=False
        )

        assert _judge(call, has_sound=True)[0] is False

    def test_lists_the_steps_in_the_order_of_time(self):
        call = _call(
            disclosure_heard_at=9.0,
            first_captured_at=9.0,
            consent_asked_at=9.1,
            consent_answered_at=15.0,
            consent_answer=True,
            consent_method="key",
            ended_at=60.0,
        )

        steps = receipt_of(call, heard=[], has_sound=True).steps

        assert [name for name, _ in steps] == [
            "Answered",
            "Notice heard to its end",
            "First kept",
            "Question asked",
            "Caller pressed yes",
            "Ended",
        ]

    def test_names_the_places_and_the_rule(self):
        receipt = receipt_of(_call(), heard=["Hello."], has_sound=False)

        assert receipt.places == ["Illinois"]
        assert receipt.means == "everybody is told before recording begins"
        assert receipt.words == ["Hello."]

    def test_says_that_a_yes_came_before_the_question(self):
        times = {"disclosure_heard_at": 9.0, "consent_answer": True}
        early = _call(
            mode="explicit_opt_in",
            **times,
            consent_answered_at=9.1,
            consent_asked_at=9.4,
        )
        never_asked = _call(mode="explicit_opt_in", **times, consent_answered_at=9.1)

        assert _judge(early, has_sound=True) == (
            False,
            "Sound was kept on a yes that came before the question.",
        )
        assert _judge(never_asked, has_sound=True)[0] is False
        assert _judge(early)[0] is True
