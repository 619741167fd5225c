"""Purposes, bases and people, in words for a reader."""

from types import MappingProxyType
from typing import Final

from sondervoice.kernel.purposes import Basis, Purpose, Subject

WHOSE: Final = MappingProxyType(
    {
        Subject.CALLERS: "Callers",
        Subject.STAFF: "People who work with SonderVoice",
        Subject.OPERATORS: "Our own people",
    }
)
WHY: Final = MappingProxyType(
    {
        Purpose.RECEPTION: "To answer your calls and take messages",
        Purpose.RECORDING: "So that you can hear and read a call again",
        Purpose.DIARY: "To keep your diary",
        Purpose.RIGHTS: "To answer people who ask about their data",
        Purpose.ERASURE: "To have data gone when their time is over",
        Purpose.SETTINGS: "To let you choose who works here",
        Purpose.RECORD: "To prove who did what",
        Purpose.RUNNING: "To do each thing once, and not to forget one",
        Purpose.ACCOUNTS: "To let people in, and to keep our agreement with you",
        Purpose.SECURITY: "To keep accounts safe",
        Purpose.OUR_DUTIES: "To do what the law asks of us",
    }
)
BASES: Final = MappingProxyType(
    {
        Basis.SERVICE: "Doing what the caller asks of you (GDPR Art. 6(1)(b) or (f); "
        "health: Art. 9(2)(h))",
        Basis.CONSENT: "The caller’s yes where the rule of the call asks for one; "  # noqa: RUF001
        "elsewhere your interest, once the notice is heard (GDPR Art. 6(1)(a) or (f); "
        "health: Art. 9(2)(a) or (h))",
        Basis.LEGAL_DUTY: "A duty by law (GDPR Art. 6(1)(c))",
        Basis.CONTRACT: "Our agreement with your clinic (GDPR Art. 6(1)(b) or (f))",
        Basis.INTEREST: "The interest in safe accounts (GDPR Art. 6(1)(f))",
    }
)
