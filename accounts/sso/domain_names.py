"""Which names can be a clinic's own domain (pure)."""

import re
from typing import Final

from accounts.sso.errors import SsoDomainRefusedError

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_EVERYBODYS: Final = """
    aol.com comcast.net duck.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de
    hotmail.fr icloud.com laposte.net live.com mac.com mail.com mail.de mail.ru
    mailbox.org me.com msn.com orange.fr outlook.com outlook.de outlook.fr pm.me
    posteo.de proton.me protonmail.com qq.com t-online.de tuta.com tutanota.com web.de
    yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru zoho.com 163.com
"""
# Everybody can have an address there; no clinic speaks for these.
PUBLIC_MAIL: Final = frozenset(_EVERYBODYS.split())
RECORD_PREFIX: Final = "_sondervoice"
VALUE_PREFIX: Final = "sondervoice-verification="


def read_domain(written: str) -> str:
    """Return the domain as mail addresses have it: lower case, in ASCII.

    Raises:
        SsoDomainRefusedError: If it is no domain, or one where everybody has addresses.
    """
    name = written.strip().rpartition("@")[2].rstrip(".").lower()
    try:
        domain = name.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if len(domain) > 230 or not _DOMAIN.fullmatch(domain):
        raise SsoDomainRefusedError(
            "This is no domain. Write it like clinic.example, as in your addresses."
        )
    if domain in PUBLIC_MAIL:
        raise SsoDomainRefusedError(
            "Everybody can have an address there. Use a domain of the clinic's own."
        )
    return domain


def record_name(domain: str) -> str:
    """Return where the proof stands in the DNS."""
    return f"{RECORD_PREFIX}.{domain}"


def record_value(token: str) -> str:
    """Return what the record must say."""
    return f"{VALUE_PREFIX}{token}"
