"""The product's media process as it is, with scripted vendors: an ASGI application."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
django.setup()

from benchmarks.scripted import ScriptedVendors  # noqa: E402
from sondervoice.media_process import MediaProcess  # noqa: E402
from sondervoice.vendors import ProcessVendors  # noqa: E402


class ScriptedMediaProcess(MediaProcess):
    """The media process; only who hears, thinks and speaks is another."""

    def make_vendors(self) -> ProcessVendors:
        """Return the scripted vendors."""
        return ScriptedVendors()


media = ScriptedMediaProcess()
