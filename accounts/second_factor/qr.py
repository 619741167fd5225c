"""Draws a key as the picture that an authenticator app reads."""

from base64 import b32encode

import segno
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.second_factor.models import AuthenticatorApp


def draw_key(*, user: User, sealed_key: str) -> SafeString:
    """Return the picture as SVG to stand in a page: attributes alone, no style."""
    address = AuthenticatorApp(user=user, key=sealed_key).config_url
    picture = segno.make(address, error="m", micro=False)
    drawn = picture.svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, border=3, light="#fff"
    )
    # Made of squares by segno; what it says is not in its text.
    return SafeString(drawn)


def spell_key(*, user: User, sealed_key: str) -> str:
    """Return the key as it is typed, in groups of four."""
    key = AuthenticatorApp(user=user, key=sealed_key).bin_key
    letters = b32encode(key).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
