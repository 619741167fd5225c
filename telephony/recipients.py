"""To whom telephony sends: the carrier.

Source:
    https://telnyx.com/ai/data-handling.json (of 2026-04-24, read 2026-11): texts are
    kept for 10 days, call detail records for 90; recordings, which we never ask for,
    for 30.
    https://telnyx.com/legal/ai-services-addendum (read 2026-11): the terms on AI bind
    from the first AI feature that is enabled or used.
"""

from typing import Final

from django.conf import settings

from sondervoice.kernel.recipients import Recipient

CARRIER: Final = Recipient(
    name="carrier",
    title="Telnyx, the telephone carrier",
    gets="The sound and both numbers of each call, and the text messages we send",
    keeps="Telnyx says: 90 days who called whom and when, 10 days text messages. It "
    "makes no recording for us",
    no_training="Its interface has no switch against training. Each call is answered "
    "with its transcription turned off, and no feature of its AI is used",
    source="https://telnyx.com/legal/ai-services-addendum",
    is_used=lambda: bool(settings.TELNYX_API_KEY),
)
