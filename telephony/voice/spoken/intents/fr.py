"""What French sentences ask for: patterns over folded words."""

from collections.abc import Mapping
from typing import Final

from telephony.voice.spoken.language import Intent

INTENTS: Final[Mapping[Intent, tuple[str, ...]]] = {
    Intent.ROBOT: (
        r"(?:etes vous|vous etes|es tu|cest|je parle|est ce que je parle) .*"
        r"(?:robot|machine|ordinateur|humaine?|vraie?|automate|ia|i a|enregistrement)",
    ),
    Intent.PERSON: (
        r"parler (?:a|avec|au) .*"
        r"(?:quelquun|personne|secretaire|secretariat|humain|conseiller|accueil)",
        r"passe[zr] moi .*(?:quelquun|personne|secretaire|secretariat|accueil)",
        r"(?:transferez|mettez) moi",
        r"^une personne(?: sil vous plait)?$",
    ),
    Intent.CANCEL: (
        r"(?:annuler|annule|annulation|decommander)",
        r"ne (?:peux|pourrai) pas venir",
    ),
    Intent.MOVE: (
        r"(?:deplacer|reporter|decaler)",
        r"changer (?:mon|de|le) (?:rendez vous|heure)",
    ),
    Intent.MESSAGE: (
        r"message",
        r"(?:ordonnance|renouvellement|arret de travail|resultats)",
        r"(?:rappeler|rappelez)",
    ),
    Intent.PAY: (
        r"(?:payer|paiement|facture|regler)",
        r"carte (?:bancaire|de credit|bleue)",
    ),
    Intent.HOURS: (
        r"horaires",
        r"heures douverture",
        r"(?:ouverts?|ouvrez|fermez|fermeture)",
    ),
    Intent.ADDRESS: (
        r"adresse",
        r"ou (?:etes vous|se trouve|est le cabinet)",
        r"comment (?:venir|vous trouver)",
    ),
    Intent.PARKING: (r"parking", r"garer", r"stationnement", r"stationner"),
    Intent.PRICES: (r"combien (?:coute|ca coute)", r"tarifs?", r"prix"),
    Intent.INSURANCE: (r"assurances?", r"mutuelle", r"tiers payant"),
    Intent.BOOK: (
        r"rendez vous",
        r"rdv",
        r"consultation",
        r"reserver",
        r"controle",
        r"nouve(?:au|lle) patiente?",
        r"voir (?:le|un) (?:docteur|medecin|dentiste)",
    ),
    Intent.REPEAT: (
        r"(?:repeter|repetez)",
        r"pardon",
        r"pas (?:compris|entendu)",
        r"encore une fois",
    ),
    Intent.GOODBYE: (
        r"au revoir",
        r"cest tout",
        r"ce sera tout",
        r"rien dautre",
        r"bonne journee",
        r"a bientot",
    ),
}
