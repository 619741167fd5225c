import pytest

from compliance.capture.gate import CaptureGate
from compliance.capture.policy import decide


def _gate(*, place):
    policy = decide(
        places=[place], clinic_name="Alder", languages=["en"], agent_records=True
    )
    return CaptureGate(policy)


@pytest.fixture
def asking():
    return _gate(place="DE")


@pytest.fixture
def telling():
    return _gate(place="US-IL")


def _answers(gate):
    return gate.may_hear, gate.may_write, gate.may_record


class TestCallerWhoHasObjected:
    @pytest.mark.parametrize("place", ["DE", "US-IL"])
    def test_is_heard_and_neither_recorded_nor_written_down_nor_asked(self, place):
        policy = decide(
            places=[place],
            clinic_name="Alder",
            languages=["en", "de", "fr"],
            agent_records=True,
            has_objected=True,
        )
        gate = CaptureGate(policy)
        gate.notice_heard()

        assert _answers(gate) == (True, False, False)
        assert not policy.asks_consent
        assert policy.notice["en"] == (
            "Hello, this is the AI assistant of Alder.",
            "This call is not recorded. "
            "Only a message or an appointment is written down.",
        )
        assert policy.notice["de"][1].startswith("Dieses Gespräch wird nicht")
        assert policy.notice["fr"][1].startswith("Cet appel n'est pas")


class TestGate:
    def test_lets_nothing_pass_before_the_notice_was_heard(self, telling):
        before = _answers(telling)
        telling.notice_heard()

        assert before == (False, False, False)
        assert _answers(telling) == (True, True, True)

    def test_lets_sound_pass_after_a_yes_to_the_question(self, asking):
        asking.notice_heard()
        before = _answers(asking)
        asking.question_begun(at_ms=5_000)
        asking.consent(is_given=True)

        assert before == (True, True, False)
        assert _answers(asking) == (True, True, True)

    def test_takes_no_yes_to_a_question_that_was_not_asked(self, asking):
        asking.notice_heard()
        asking.consent(is_given=True)
        asking.question_begun(at_ms=5_000)

        assert not asking.may_record

    def test_takes_a_no_at_any_time(self, telling):
        telling.notice_heard()
        telling.consent(is_given=False)

        assert _answers(telling) == (True, True, False)

    def test_knows_when_the_question_was_first_heard(self, asking):
        asking.question_begun(at_ms=5_000)
        asking.question_begun(at_ms=9_000)

        assert asking.asked_at_ms == 5_000

    def test_stays_shut_once_the_call_goes_to_a_person(self, asking):
        asking.notice_heard()
        asking.question_begun(at_ms=5_000)
        asking.shut()
        asking.consent(is_given=True)
        asking.notice_heard()

        assert _answers(asking) == (False, False, False)
