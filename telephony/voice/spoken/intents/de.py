"""What German sentences ask for: patterns over folded words."""

from collections.abc import Mapping
from typing import Final

from telephony.voice.spoken.language import Intent

INTENTS: Final[Mapping[Intent, tuple[str, ...]]] = {
    Intent.ROBOT: (
        r"(?:sind sie|bist du|ist das|spreche ich|rede ich) .*"
        r"(?:roboter|maschine|computer|mensch|menschen|echt\w*|automat|ki|k i|tonband)",
    ),
    Intent.PERSON: (
        r"mit (?:einem|einer|jemand\w*|dem|der) .*(?:sprechen|reden|verbinden)",
        r"mit jemand\w* (?:sprechen|reden)",
        r"(?:verbinden sie mich|stellen sie mich durch|durchstellen)",
        r"(?:mitarbeiter|mitarbeiterin|empfang|rezeption)",
        r"^(?:einen? )?mensch(?:en)?(?: bitte)?$",
    ),
    Intent.CANCEL: (
        r"absagen",
        r"sage .* ab",
        r"(?:stornieren|storniere|streichen)",
        r"nicht kommen",
    ),
    Intent.MOVE: (r"verschieben", r"verlegen", r"umbuchen"),
    Intent.MESSAGE: (
        r"nachricht",
        r"ausrichten",
        r"(?:rezept|uberweisung|krankschreibung|befund)",
        r"(?:ruckruf|zuruckrufen)",
        r"rufen sie .*zuruck",
    ),
    Intent.PAY: (r"bezahlen", r"zahlen", r"zahlung", r"rechnung", r"kreditkarte"),
    Intent.HOURS: (
        r"(?:offnungszeiten|sprechzeiten|sprechstunde|geoffnet)",
        r"wann .*(?:offen|auf|zu|schliessen)",
        r"haben sie .*(?:offen|auf)",
    ),
    Intent.ADDRESS: (
        r"(?:adresse|anschrift)",
        r"wo (?:sind sie|ist die praxis|finde ich sie|liegt die praxis)",
        r"wie komme ich",
    ),
    Intent.PARKING: (r"parken", r"parkplatz", r"parkplatze", r"parkhaus"),
    Intent.PRICES: (r"was kostet", r"wie viel kostet", r"preise?"),
    Intent.INSURANCE: (r"versicherung\w*", r"krankenkasse\w*", r"versichert"),
    Intent.BOOK: (
        r"termine?",
        r"(?:vorsorge|kontrolle|untersuchung)",
        r"buchen",
        r"vorbeikommen",
        r"zum (?:arzt|doktor|zahnarzt)",
        r"neuer? patient(?:in)?",
    ),
    Intent.REPEAT: (
        r"wiederholen",
        r"noch ?mal",
        r"noch einmal",
        r"wie bitte",
        r"nicht (?:verstanden|gehort)",
    ),
    Intent.GOODBYE: (
        r"auf wieder(?:horen|sehen)",
        r"wiederhoren",
        r"tschuss",
        r"das (?:war|ist) alles",
        r"das wars",
        r"sonst nichts",
    ),
}
