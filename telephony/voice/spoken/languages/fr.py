"""French."""

from telephony.voice.spoken.intents.fr import INTENTS
from telephony.voice.spoken.language import Language

_ONES = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
    "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
    "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def _cardinal(number: int) -> str:
    if number < 17:
        return _ONES[number]
    if number < 20:
        return f"dix-{_ONES[number - 10]}"
    if number < 70:
        tens, unit = _TENS[number // 10], number % 10
        joint = {0: "", 1: " et un"}.get(unit, f"-{_ONES[unit]}")
        return f"{tens}{joint}"
    if number < 80:
        return (
            "soixante et onze" if number == 71 else f"soixante-{_cardinal(number - 60)}"
        )
    return "quatre-vingts" if number == 80 else f"quatre-vingt-{_cardinal(number - 80)}"


def _ordinal(number: int) -> str:
    return "premier" if number == 1 else _cardinal(number)


def _hour(hour: int) -> str:
    if hour == 12:
        return "midi"
    count = _cardinal(hour).replace(" et un", " et une") if hour > 1 else "une"
    return f"{count} heure{'s' if hour > 1 else ''}"


def _clock(hour: int, minute: int) -> tuple[str, ...]:
    if hour == 0:
        return ()
    this = _hour(hour)
    full = (f"{_cardinal(hour)} heures",) if hour == 12 else ()
    if minute == 0:
        return (this, *full)
    plain = (
        f"{this} {_cardinal(minute)}",
        *(f"{one} {_cardinal(minute)}" for one in full),
    )
    if minute == 15:
        return (*plain, f"{this} et quart")
    if minute == 30:
        return (*plain, f"{this} et demie", f"{this} et demi")
    if minute > 30 and hour < 23:
        left = "le quart" if minute == 45 else _cardinal(60 - minute)
        return (*plain, f"{_hour(hour + 1)} moins {left}")
    return plain


def _say_time(hour: int, minute: int) -> str:
    return _clock(hour, minute)[0] if hour else f"minuit {_cardinal(minute)}"


def _say_date(weekday: int, day: int, month: int) -> str:
    return f"{WEEKDAYS[weekday]} {_ordinal(day)} {MONTHS[month - 1]}"


FRENCH = Language(
    code="fr",
    cardinals=tuple(_cardinal(number) for number in range(100)),
    other_cardinals={
        "une": 1,
        "quatre vingt": 80,
        "septante": 70,
        "huitante": 80,
        "nonante": 90,
    },
    ordinals=tuple(_ordinal(number) for number in range(1, 32)),
    other_ordinals={"un": 1},
    before_ordinal=frozenset({"le"}),
    after_ordinal=frozenset(),
    weekdays=WEEKDAYS,
    months=MONTHS,
    days_ahead={
        "après demain": 2,
        "demain": 1,
        "aujourd'hui": 0,
        "ce matin": 0,
        "cet après midi": 0,
        "ce soir": 0,
    },
    day_units={"jour": 1, "jours": 1, "semaine": 7, "semaines": 7},
    ahead=frozenset({"dans"}),
    next_week=("la semaine prochaine", "semaine prochaine"),
    parts_of_day={
        "matin": (6, 12),
        "matinée": (6, 12),
        "après midi": (12, 18),
        "l'après midi": (12, 18),
        "soir": (16, 21),
        "soirée": (16, 21),
    },
    any_time=(
        "n'importe quand",
        "n'importe",
        "peu importe",
        "dès que possible",
        "le plus tôt possible",
        "au plus tôt",
        "quand vous voulez",
        "ça m'est égal",
    ),
    around=frozenset({"ou", "a", "vers", "environ", "autour"}),
    after=frozenset({"apres", "partir", "des"}),
    before=frozenset({"avant", "jusqua"}),
    at_hour={"heures du matin": (0, 12), "heures du soir": (12, 24)},
    clock=_clock,
    say_time=_say_time,
    say_date=_say_date,
    yes=(
        "oui",
        "ouais",
        "d'accord",
        "parfait",
        "exact",
        "exactement",
        "bien sûr",
        "c'est bon",
        "ça marche",
        "ça me va",
        "très bien",
        "volontiers",
        "entendu",
        "ok",
        "okay",
        "correct",
        "tout à fait",
        "absolument",
    ),
    no=(
        "non",
        "pas",
        "ne",
        "faux",
        "autre",
        "plutôt",
        "jamais",
        "plus tard",
        "plus tôt",
        "aucun",
        "aucune",
    ),
    not_no=("pas de problème", "pourquoi pas", "pas de souci"),
    intents=INTENTS,
    name_leads=("je m'appelle", "mon nom est", "nom est"),
    weak_name_leads=("je suis", "ici", "c'est"),
    name_fillers=frozenset(
        """
            bonjour bonsoir oui non merci sil vous plait euh alors mon nom
            est je mappelle suis ici cest le la les et avec comme madame
            monsieur voila daccord un une rendez
        """.split()  # noqa: SIM905
    ),
    phone_leads=frozenset({"telephone", "numero", "portable", "mobile"}),
)
