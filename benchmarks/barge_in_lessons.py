"""Sound the judge of barge-in learns from; none of it is in `benchmarks.phrases`.

Other words, other voices and other languages than those it is judged on. Words and
murmurs come from both voices there are here, espeak-ng and the computed one, so that
the two cannot be told apart by who spoke them.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from benchmarks.labelled_sound import (
    NOISES,
    RATE,
    Mouth,
    Wave,
    band,
    decay,
    hum,
    noise,
    resonate,
)

_ENGLISH: Final = (
    "about|after all|again please|all right then|and then|any news|are they|as i said"
    "|ask her|at four|bad idea|because i|before noon|best wishes|both of us|bye"
    "|call me back|can we|change it|close it|could they|definitely|do not|does he"
    "|down there|each week|eight o'clock|even so|every day|exactly|fine|first of all"
    "|five|for him|from work|full name|get me|good|great|had we|has she|have they"
    "|he said|her name|here is|how long|however|if only|in june|insurance|it hurts"
    "|january|just so|keep it|know what|last week|leave me|less|let us|like this|look"
    "|louder please|make it nine|may she|maybe|more|most days|much sooner|must it"
    "|need help|new number|nine|nobody|none|nonsense|not mine|nothing|now|of course"
    "|often|oh|old one|only her|or else|other day|our child|over here|pain|perfect"
    "|pharmacy|please|prescription|quick|quite|really|right|saturday|say|see you|seven"
    "|shall we|she is|should i|six|skip|slower please|some other|soon|sunday|sure"
    "|talk to her|tell him|ten|than that|thanks|them|there|they said|thing is|thirty"
    "|this one|those|three|through|today|tomorrow|too far|try again|twenty|two|under"
    "|until when|up|urgent|us|very well|wednesday|well|were you|whatever|where to"
    "|which|while|whose|why|will it|with him|would she|wrong number|yeah|yes|yesterday"
    "|yet|you there|your name|zero"
)
_GERMAN: Final = (
    "aber|alles klar|also|anders|auch|auf keinen fall|beim arzt|bis wann|danke|dann"
    "|dienstag|dort|drei|einen augenblick|er sagt|erst|es tut weh|fünf|genau|gerne"
    "|gut|hallo|heute|hier|ihr name|im juni|in ordnung|jetzt|kein|können wir|langsam"
    "|lauter|mein kind|mir|morgen|müssen|nächste woche|neu|nicht|noch|nur|ob|oder"
    "|ohne|richtig|samstag|schon|sechs|sie|sofort|tut mir leid|über|um vier|unser"
    "|viel|vielleicht|von wem|wann|warum|was|weil|weiter|wem|wer|wo|zehn|zu früh|zwei"
)
_FRENCH: Final = (
    "alors|après|aujourd'hui|avec|beaucoup|bon|bonjour|c'est|cinq|combien|dans"
    "|depuis|dimanche|dix|docteur|donc|elle|encore|enfin|est-ce|exactement|faites"
    "|hier|il|ici|jamais|jeudi|juste|la semaine|le matin|lentement|maintenant|mardi"
    "|merci|mon fils|neuf|nous|on peut|ou|pas|peut-être|plus fort|pour|pourquoi"
    "|quand|quatre|que|qui|rien|samedi|si|six|son nom|tant pis|toujours|trois|très"
    "|tu|un autre|une fois|vite|voilà|vos|zéro"
)
_OTHERS: Final = {
    "es": "ahora|buenos días|claro|cuándo|dígame|espere|gracias|lunes|mañana|nada"
    "|otra vez|por favor|qué|soy|tengo|usted|veinte|ya",
    "it": "adesso|buongiorno|certo|domani|ecco|grazie|ho|invece|lunedì|mi|no|ogni"
    "|perché|quando|scusi|sono|un attimo|vorrei",
    "nl": "bedankt|dat|een moment|goed|hoe|ik|ja maar|kan|luister|maandag|nee|ook"
    "|straks|twee|uw|vandaag|wacht|zeg",
    "pl": "dlaczego|dzień dobry|gdzie|jutro|kiedy|lekarz|mam|nie|ojej|proszę|są"
    "|tak|umówić|wtorek|źle",
    "sv": "att|bra|dag|en|fredag|hej|imorgon|jag|kan|läkare|men|nej|och|på|tack"
    "|vad|vänta",
}
_ENGLISH_VOICES: Final = (
    "en-us+Andrea",
    "en-us+Michael",
    "en+Annie",
    "en-us+Gene",
    "en+Mario",
    "en-us+belinda",
    "en-us+linda",
    "en+john",
    "en-us+steph",
    "en-029+Mike",
    "en-us+max",
    "en+anika",
    "en-us+m8",
    "en-us+victor",
)
_VOICES: Final = ("+Alicia", "+Denis", "+Marco", "+shelby", "+quincy", "+Lee", "+aunty")
PHRASES: Final = frozenset(
    phrase
    for row in (_ENGLISH, _GERMAN, _FRENCH, *_OTHERS.values())
    for phrase in row.split("|")
)
VOICES: Final = frozenset(_ENGLISH_VOICES).union(
    language + voice for language in ("de", "fr", *_OTHERS) for voice in _VOICES
)

# As espeak-ng spells sounds: "mm", "mmm", "hm", "mm-hm" and "uh-huh".
_MURMURS: Final = (
    "[[m-:]]",
    "[[m-m-m-]]",
    "[[h'm-]]",
    "[[m-h'm-]]",
    "[['m-hm-]]",
    "[[@h'@]]",
    "[['VhV]]",
    "uh huh",
    "uh-huh uh-huh",
)
Formants = tuple[tuple[int, int, float], ...]


def words(mouth: Mouth, chance: np.random.Generator) -> Iterator[Wave]:
    """Yield beginnings of what people say, at some speed and pitch."""
    for phrase in _ENGLISH.split("|"):
        for voice in chance.choice(_ENGLISH_VOICES, 3, replace=False):
            yield _say(mouth, phrase, str(voice), chance)
    for language, phrases in ({"de": _GERMAN, "fr": _FRENCH} | _OTHERS).items():
        for phrase in phrases.split("|"):
            for voice in chance.choice(_VOICES, 3, replace=False):
                yield _say(mouth, phrase, language + str(voice), chance)


def spoken_murmurs(mouth: Mouth, chance: np.random.Generator) -> Iterator[Wave]:
    """Yield murmurs of the same mouths as the words."""
    for text in _MURMURS:
        for voice in _ENGLISH_VOICES:
            yield _say(mouth, text, voice, chance)


def babble(chance: np.random.Generator) -> Wave:
    """Return syllables of the computed voice: vowels that differ, hisses, closures."""
    pitch = chance.uniform(85, 290)
    parts = []
    for _ in range(int(chance.integers(2, 6))):
        parts.append(_consonant(chance, pitch))
        parts.append(_hold(chance, (0.06, 0.2), pitch, _vowel(chance)))
        if chance.integers(2):
            parts.append(_hold(chance, (0.06, 0.2), pitch, _vowel(chance)))
    return np.concatenate(parts)


def held_vowel(chance: np.random.Generator) -> Wave:
    """Return one vowel, held for longer than the half of any "uh-huh"."""
    return _hold(chance, (0.35, 0.8), chance.uniform(85, 290), _vowel(chance))


def murmur(chance: np.random.Generator) -> Wave:
    """Return "mm", "mm-hm" or "uh-huh" of more voices than `labelled_sound.murmur`."""
    pitch = chance.uniform(85, 290)
    shape = _nasal(chance) if chance.integers(3) else _schwa(chance)
    if chance.integers(3) == 0:
        nasal = _nasal(chance)
        return _hold(chance, (0.2, 0.7), pitch, nasal)
    first = _hold(chance, (0.09, 0.2), pitch, shape)
    count = int(chance.uniform(0.04, 0.12) * RATE)
    breath = resonate(chance.normal(0, 1, count), shape) * np.hanning(count)
    breath *= chance.uniform(0.02, 0.25) * np.abs(first).max() / np.abs(breath).max()
    second = _hold(chance, (0.12, 0.35), pitch * chance.uniform(0.9, 1.3), shape)
    return np.concatenate((first, breath, second * chance.uniform(0.7, 1.2)))


def any_noise(chance: np.random.Generator) -> Wave:
    """Return a noise: those that are judged, slams, and tones as machines make them."""
    kind = str(chance.choice([*NOISES, "slam", "tones", "hiss"]))
    if kind in NOISES:
        return noise(kind, chance, chance.uniform(2.0, 2.6))
    count = int(chance.uniform(0.1, 1.0) * RATE)
    if kind == "slam":
        return decay(band(chance, count, 40, chance.uniform(-1.5, 0)), 8.0)
    if kind == "hiss":
        return band(chance, count, 1_500, chance.uniform(0, 1)) * np.hanning(count)
    time = np.arange(count) / RATE
    tones = [np.sin(2 * np.pi * chance.uniform(300, 1_700) * time) for _ in range(2)]
    on = np.sin(2 * np.pi * chance.uniform(1, 8) * time) > chance.uniform(-1, 0.5)
    return np.sum(tones, axis=0) * on


def _say(mouth: Mouth, text: str, voice: str, chance: np.random.Generator) -> Wave:
    rate, pitch = int(chance.integers(130, 200)), int(chance.integers(30, 75))
    return mouth.say(text, voice, rate, pitch)


def _consonant(chance: np.random.Generator, pitch: float) -> Wave:
    begins = chance.integers(5)
    if begins == 0:
        return _hiss(chance, chance.uniform(0.04, 0.12))
    if begins == 1:
        shut = np.zeros(int(chance.uniform(0.03, 0.08) * RATE))
        return np.concatenate((shut, _hiss(chance, chance.uniform(0.01, 0.03))))
    if begins == 2:
        return 0.6 * _hold(chance, (0.04, 0.1), pitch, _nasal(chance))
    return np.zeros(0)


def _hiss(chance: np.random.Generator, seconds: float) -> Wave:
    count = int(seconds * RATE)
    hiss = band(
        chance, count, int(chance.integers(800, 2_500)), chance.uniform(-0.5, 1)
    )
    return hiss / np.abs(hiss).max() * chance.uniform(0.05, 0.5) * np.hanning(count)


def _hold(
    chance: np.random.Generator,
    seconds: tuple[float, float],
    pitch: float,
    shape: Formants,
) -> Wave:
    start, end = pitch * chance.uniform(0.85, 1.15, 2)
    wave = hum(chance.uniform(*seconds), start, end, shape)
    return wave / np.abs(wave).max()


def _nasal(chance: np.random.Generator) -> Formants:
    return (
        (int(chance.integers(200, 330)), int(chance.integers(40, 100)), 1.0),
        (int(chance.integers(850, 1_400)), 150, chance.uniform(0.01, 0.12)),
        (int(chance.integers(1_900, 2_600)), 200, chance.uniform(0.0, 0.04)),
    )


def _schwa(chance: np.random.Generator) -> Formants:
    return (
        (int(chance.integers(520, 740)), 80, 1.0),
        (int(chance.integers(1_000, 1_450)), 100, chance.uniform(0.3, 0.7)),
        (int(chance.integers(2_200, 2_700)), 150, chance.uniform(0.05, 0.25)),
    )


def _vowel(chance: np.random.Generator) -> Formants:
    first = int(chance.integers(280, 800))
    return (
        (first, 80, 1.0),
        (int(chance.integers(first + 250, 2_300)), 110, chance.uniform(0.2, 0.9)),
        (int(chance.integers(2_300, 3_000)), 150, chance.uniform(0.05, 0.4)),
    )
