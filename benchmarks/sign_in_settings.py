"""The product's settings with a hash that takes no time, behind a proxy of the bench.

What a hash takes is the same for everybody by its nature, and it varies by more than
what is looked for: whether anything else tells a known address from an unknown one.
"""

from sondervoice.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TRUSTED_PROXIES = 1
