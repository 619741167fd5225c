"""How German speakers tell of an emergency: patterns over folded words."""

from typing import Final

PATTERNS: Final = (
    # Heart.
    r"brustschmerz\w*",
    r"(?:schmerz\w*|druck|engegefuhl|enge|stechen) (?:\w+ ){0,4}brust\w*",
    r"brust\w* (?:\w+ ){0,3}(?:schmerzt|schmerzen|weh|eng)",
    r"(?:herzinfarkt|herzanfall|herzstillstand)",
    # Breath.
    r"(?:keine|kaum|nicht genug|zu wenig) luft",
    r"(?:nicht|kaum|schwer|schlecht) (?:\w+ )?atmen",
    r"atmet (?:\w+ )?nicht|atemnot",
    r"erstick\w*|verschluckt",
    # Stroke.
    r"schlaganfall",
    r"(?:arm|bein|gesicht|seite) (?:\w+ ){0,3}(?:taub\w*|gelahmt|lahm)",
    r"taub\w* (?:\w+ ){0,3}(?:arm|bein|gesicht|seite)",
    r"mundwinkel (?:\w+ ){0,2}(?:hangt|herunter)",
    r"(?:lallt|lalle)|kann (?:\w+ ){0,2}nicht mehr sprechen",
    # Blood.
    r"blutet (?:\w+ ){0,2}(?:stark|heftig|sehr|nicht auf)",
    r"(?:starke|heftige|schwere) blutung\w*|blutung (?:\w+ ){0,2}nicht",
    r"(?:viel|so viel) blut|verblut\w*|blut (?:gehustet|erbrochen)",
    # Life.
    r"suizid\w*|selbstmord\w*",
    r"(?:umbringen|das leben nehmen|etwas antun)",
    r"(?:nicht mehr leben|will sterben|mochte sterben)",
    # Poison.
    r"uberdosis|vergift\w*",
    r"zu viele (?:\w+ )?(?:tabletten|pillen)",
    # Consciousness, allergy, and the plain word.
    r"bewusstlos\w*|ohnmachtig|ohnmacht",
    r"reagiert (?:\w+ )?nicht|wacht nicht auf|zusammengebrochen",
    r"krampfanfall|krampft",
    r"allergischer schock|(?:zunge|hals) (?:\w+ ){0,2}(?:geschwollen|schwillt)",
    r"(?:ist|habe) (?:\w+ )?ein(?:en)? notfall",
    r"notarzt|krankenwagen|rettungswagen",
)

NEGATIONS: Final = (r"(?:keine?n?|ohne|nicht|nie)",)
