"""The door for web pages and webhooks; calls' sound has its own, `media_asgi`."""

import os

import django
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from sondervoice.all_in_one import with_worker  # noqa: E402
from sondervoice.web_sockets import web_sockets  # noqa: E402

application = with_worker(
    ProtocolTypeRouter({"http": get_asgi_application(), "websocket": web_sockets()})
)
