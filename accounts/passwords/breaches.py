"""Refuse passwords that stand in lists of stolen ones, without showing them to anybody.

The list is asked by range: it learns the first five digits of the SHA-1 and answers
with some thousand endings; padding hides how many. Nobody is kept out because the list
does not answer.
"""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

import urllib3
from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

PREFIX_DIGITS: Final = 5
PATIENCE_S: Final = 2.0
# A padded range has some fifty thousand bytes.
BYTES_AT_MOST: Final = 1_000_000


class BreachValidator:
    """One of Django's password validators."""

    def validate(self, password: str, user: object = None) -> None:
        """Let the password pass, or refuse it.

        Raises:
            ValidationError: If it is known to be stolen.
        """
        if settings.BREACH_LOOKUP_URL and _is_stolen(password):
            raise ValidationError(
                "This password stands in a list of stolen ones. Choose another.",
                code="password_stolen",
            )

    def get_help_text(self) -> str:
        """Return what to think of."""
        return "It may not stand in a list of stolen passwords."


def _is_stolen(password: str) -> bool:
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    prefix, ending = digest[:PREFIX_DIGITS], digest[PREFIX_DIGITS:]
    # In a thread of its own: a list that sends a byte now and then would outlast every
    # patience of a socket.
    asked = _threads().submit(_ask, prefix)
    try:
        text = asked.result(PATIENCE_S)
    except (TimeoutError, urllib3.exceptions.HTTPError) as error:
        asked.cancel()
        # The kind of the error and nothing else: an address would hold the digits.
        logger.warning("breach look-up failed", extra={"code": type(error).__name__})
        return False
    # Padding has a count of zero.
    return any(
        line.partition(":")[0].strip() == ending
        and line.partition(":")[2].strip() != "0"
        for line in text.splitlines()
    )


def _ask(prefix: str) -> str:
    answer = _connections().request(
        "GET",
        settings.BREACH_LOOKUP_URL.rstrip("/") + "/" + prefix,
        headers={"Add-Padding": "true", "User-Agent": "SonderVoice"},
        timeout=PATIENCE_S,
        retries=False,
        redirect=False,
        preload_content=False,
    )
    try:
        if answer.status != 200:
            raise urllib3.exceptions.HTTPError("status")
        return answer.read(BYTES_AT_MOST).decode("ascii", "replace")
    finally:
        answer.close()


@cache
def _connections() -> urllib3.PoolManager:
    return urllib3.PoolManager(maxsize=2, block=False)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="breach")
