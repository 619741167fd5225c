"""Which country a number was given out in (pure).

Numbers are portable and travel, so a prefix says a country at most, never a state.

Source:
    ITU-T E.164 assigned country codes; +1 is shared, its Canadian and Caribbean area
    codes are not told apart here and read as the United States with no state, whose
    mode is at least as strict as Canada's.
"""

from typing import Final

COUNTRIES: Final = {
    "1": "US", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES",
    "36": "HU", "39": "IT", "40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK",
    "46": "SE", "47": "NO", "48": "PL", "49": "DE", "52": "MX", "55": "BR", "61": "AU",
    "64": "NZ", "65": "SG", "81": "JP", "91": "IN", "351": "PT", "352": "LU",
    "353": "IE", "354": "IS", "356": "MT", "357": "CY", "358": "FI", "359": "BG",
    "370": "LT", "371": "LV", "372": "EE", "385": "HR", "386": "SI", "420": "CZ",
    "421": "SK", "423": "LI", "971": "AE", "972": "IL",
}  # fmt: skip


def country_of(e164: str) -> str:
    """Return the ISO country of a number, or ``*`` when it is withheld or unknown."""
    digits = e164.removeprefix("+")
    if not e164.startswith("+") or not digits.isdecimal():
        return "*"
    for length in (3, 2, 1):
        country = COUNTRIES.get(digits[:length])
        if country is not None:
            return country
    return "*"
