"""What an alert is called, in a sentence, for a page and for a letter."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from compliance.alerts.rules import Rule

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Rule.MASS_EXPORT: "Much was taken along",
        Rule.NIGHT_REVEALS: "Callers shown at night",
        Rule.FAILED_SIGN_INS: "Many failed sign-ins",
        Rule.NOT_THEIRS: "Asked for what is not the clinic's",
        Rule.NEW_PLACE: "A sign-in from a new place",
        Rule.OPERATOR_LOOK: "SonderVoice looked at the clinic",
        Rule.RECORD_CHANGED: "The record is not as it was sealed",
    }
)
_ONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        Rule.MASS_EXPORT: "{who} took 1 row along.",
        Rule.NIGHT_REVEALS: "{who} showed 1 caller at night.",
        Rule.FAILED_SIGN_INS: "1 sign-in failed: a wrong password or code "
        "of a member, or a refused key or answer of the directory.",
        Rule.NOT_THEIRS: "{who} asked once for something that is not this clinic's. "
        "Nothing was shown.",
        Rule.NEW_PLACE: "{who} signed in from a place they had not signed in from in "
        "the last month.",
        Rule.OPERATOR_LOOK: "Somebody of SonderVoice began to look at the clinic.",
        Rule.RECORD_CHANGED: "1 thing in the record is not as it was sealed. "
        "SonderVoice has been told.",
    }
)
_MANY: Final[Mapping[str, str]] = MappingProxyType(
    {
        Rule.MASS_EXPORT: "{who} took {count} rows along.",
        Rule.NIGHT_REVEALS: "{who} showed {count} callers at night.",
        Rule.FAILED_SIGN_INS: "{count} sign-ins failed: wrong passwords or codes "
        "of members, or refused keys or answers of the directory.",
        Rule.NOT_THEIRS: "{who} asked {count} times for something that is not this "
        "clinic's. Nothing was shown.",
        Rule.NEW_PLACE: "{who} signed in {count} times from places they had not signed "
        "in from in the last month.",
        Rule.OPERATOR_LOOK: "Somebody of SonderVoice began to look at the clinic, "
        "{count} times.",
        Rule.RECORD_CHANGED: "{count} things in the record are not as they were "
        "sealed. SonderVoice has been told.",
    }
)
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"user": "A member", "api_key": "A key of a program", "operator": "SonderVoice"}
)


def sentence(*, rule: str, count: int, who: str) -> str:
    """Return what happened, in one or two sentences."""
    words = (_ONE if count == 1 else _MANY)[rule]
    return words.format(who=who, count=f"{count:,}")


def kind_words(actor_kind: str) -> str:
    """Return who it was without a name, for a letter."""
    return _KINDS.get(actor_kind, "Somebody")
