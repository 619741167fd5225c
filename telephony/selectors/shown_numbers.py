"""Numbers as programs are shown them: whole for who sees callers at once, else masked.

To reveal a caller takes a reason, which a program has no way to give.
"""

from telephony.sealed import mask_e164


def shown_e164(e164: str, *, is_seen: bool) -> str | None:
    """Return a number whole or masked, None when it was withheld."""
    shown = e164 if is_seen else mask_e164(e164)
    return shown or None
