"""Send a text message by the carrier's messenger; the kernel's door leads here."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from sondervoice.kernel.outbound import Text
from telephony.carrier.port import Messenger


@lru_cache(maxsize=1)
def messenger() -> Messenger:
    """Return the messenger that the settings name, connected; loaded when first used.

    Its SDK takes seconds to import and only workers need it.
    """
    connect = import_string(settings.MESSENGER)
    connected: Messenger = connect(
        api_key=settings.TELNYX_API_KEY,
        base_url=settings.TELNYX_API_BASE,
        from_e164=settings.TEXT_FROM_E164,
        profile_id=settings.TEXT_PROFILE_ID,
    )
    return connected


def can_send_texts() -> bool:
    """Return whether the settings name a sender, and the account it belongs to."""
    sender = settings.TEXT_FROM_E164 or settings.TEXT_PROFILE_ID
    return bool(sender and settings.TELNYX_API_KEY)


def send_text(text: Text) -> None:
    """Send it, and wait until the carrier has taken it.

    Raises:
        VendorError: If it was not taken.
    """
    messenger().send(to_e164=text.to_e164, text=text.text)
