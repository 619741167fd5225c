"""How French speakers tell of an emergency: patterns over folded words."""

from typing import Final

PATTERNS: Final = (
    # Heart.
    r"(?:douleurs?|mal|serre\w*|oppress\w*) (?:\w+ ){0,4}(?:poitrine|thorax|coeur)",
    r"douleurs? thoraciques?",
    r"poitrine (?:\w+ ){0,3}(?:mal|serre\w*|brule)",
    r"(?:infarctus|crise cardiaque|arret cardiaque)",
    # Breath.
    r"(?:peux|peut|arrive|narrive|parviens) (?:plus|pas) (?:a )?(?:\w+ )?respirer",
    r"(?:mal|difficultes?|peine) a respirer",
    r"respire (?:plus|pas|mal)",
    r"etouff\w*|setouffe",
    # Stroke.
    r"avc|a v c|attaque cerebrale",
    r"(?:bras|jambe|visage|cote) (?:\w+ ){0,3}(?:engourdi\w*|paralys\w*|insensible)",
    r"(?:bouche|visage) (?:\w+ ){0,2}(?:tombe|de travers|tordue?)",
    r"(?:arrive|narrive|peux|peut) (?:plus|pas) a? ?parler",
    # Blood.
    r"saigne (?:\w+ ){0,2}(?:beaucoup|abondamment|enormement)",
    r"saigne\w* (?:\w+ ){0,2}(?:pas|plus) (?:\w+ )?sarreter",
    r"hemorragie|(?:beaucoup|plein|trop) de sang|(?:crache|vomi\w*) du sang",
    # Life.
    r"suicid\w*|me tuer|me faire du mal",
    r"(?:en finir|envie de mourir|veux mourir|plus envie de vivre|veux plus vivre)",
    # Poison.
    r"overdose|surdose|empoisonn\w*|intoxiqu\w*",
    r"trop de (?:medicaments|cachets|comprimes|pilules)",
    # Consciousness, allergy, and the plain word.
    r"inconscient\w*|perdu connaissance|evanoui\w*|dans les pommes",
    r"(?:repond|reagit) (?:plus|pas)|sest effondre\w*",
    r"convuls\w*|crise depilepsie",
    r"choc anaphylactique|(?:gorge|langue) (?:\w+ ){0,2}(?:gonfle\w*|enfle\w*)",
    r"cest une urgence|ambulance|samu",
)

NEGATIONS: Final = (r"(?:pas|pas de|sans|aucune?|jamais)",)
