"""What may be kept of one call: decided when it is answered, frozen with it (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from compliance.capture import rules
from compliance.capture.notices import (
    TEXT_VERSION,
    consent_questions,
    notices,
)
from compliance.capture.rules import Mode
from compliance.retention.rules import KeepDays

_KEEP_DAYS_DEFAULT = KeepDays()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePolicy:
    """The rules of one call.

    Attributes:
        mode: ``notice``, ``all_party_notice`` or ``explicit_opt_in``.
        because: Codes of the places asked, in the order given.
        policy_version: Version of the rule table.
        recording: Sound may be kept once the mode's condition is met.
        transcription: Words may be kept once the notice has been heard.
        keep_days: Whole days that each kind is kept at most.
        notice: What the caller must hear first, sentence by sentence, by language.
        question: What is asked after it where a yes is needed, by language.
        text_version: Version of those texts.
        has_objected: The caller asked the clinic that calls are neither recorded nor
            written down. What they leave as a message or book is kept.
    """

    mode: str
    because: tuple[str, ...]
    policy_version: str
    recording: bool
    transcription: bool
    keep_days: KeepDays
    notice: dict[str, tuple[str, ...]]
    question: dict[str, str]
    text_version: str
    # Calls that were answered before there was this word have none of it.
    has_objected: bool = False

    @property
    def asks_consent(self) -> bool:
        """Return whether recording waits for the caller's yes."""
        return self.recording and self.mode == Mode.EXPLICIT_OPT_IN.word


def decide(
    *,
    places: Sequence[str],
    clinic_name: str,
    languages: Sequence[str],
    agent_records: bool,
    has_objected: bool = False,
    keep_days: KeepDays = _KEEP_DAYS_DEFAULT,
) -> CapturePolicy:
    """Return the policy: the strictest mode of all places concerned.

    Args:
        places: Codes of the clinic's place, the caller's number's country, and so on;
            an unknown one counts as the strictest.
        has_objected: Whether the clinic has accepted the caller's objection.
    """
    is_recorded = agent_records and not has_objected
    mode = max(rules.rule_for(place).mode for place in places)
    return CapturePolicy(
        mode=mode.word,
        because=tuple(rules.rule_for(place).code for place in places),
        policy_version=rules.version(),
        recording=is_recorded,
        transcription=not has_objected,
        keep_days=keep_days,
        notice=notices(
            clinic_name=clinic_name,
            languages=languages,
            is_recorded=is_recorded and mode is not Mode.EXPLICIT_OPT_IN,
            has_objected=has_objected,
        ),
        question=consent_questions(languages),
        text_version=TEXT_VERSION,
        has_objected=has_objected,
    )
