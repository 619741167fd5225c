"""How often may be asked: nobody is flooded through us, and nobody makes us pay."""

from datetime import timedelta
from typing import Final

from django.conf import settings

from accounts.guessing.limits import Limit

_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

# From one client, whatever they ask; a family or a waiting room shares one address.
ASKING_CLIENT: Final = Limit(kind="asking_client", tries=10, within=_HOUR, lock=_HOUR)
# Looks at links, good or bad: each bad one is a row of the record.
LINK_CLIENT: Final = Limit(kind="asking_link", tries=60, within=_HOUR, lock=_HOUR)
# Texts to one telephone and letters to one address, whoever asks for them.
NUMBER_HOUR: Final = Limit(kind="asking_number", tries=3, within=_HOUR, lock=_HOUR)
NUMBER_DAY: Final = Limit(kind="asking_number_day", tries=6, within=_DAY, lock=_DAY)
ADDRESS_HOUR: Final = Limit(kind="asking_address", tries=4, within=_HOUR, lock=_HOUR)
ADDRESS_DAY: Final = Limit(kind="asking_address_day", tries=8, within=_DAY, lock=_DAY)
# Five guesses at six digits for one asking, then none for longer than a code lives.
CODE: Final = Limit(kind="asking_code", tries=5, within=_QUARTER, lock=_QUARTER)

ALL: Final = "all"


def texts_of_all() -> Limit:
    """Return how many text messages strangers may have sent in a day, all together."""
    return Limit(
        kind="asking_texts", tries=settings.TEXTS_A_DAY, within=_DAY, lock=_HOUR
    )
