"""The receipt of a call: what the caller was told and asked, when, under which rule.

Pure but for the rule table. The order is judged here from the times alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from compliance.capture import rules
from telephony.models import Call

_MEANS: Final = {
    "notice": "tell, then recording may begin",
    "all_party_notice": "everybody is told before recording begins",
    "explicit_opt_in": "ask first; a no changes nothing else",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What can be shown of one call's notice and consent.

    Attributes:
        words: What the caller heard of the notice, sentence by sentence.
        steps: What happened and when, in the order of time.
        places: Names of the places whose rules were compared.
        is_in_order: Nothing was kept before the notice was heard to its end, and no
            sound without the yes that was asked for.
        finding: That, as a sentence.
    """

    words: list[str]
    steps: list[tuple[str, datetime]]
    places: list[str]
    means: str
    rule_version: str
    text_version: str
    language: str
    is_in_order: bool
    finding: str


def receipt_of(call: Call, *, heard: Sequence[str], has_sound: bool) -> Receipt:
    """Return the receipt of a call.

    Args:
        call: With the policy it was answered under.
        heard: The sentences of the notice that reached the caller.
        has_sound: Whether any sound was kept.
    """
    frozen: dict[str, Any] = call.capture
    is_in_order, finding = _judge(call, frozen, has_sound=has_sound)
    return Receipt(
        words=list(heard),
        steps=_steps(call),
        places=[_place_name(code) for code in frozen.get("because", ())],
        means=_MEANS.get(frozen.get("mode", ""), ""),
        rule_version=frozen.get("policy_version", ""),
        text_version=frozen.get("text_version", ""),
        language=(call.disclosure_language or call.language).upper(),
        is_in_order=is_in_order,
        finding=finding,
    )


def _place_name(code: str) -> str:
    return "a number of no known place" if code == "*" else rules.rule_for(code).name


def _steps(call: Call) -> list[tuple[str, datetime]]:
    said = "Caller said yes" if call.consent_answer else "Caller said no"
    if call.consent_method == "key":
        said = "Caller pressed yes" if call.consent_answer else "Caller pressed no"
    found = [
        ("Answered", call.answered_at),
        ("Notice begun", call.disclosure_spoken_at),
        ("Notice heard to its end", call.disclosure_heard_at),
        ("Question asked", call.consent_asked_at),
        (said, call.consent_answered_at),
        ("First kept", call.first_captured_at),
        ("Emergency number said", call.emergency_told_at),
        ("Ended", call.ended_at),
    ]
    # sorted() keeps the order above for equal times.
    steps = [(name, at) for name, at in found if at is not None]
    return sorted(steps, key=lambda step: step[1])


def _was_asked_first(call: Call) -> bool:
    asked, answered = call.consent_asked_at, call.consent_answered_at
    return asked is not None and answered is not None and answered >= asked


def _judge(call: Call, frozen: dict[str, Any], *, has_sound: bool) -> tuple[bool, str]:
    heard, kept = call.disclosure_heard_at, call.first_captured_at
    if heard is None:
        if kept is None and not has_sound:
            return True, "The notice was not heard to its end. Nothing was kept."
        return False, "Something was kept although the notice was not heard to its end."
    if kept is not None and kept < heard:
        return False, "Something was kept before the notice ended."
    needs_yes = frozen.get("mode") == "explicit_opt_in"
    lacks_yes = needs_yes and call.consent_answer is not True
    if has_sound and (lacks_yes or call.consent_answer is False):
        return False, "Sound was kept without the yes that the rule asks for."
    if has_sound and needs_yes and not _was_asked_first(call):
        return False, "Sound was kept on a yes that came before the question."
    return True, "Order checked: nothing was kept before the notice was heard."
