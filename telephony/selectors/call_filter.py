"""Which calls a list is narrowed to, by the words its address uses."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet

from telephony.models import Call

_TALKED: Final = ExpressionWrapper(
    F("ended_at") - F("answered_at"), output_field=DurationField()
)
_ONE_MINUTE: Final = timedelta(minutes=1)
_FIVE_MINUTES: Final = timedelta(minutes=5)
_ENDED: Final = Q(status__in=[Call.Status.ENDED, Call.Status.FAILED])
_NONE: Final = Q(outcome=Call.Outcome.NONE)
_NOT_ANSWERED: Final = Q(answered_at=None)

Choices = Mapping[str, tuple[str, Q]]

OUTCOMES: Final[Choices] = MappingProxyType(
    {
        "booked": ("Booked", Q(outcome=Call.Outcome.BOOKED)),
        "cancelled": ("Cancelled", Q(outcome=Call.Outcome.CANCELLED)),
        "message": ("Message", Q(outcome=Call.Outcome.MESSAGE)),
        "transferred": ("Put through", Q(outcome=Call.Outcome.TRANSFERRED)),
        "emergency": ("Emergency", Q(outcome=Call.Outcome.EMERGENCY)),
        "info": ("Answered", Q(outcome=Call.Outcome.INFO)),
        "hung_up": ("Hung up", _NONE & _ENDED & ~_NOT_ANSWERED),
        "missed": ("Missed", _NONE & _ENDED & _NOT_ANSWERED),
        "live": ("Live", ~_ENDED),
    }
)
CONSENTS: Final[Choices] = MappingProxyType(
    {
        "agreed": ("Agreed", Q(consent_answer=True)),
        "refused": ("Refused", Q(consent_answer=False)),
        "told": (
            "Told",
            Q(
                consent_answer=None,
                consent_asked_at=None,
                disclosure_heard_at__isnull=False,
            ),
        ),
        "no_answer": (
            "No answer",
            Q(consent_answer=None, consent_asked_at__isnull=False),
        ),
        "not_asked": (
            "Not asked",
            Q(consent_answer=None, consent_asked_at=None, disclosure_heard_at=None),
        ),
    }
)
RECORDINGS: Final[Choices] = MappingProxyType(
    {
        "kept": ("Kept", Q(recording__status="stored")),
        "none": (
            "Not recorded",
            Q(recording=None) | Q(recording__status="empty"),
        ),
        "storing": ("Being recorded or stored", Q(recording__status="spooling")),
        "erased": ("Erased", Q(recording__status="erased")),
    }
)
LENGTHS: Final[Choices] = MappingProxyType(
    {
        "short": ("Under 1 minute", Q(talked__lt=_ONE_MINUTE)),
        "middle": (
            "1 to 5 minutes",
            Q(talked__gte=_ONE_MINUTE, talked__lt=_FIVE_MINUTES),
        ),
        "long": ("5 minutes and more", Q(talked__gte=_FIVE_MINUTES)),
    }
)
FILTERS: Final[Mapping[str, Choices]] = MappingProxyType(
    {
        "outcome": OUTCOMES,
        "consent": CONSENTS,
        "recording": RECORDINGS,
        "length": LENGTHS,
    }
)


def narrow(
    calls: QuerySet[Call],
    *,
    chosen: Mapping[str, Iterable[str]],
    languages: Iterable[str] = (),
    receptionists: Iterable[str] = (),
) -> QuerySet[Call]:
    """Return the calls that fit one chosen word of each filter that has any.

    Words that are none of ours are ignored: an old link still opens.
    """
    narrowed = calls.annotate(talked=_TALKED)
    for name, choices in FILTERS.items():
        wanted = Q()
        for word in chosen.get(name, ()):
            if word in choices:
                wanted |= choices[word][1]
        narrowed = narrowed.filter(wanted)
    if spoken := list(languages):
        narrowed = narrowed.filter(language__in=spoken)
    if agents := list(_ids(receptionists)):
        narrowed = narrowed.filter(agent_version__agent__in=agents)
    return narrowed


def _ids(words: Iterable[str]) -> Iterator[UUID]:
    for word in words:
        with suppress(ValueError):
            yield UUID(word)
