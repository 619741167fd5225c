"""The product's settings with the addresses of the webhook bench."""

from sondervoice.settings.dev import *  # noqa: F403

ROOT_URLCONF = "benchmarks.webhook_urls"
