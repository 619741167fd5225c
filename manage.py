#!/usr/bin/env python
"""Django's command line, on the database of the running product."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from sondervoice.embedded import environment
from sondervoice.embedded.errors import EmbeddedError


def main() -> None:
    """Run a management command."""
    # A start makes no garbage: looking for some took a fifth of it.
    gc.set_threshold(50_000, 20, 20)
    try:
        if not environment.load():
            sys.exit("No database: start it with `make up`, or set DATABASE_URL.")
    except EmbeddedError as error:
        sys.exit(str(error))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
