"""How mail leaves: the parts of EMAIL_URL as Django wants them."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sondervoice.settings.env import read_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where mail goes.

    Attributes:
        folder: Where letters are laid as files; used by that backend alone.
    """

    backend: str
    folder: str = ""
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    uses_tls: bool = False
    uses_ssl: bool = False


def read_mail(name: str, *, folder: Path) -> Mail:
    """Return where mail goes: files in `folder` unless the variable names a server.

    ``smtp://user:password@host:587`` begins in clear and turns to TLS, as
    ``smtps://host:465`` begins with it. Only ``smtp://`` on this machine itself,
    without a password, is left in clear.

    Raises:
        ImproperlyConfigured: If the URL is neither.
    """
    url = read_url(name, schemes=("smtp", "smtps"), default="")
    if not url:
        return Mail(
            backend="django.core.mail.backends.filebased.EmailBackend",
            folder=str(folder),
        )
    parts = urlsplit(url)
    is_ssl = parts.scheme == "smtps"
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "",
        port=parts.port or (465 if is_ssl else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        uses_tls=not is_ssl and not (is_here and not parts.password),
        uses_ssl=is_ssl,
    )
