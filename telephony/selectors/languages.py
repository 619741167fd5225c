"""The languages a clinic's calls were held in."""

from typing import Final

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.models import Call
from telephony.selectors.limits import within_limits

NAMES: Final = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pl": "Polish",
    "tr": "Turkish",
}


def list_languages(*, actor: Actor) -> list[tuple[str, str]]:
    """Return tag and name of each language there is a call in, by tag."""
    actor.require(Permission.CALLS_VIEW)
    calls = Call.objects.filter(within_limits(actor))
    tags = calls.order_by("language").values_list("language", flat=True)
    return [(tag, language_name(tag)) for tag in tags.distinct()]


def language_name(tag: str) -> str:
    """Return the English name of a language, or its tag."""
    return NAMES.get(tag.partition("-")[0], tag)
