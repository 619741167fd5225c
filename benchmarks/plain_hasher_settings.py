"""The product's settings with Django's own hasher: a thread for each try."""

from sondervoice.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.BCryptSHA256PasswordHasher"]
