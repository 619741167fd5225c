"""How English speakers tell of an emergency: patterns over folded words."""

from typing import Final

_LIMB: Final = r"(?:arms?|legs?|face|side)"
_MY: Final = r"(?:my|his|her|the|a|one)"

PATTERNS: Final = (
    # Heart.
    r"chest (?:\w+ ){0,2}(?:pains?|hurts?|hurting|tight\w*|pressure)",
    r"(?:pains?|pressure|tight\w*|hurts?|aches?|burning|crushing) (?:\w+ ){0,3}chest",
    r"heart attack",
    r"cardiac arrest",
    r"pain (?:\w+ ){0,3}left arm",
    # Breath.
    r"(?:cant|cannot|can not|couldnt|unable to|hardly|barely) (?:\w+ )?breathe?",
    r"(?:trouble|difficult(?:y)?|problems?|hard|struggling) (?:to |with )?breath\w*",
    r"(?:not|isnt|stopped) breathing",
    r"short(?:ness)? of breath",
    r"gasping",
    r"chok(?:ing|ed)",
    # Stroke.
    r"(?:face|mouth) (?:\w+ ){0,2}droop\w*",
    rf"{_MY} (?:\w+ )?{_LIMB} (?:\w+ ){{0,3}}(?:numb|paraly[sz]ed|weak)",
    rf"numb\w* (?:\w+ ){{0,2}}{_MY} (?:\w+ )?{_LIMB}",
    rf"(?:cant|cannot|can not) (?:feel|move) {_MY} (?:\w+ )?{_LIMB}",
    r"slurr(?:ed|ing)(?: \w+)? (?:speech|words)",
    r"speech (?:\w+ ){0,2}slurred",
    r"(?:a|mini|had|having) stroke(?! of)",
    # Blood.
    r"bleed(?:s|ing) (?:\w+ ){0,2}(?:heavily|badly|out|everywhere|a lot|wont|will not)",
    r"(?:heavy|heavily|severe|massive|badly) bleeding",
    r"stop (?:the )?bleeding",
    r"(?:so much|a lot of|lots of|too much) blood",
    r"(?:coughing|throwing|vomiting)(?: up)? blood",
    # Life.
    r"suicid\w*",
    r"(?:kill|killing|hurt|hurting|harm|harming) (?:my|him|her|them)sel(?:f|ves)",
    r"end (?:my|his|her) (?:own )?life|end it all|(?:take|taking) my own life",
    r"(?:want|going) to die",
    r"(?:dont|do not) want to (?:live(?! (?:in|at|with|near))|be alive)",
    # Poison.
    r"overdos\w*",
    r"too many (?:\w+ )?(?:pills|tablets)",
    r"poison(?:ed|ing)|swallowed poison",
    # Consciousness, allergy, and the plain word.
    r"unconscious|unresponsive",
    r"(?:not|isnt) (?:responding|waking up)|wont wake up",
    r"(?:passed out|collapsed|fainted)(?! (?:leaflets|flyers))",
    r"seizure|convuls\w+",
    r"anaphyla\w+|(?:severe|bad|having an) allergic reaction",
    r"(?:throat|tongue) (?:\w+ ){0,2}(?:closing|swelling|swollen)",
    r"(?:this|it) is an emergency|its an emergency|have an emergency",
    r"(?:need|call|send) (?:me )?an ambulance",
)

# What takes the next words back: "no chest pain", "I do not have chest pain".
NEGATIONS: Final = (
    r"(?:no|without|never|deny|isnt|not)",
    r"(?:dont|do not|doesnt|havent|didnt|did not|not) (?:have|had|having|feel)",
)
