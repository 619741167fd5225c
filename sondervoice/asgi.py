"""The two doors: `application` for web pages and webhooks, `media` for calls' sound."""

import os

import django
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from sondervoice.all_in_one import with_worker  # noqa: E402
from sondervoice.media_process import MediaProcess  # noqa: E402

application = with_worker(get_asgi_application())
media = MediaProcess()
