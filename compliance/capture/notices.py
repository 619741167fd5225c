"""The words a caller hears before anything is kept, by language.

A change of a text is a change of `TEXT_VERSION`: receipts name it. Short sentences:
with two further languages to choose from, the caller has the floor after ten seconds.
"""

from collections.abc import Sequence
from typing import Final

TEXT_VERSION: Final = "2026-11-26.1"

_NAMED: Final = {
    "en": "Hello, this is the AI assistant of {clinic}.",
    "de": "Guten Tag, hier ist der KI-Assistent von {clinic}.",
    "fr": "Bonjour, ici l'assistant IA de {clinic}.",
}
_RECORDED: Final = {
    "en": "For the team, this call is recorded and written down.",
    "de": "Für das Team wird dieses Gespräch aufgenommen und aufgeschrieben.",
    "fr": "Pour l'équipe, cet appel est enregistré et transcrit.",
}
_WRITTEN: Final = {
    "en": "What you say is written down for the team.",
    "de": "Was Sie sagen, wird für das Team aufgeschrieben.",
    "fr": "Ce que vous dites est transcrit pour l'équipe.",
}
_OBJECTED: Final = {
    "en": "This call is not recorded. "
    "Only a message or an appointment is written down.",
    "de": "Dieses Gespräch wird nicht aufgenommen. "
    "Nur eine Nachricht oder ein Termin wird aufgeschrieben.",
    "fr": "Cet appel n'est pas enregistré. Seul un message ou un rendez-vous est noté.",
}
_QUESTION: Final = {
    "en": "May I also record the call? Say yes or press 1. "
    "If you say no, we simply carry on.",
    "de": "Darf ich das Gespräch auch aufnehmen? Sagen Sie Ja oder drücken Sie die 1. "
    "Wenn Sie Nein sagen, machen wir einfach weiter.",
    "fr": "Puis-je aussi enregistrer l'appel ? Dites oui ou appuyez sur le 1. "
    "Si vous dites non, nous continuons tout simplement.",
}

LANGUAGES: Final = frozenset(_NAMED)


def notices(
    *,
    clinic_name: str,
    languages: Sequence[str],
    is_recorded: bool,
    has_objected: bool = False,
) -> dict[str, tuple[str, ...]]:
    """Return the notice by language, sentence by sentence.

    Args:
        is_recorded: Recording begins without a question once this has been heard.
        has_objected: Neither sound nor words of the call are kept.
    """
    second = _RECORDED if is_recorded else _WRITTEN
    if has_objected:
        second = _OBJECTED
    return {
        language: (_NAMED[language].format(clinic=clinic_name), second[language])
        for language in languages
        if language in LANGUAGES
    }


def consent_questions(languages: Sequence[str]) -> dict[str, str]:
    """Return the question for a yes to recording, by language."""
    return {
        language: _QUESTION[language] for language in languages if language in LANGUAGES
    }
