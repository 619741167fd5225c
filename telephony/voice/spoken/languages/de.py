"""German."""

from telephony.voice.spoken.intents.de import INTENTS
from telephony.voice.spoken.language import Language

_ONES = (
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht",
    "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn",
    "siebzehn", "achtzehn", "neunzehn",
)  # fmt: skip
_TENS = (
    "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig",
    "neunzig",
)  # fmt: skip
_STEMS = {1: "ers", 3: "drit", 7: "sieb", 8: "ach"}
WEEKDAYS = (
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
)  # fmt: skip
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
    "September", "Oktober", "November", "Dezember",
)  # fmt: skip


def _cardinal(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens = _TENS[number // 10 - 2]
    unit = "ein" if number % 10 == 1 else _ONES[number % 10]
    return f"{unit}und{tens}" if number % 10 else tens


def _ordinal(number: int, end: str = "en") -> str:
    if number < 20:
        return f"{_STEMS.get(number, _ONES[number])}t{end}"
    return f"{_cardinal(number)}st{end}"


def _hour(hour: int) -> str:
    return "ein" if hour == 1 else _cardinal(hour)


def _clock(hour: int, minute: int) -> tuple[str, ...]:
    oclock = f"{_hour(hour)} Uhr"
    if minute == 0:
        return (oclock, *(("Mittag",) if hour == 12 else ()))
    plain = f"{oclock} {_cardinal(minute)}"
    if not 1 <= hour <= 12:
        return (plain,)
    following = _cardinal(hour % 12 + 1)
    names = {
        15: (f"Viertel nach {_cardinal(hour)}", f"viertel {following}"),
        30: (f"halb {following}",),
        45: (f"Viertel vor {following}", f"dreiviertel {following}"),
    }
    near = (f"{_cardinal(minute)} nach {_cardinal(hour)}",) if minute < 30 else ()
    if minute > 30:
        near = (f"{_cardinal(60 - minute)} vor {following}",)
    return (plain, *names.get(minute, near))


def _say_time(hour: int, minute: int) -> str:
    return _clock(hour, minute)[0]


def _say_date(weekday: int, day: int, month: int) -> str:
    return f"{WEEKDAYS[weekday]}, den {_ordinal(day)} {MONTHS[month - 1]}"


GERMAN = Language(
    code="de",
    cardinals=tuple(_cardinal(number) for number in range(100)),
    other_cardinals={"ein": 1, "eine": 1, "zwo": 2, "zwoundzwanzig": 22},
    ordinals=tuple(_ordinal(number) for number in range(1, 32)),
    other_ordinals={
        _ordinal(number, end): number for number in range(1, 32) for end in ("e", "er")
    },
    before_ordinal=frozenset({"am", "den", "dem", "der", "vom"}),
    after_ordinal=frozenset(),
    weekdays=WEEKDAYS,
    months=MONTHS,
    days_ahead={
        "übermorgen": 2,
        "heute morgen": 0,
        "heute": 0,
        "morgen früh": 1,
        "morgen vormittag": 1,
        "morgen": 1,
    },
    day_units={"tag": 1, "tage": 1, "tagen": 1, "woche": 7, "wochen": 7},
    ahead=frozenset({"in"}),
    next_week=("nächste woche", "nächster woche", "kommende woche", "kommender woche"),
    parts_of_day={
        "vormittag": (6, 12),
        "vormittags": (6, 12),
        "am morgen": (6, 12),
        "früh": (6, 12),
        "heute morgen": (6, 12),
        "morgens": (6, 12),
        "nachmittag": (12, 18),
        "nachmittags": (12, 18),
        "abend": (16, 21),
        "abends": (16, 21),
    },
    any_time=(
        "egal",
        "jederzeit",
        "so bald wie möglich",
        "so schnell wie möglich",
        "möglichst bald",
        "nächstmöglich",
        "frühestens",
        "so früh wie möglich",
        "wann sie wollen",
        "nächster freier",
    ),
    around=frozenset(
        {"oder", "um", "gegen", "circa", "ungefähr", "ungefahr", "etwa", "so"}
    ),
    after=frozenset({"nach", "ab"}),
    before=frozenset({"vor", "bis"}),
    at_hour={
        "uhr vormittags": (0, 12),
        "uhr nachmittags": (12, 24),
        "uhr abends": (12, 24),
    },
    clock=_clock,
    say_time=_say_time,
    say_date=_say_date,
    yes=(
        "ja",
        "jawohl",
        "genau",
        "richtig",
        "stimmt",
        "gerne",
        "gern",
        "passt",
        "perfekt",
        "gut",
        "super",
        "okay",
        "ok",
        "in ordnung",
        "einverstanden",
        "natürlich",
        "sicher",
        "klar",
        "wunderbar",
        "ausgezeichnet",
        "bitte ja",
    ),
    no=(
        "nein",
        "nee",
        "nicht",
        "kein",
        "keinen",
        "keine",
        "falsch",
        "anderen",
        "andere",
        "anderer",
        "lieber",
        "stattdessen",
        "leider",
        "später",
        "früher",
        "niemals",
    ),
    not_no=("kein problem", "warum nicht"),
    intents=INTENTS,
    name_leads=("mein name ist", "name ist", "ich heiße"),
    weak_name_leads=("ich bin", "hier ist", "hier spricht", "es spricht"),
    name_fillers=frozenset(
        """
            hallo guten tag morgen abend ja nein bitte danke ahm mein name
            ist ich heisse bin hier spricht der die das und mit wie okay
            gerne nachname vorname buchstabiert herr frau ein einen eine
            termin mochte
        """.split()  # noqa: SIM905
    ),
    phone_leads=frozenset(
        {"telefonnummer", "nummer", "telefon", "handynummer", "handy", "mobilnummer"}
    ),
)
