"""For one machine: embedded services, the demo's people, plain HTTP on loopback."""

from sondervoice.settings.base import *  # noqa: F403
from sondervoice.settings.base import INSTALLED_APPS, STORAGES

IS_DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "sondervoice.demo"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from their folders, so that no step comes before the start.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # type: ignore[assignment]
WHITENOISE_AUTOREFRESH = False
