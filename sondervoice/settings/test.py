"""For the tests: real PostgreSQL, everything else in the process."""

import os
import tempfile
from pathlib import Path

# The tests bring their own secrets; a developer's are never touched.
_DATA = Path(tempfile.mkdtemp(prefix="sv-test-"))
(_DATA / "secrets").mkdir()
(_DATA / "secrets" / "keyring").write_bytes(os.urandom(32))
(_DATA / "secrets" / "ledger_key").write_bytes(os.urandom(32))
(_DATA / "secrets" / "backup_key").write_bytes(os.urandom(32))
os.environ["DATA_DIR"] = str(_DATA)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("DATABASE_URL", "postgresql://sv_app@127.0.0.1/sondervoice")
os.environ.setdefault(
    "DATABASE_OPERATOR_URL", "postgresql://sv_operator@127.0.0.1/sondervoice"
)
os.environ.setdefault(
    "DATABASE_SEALER_URL", "postgresql://sv_sealer@127.0.0.1/sondervoice"
)
os.environ.pop("REDIS_URL", None)

from sondervoice.settings.base import *  # noqa: E402, F403
from sondervoice.settings.base import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

# The tests change the role of the one connection; a pool would keep the old one.
DATABASES["default"]["OPTIONS"] = {}
# The same database by another role: made once, seen by both.
DATABASES["operator"]["TEST"] = {"MIRROR": "default"}
DATABASES["sealer"]["TEST"] = {"MIRROR": "default"}
# Whose role it is cannot be seen in a mirror; a test signs in as it by itself.
DATABASES.pop("statistics", None)

IS_DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "sondervoice.demo"]
# Cost 12 is asserted by a test of its own; elsewhere it would only be waiting.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "accounts.passwords.hashers.PooledBCryptHasher",
]
# All tests come from one address; those about these limits set their own.
API_REQUESTS_A_KEY = API_REQUESTS_A_PERSON = API_REQUESTS_AN_ADDRESS = 1_000_000
# Providers of the tests answer on this machine.
SSO_ALLOWS_LOOPBACK = True
CELERY_TASK_ALWAYS_EAGER = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = None  # type: ignore[assignment]
WHITENOISE_AUTOREFRESH = True
TELNYX_API_KEY = "KEY-of-the-tests"
# Tests about copies register a processor of their own.
CARRIER_COPIES = ""
