"""The door for calls' sound. Apart from `asgi`: each process loads what it needs."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from sondervoice.media_process import MediaProcess  # noqa: E402

media = MediaProcess()
