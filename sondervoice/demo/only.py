"""Keeps the demo's commands out of production."""

from django.conf import settings
from django.core.management.base import CommandError


def refuse_outside_demo() -> None:
    """Return only when the settings are a demo's.

    Raises:
        CommandError: If they are not.
    """
    if not settings.IS_DEMO:
        raise CommandError("This command is for a demo: its settings say IS_DEMO.")
