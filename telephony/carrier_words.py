"""What the carrier's own voice says when ours cannot be heard (pure)."""

from typing import Final

_WORDS: Final = {
    "hold": {
        "en": "One moment please. The line is being set up again.",
        "de": "Einen Moment bitte. Die Verbindung wird neu aufgebaut.",
        "fr": "Un instant s'il vous plaît. La ligne est en cours de rétablissement.",
    },
    "sorry": {
        "en": "I am sorry, our assistant cannot be reached. "
        "In an emergency, hang up and call {emergency}. Please call again later.",
        "de": "Es tut mir leid, unser Assistent ist nicht erreichbar. "
        "Im Notfall legen Sie auf und rufen {emergency}. Bitte rufen Sie später an.",
        "fr": "Je suis désolé, notre assistant n'est pas joignable. En cas d'urgence, "
        "raccrochez et appelez le {emergency}. Merci de rappeler plus tard.",
    },
    "nobody": {
        "en": "I am sorry, nobody could answer. I have left an urgent note that you "
        "called. In an emergency, hang up and call {emergency}. Goodbye.",
        "de": "Es tut mir leid, niemand konnte antworten. Ich habe dringend notiert, "
        "dass Sie angerufen haben. Im Notfall legen Sie auf und rufen {emergency}. "
        "Auf Wiederhören.",
        "fr": "Je suis désolé, personne n'a pu répondre. J'ai laissé une note urgente "
        "pour dire que vous avez appelé. En cas d'urgence, raccrochez et appelez le "
        "{emergency}. Au revoir.",
    },
    "person": {
        "en": "I am sorry, our assistant cannot be reached. I am trying to put you "
        "through to a person.",
        "de": "Es tut mir leid, unser Assistent ist nicht erreichbar. Ich versuche, "
        "Sie mit einer Person zu verbinden.",
        "fr": "Je suis désolé, notre assistant n'est pas joignable. J'essaie de vous "
        "passer une personne.",
    },
}
_EMERGENCY: Final = {"US": "9 1 1", "CA": "9 1 1", "GB": "9 9 9", "AU": "0 0 0"}


def emergency_number(country: str) -> str:
    """Return the number to dial in an emergency, as it is spoken, digit by digit."""
    return _EMERGENCY.get(country, "1 1 2")


def carrier_words(key: str, *, language: str, country: str) -> str:
    """Return the sentence in the language, or in English."""
    texts = _WORDS[key]
    text = texts.get(language, texts["en"])
    return text.format(emergency=emergency_number(country))
