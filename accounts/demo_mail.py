"""The demo's mailbox: its letters as files, shown as text; not there outside a demo."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import public

SHOWN_AT_MOST: Final = 100
# What Django's file backend writes after each letter of a file.
_END: Final = b"-" * 79 + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLetter:
    """One letter.

    Attributes:
        name: Of its file, and its place in it: ``20261126-083151-1.log.0``.
        laid_at: When its file was last written, UTC.
    """

    name: str
    to: str
    subject: str
    text: str
    laid_at: datetime


@public("a demo's own mailbox, in a demo alone")
@never_cache
@require_GET
def demo_mail(request: HttpRequest, name: str = "") -> HttpResponse:
    """Show the newest letters, and one of them whole.

    Raises:
        Http404: If this is no demo, or there is no such letter.
    """
    if not settings.IS_DEMO:
        raise Http404
    letters = list(_letters(Path(settings.EMAIL_FILE_PATH)))[:SHOWN_AT_MOST]
    chosen = next((one for one in letters if one.name == name), None)
    if name and chosen is None:
        raise Http404
    context = {"letters": letters, "chosen": chosen}
    return render(request, "accounts/demo_mail.html", context)


def _letters(folder: Path) -> Iterator[DemoLetter]:
    """Yield all letters, the newest first; what is asked for is never a path."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
    for path in reversed(files):
        laid_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        parts = [part for part in path.read_bytes().split(_END) if part.strip()]
        for number, part in reversed(list(enumerate(parts))):
            yield _read(part, name=f"{path.name}.{number}", laid_at=laid_at)


def _read(part: bytes, *, name: str, laid_at: datetime) -> DemoLetter:
    message = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return DemoLetter(
        name=name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body is not None else "",
        laid_at=laid_at,
    )
