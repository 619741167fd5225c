"""Django's own settings, in Django's order; ours come in the files beside this one."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from sondervoice.settings.access import *  # noqa: F403
from sondervoice.settings.backups import *  # noqa: F403
from sondervoice.settings.env import (
    read_bool,
    read_choice,
    read_database,
    read_e164,
    read_int,
    read_key_arn,
    read_list,
    read_note_keys,
    read_path,
    read_secret,
    read_str,
    read_url,
    redis_client_url,
    refuse,
)
from sondervoice.settings.mail import read_mail
from sondervoice.settings.planned import PLANNED
from sondervoice.settings.schedule import SCHEDULE
from sondervoice.settings.storage import *  # noqa: F403
from sondervoice.settings.storage import storages_in

refuse(PLANNED)

BASE_DIR: Final = Path(__file__).resolve().parents[2]
_PROJECT: Final = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))
SOFTWARE_VERSION: str = _PROJECT["project"]["version"]
DATA_DIR: Path = read_path("DATA_DIR", default=BASE_DIR / "var")

DEBUG = False
IS_DEMO = False
SECRET_KEY = read_secret("SECRET_KEY")
# Those before it, with blanks between: they still open what they closed.
SECRET_KEY_FALLBACKS = read_secret("SECRET_KEY_FALLBACKS", default="").split()
PORT = read_int("PORT", default=8000, at_least=1, at_most=65534)
PUBLIC_BASE_URL = read_str("PUBLIC_BASE_URL", default=f"http://127.0.0.1:{PORT}")
MEDIA_BASE_URL = read_str("MEDIA_BASE_URL", default=f"ws://127.0.0.1:{PORT + 1}")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", default="127.0.0.1,localhost")
# How many proxies of ours a request passes; each names the one before it at the end of
# X-Forwarded-For, and nothing before those is believed.
TRUSTED_PROXIES = read_int("TRUSTED_PROXIES", default=0, at_least=0, at_most=8)
# A header in which such a proxy says where in the world a client is; else nobody knows.
PLACE_HEADER = read_str("PLACE_HEADER", default="")

INSTALLED_APPS = [
    # The operators' pages; each of ours is registered by hand, nothing is discovered.
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "lucide",
    "guardian",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
    "sondervoice.kernel",
    "accounts",
    "accounts.machines",
    "accounts.second_factor",
    "accounts.sessions",
    "accounts.guessing",
    "accounts.passwords",
    "accounts.joining",
    "accounts.sso",
    "accounts.operators",
    "compliance",
    "compliance.copies",
    "compliance.certificates",
    "compliance.backups",
    "compliance.closing",
    "compliance.asking",
    "compliance.rights",
    "telephony.reception",
    "telephony",
    "telephony.scheduling",
    "telephony.messages",
    "telephony.bin",
    "telephony.statistics",
    "recordings",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sondervoice.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.WayBackMiddleware",
    "accounts.middleware.SignInScopeMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.middleware.StandingMiddleware",
    "accounts.middleware.ScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.own_pages.OwnPagesMiddleware",
    "sondervoice.errors.ErrorPagesMiddleware",
]

ROOT_URLCONF = "sondervoice.urls"
ASGI_APPLICATION = "sondervoice.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": read_database("DATABASE_URL")}
# A pool for the process: a connection kept by each thread would run PostgreSQL out of
# them, and a new one for each request costs more than the request. The media process's
# eight threads fit in. One that is away for longer than `reconnect_timeout` is tried
# again by whoever needs it next; the pool alone would wait for minutes.
DATABASE_POOL = {"min_size": 1, "max_size": 16, "timeout": 5, "reconnect_timeout": 2}
DATABASES["default"]["ENGINE"] = "sondervoice.kernel.postgres"
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A database that does not answer must not hold a caller or a carrier for minutes.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5_000,
    "pool": DATABASE_POOL,
    "options": "-c statement_timeout=15s -c lock_timeout=5s",
    **cast("dict[str, Any]", DATABASES["default"]["OPTIONS"]),
}
# Rows of all clinics, read only: accounts/operators/reading.py alone may ask there. Not
# set, the operators' pages refuse; there is no other road.
if read_secret("DATABASE_OPERATOR_URL", default=""):
    DATABASES["operator"] = {
        **read_database("DATABASE_OPERATOR_URL"),
        "ENGINE": "sondervoice.kernel.postgres",
        "CONN_MAX_AGE": 0,
    }
    DATABASES["operator"]["OPTIONS"] = {
        "connect_timeout": 3,
        "options": "-c statement_timeout=15s",
        **cast("dict[str, Any]", DATABASES["operator"]["OPTIONS"]),
    }
# Seals the record: compliance/ledger/services alone may name it. Not set, rows wait.
if read_secret("DATABASE_SEALER_URL", default=""):
    DATABASES["sealer"] = {
        **read_database("DATABASE_SEALER_URL"),
        "ENGINE": "sondervoice.kernel.postgres",
        "CONN_MAX_AGE": 0,
    }
    DATABASES["sealer"]["OPTIONS"] = {
        "connect_timeout": 3,
        "options": "-c statement_timeout=60s",
        **cast("dict[str, Any]", DATABASES["sealer"]["OPTIONS"]),
    }
# Counts of all clinics, and not one other table: telephony/statistics/selectors alone
# may name it. Not set, the application's own role reads them.
if read_secret("DATABASE_STATISTICS_URL", default=""):
    DATABASES["statistics"] = {
        **read_database("DATABASE_STATISTICS_URL"),
        "ENGINE": "sondervoice.kernel.postgres",
        "CONN_MAX_AGE": 0,
    }
    DATABASES["statistics"]["OPTIONS"] = {
        "connect_timeout": 3,
        "options": "-c statement_timeout=15s",
        **cast("dict[str, Any]", DATABASES["statistics"]["OPTIONS"]),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = read_url(
    "REDIS_URL", schemes=("redis", "rediss", "redis+socket"), default=""
)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_client_url(REDIS_URL),
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# The open pages of a session hear through it that they are over.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [redis_client_url(REDIS_URL)]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# Passkeys are bound to PUBLIC_BASE_URL, which their helper reads.
OTP_WEBAUTHN_RP_ID = urlsplit(PUBLIC_BASE_URL).hostname or ""

SESSION_ENGINE = "accounts.sessions.store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

_MAIL = read_mail("EMAIL_URL", folder=DATA_DIR / "mail")
EMAIL_BACKEND = _MAIL.backend
EMAIL_FILE_PATH = _MAIL.folder
EMAIL_HOST = _MAIL.host
EMAIL_PORT = _MAIL.port
EMAIL_HOST_USER = _MAIL.user
EMAIL_HOST_PASSWORD = _MAIL.password
EMAIL_USE_TLS = _MAIL.uses_tls
EMAIL_USE_SSL = _MAIL.uses_ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read_str("MAIL_FROM", default="SonderVoice <no-reply@localhost>")

LANGUAGE_CODE = "en"
# The languages that pages for the public have; a browser's wish is met among them.
LANGUAGES = [("en", "English")]
FORMAT_MODULE_PATH = "sondervoice.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# The two typefaces come from packages that hold nothing but the files; nothing is
# fetched from elsewhere, and the pages hold without them.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("fonts/sans", str(files("fontpkg_source_sans_3") / "files")),
    ("fonts/serif", str(files("fontpkg_source_serif_4") / "files")),
]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = storages_in(DATA_DIR)
# The operators' pages: our paper and ink, no links to what they do not have.
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "SonderVoice operators",
    "SITE_HEADER": "Operators",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "ACCOUNT": {
        "navigation": [{"title": "Your clinics", "link": "/accounts/clinics/"}]
    },
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    {"title": title, "icon": icon, "link": f"/admin/{place}"}
                    for title, icon, place in (
                        ("Overview", "home", ""),
                        ("Clinics", "domain", "organization/"),
                        ("Closings", "door_front", "closing/"),
                        ("Sessions at clinics", "visibility", "operatorsession/"),
                        ("Acts of two", "handshake", "operatoract/"),
                        ("Grants", "badge", "operatorgrant/"),
                        ("People", "group", "user/"),
                        ("Memberships", "link", "membership/"),
                        ("Agencies", "corporate_fare", "agency/"),
                        ("Colleagues who leave", "logout", "leaving/"),
                        ("Record", "receipt_long", "auditlog/"),
                        ("Privacy requests", "privacy_tip", "privacyrequest/"),
                        ("Encryption", "encrypted", "encryption/"),
                        ("Backups", "backup", "backups/"),
                    )
                ]
            }
        ]
    },
}
SPOOL_DIR = DATA_DIR / "spool"
KEYRING_PATH = read_path("KEYRING_PATH", default=DATA_DIR / "secrets" / "keyring")
KEY_STORE_DIR = read_path("KEY_STORE_DIR", default=DATA_DIR / "keys")
# Where the clock copies it each day; empty where a timer of the machine does.
KEY_COPIES_DIR = read_str("KEY_COPIES_DIR", default="")
KMS_KEY_ID = read_key_arn("KMS_KEY_ID")
KMS_ENDPOINT_URL = read_url("KMS_ENDPOINT_URL", schemes=("https", "http"), default="")
LEDGER_NAME = read_str("LEDGER_NAME", default="sondervoice")
LEDGER_KEY_PATH = read_path(
    "LEDGER_KEY_PATH", default=DATA_DIR / "secrets" / "ledger_key"
)
# Public keys that signed before it was replaced: lines of `ledger key`.
LEDGER_OLD_KEYS = read_note_keys("LEDGER_OLD_KEYS")
# Seven years; six at least, which the database holds to as well.
RECORD_KEEP_DAYS = read_int("RECORD_KEEP_DAYS", default=2_557, at_least=2_192)
LEDGER_ANCHOR_DIR = read_path("LEDGER_ANCHOR_DIR", default=DATA_DIR / "anchors")

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {} if REDIS_URL else {"polling_interval": 0.02}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.machines.authentication.ApiKeyAuthentication",
        "accounts.machines.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["sondervoice.api.HasDeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.wire.JsonBody"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.wire.AlwaysJson",
    # The schema says what an address takes; OPTIONS is nobody's verb here.
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "sondervoice.problems.problem",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "accounts.api_schema.ClinicSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SonderVoice",
    "DESCRIPTION": "What programs of a clinic may read and do: calls, transcripts, "
    "appointments, messages, receptionists, members, roles, keys. "
    "Callers are masked unless the key says otherwise.",
    "VERSION": "v1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVERS": [{"url": PUBLIC_BASE_URL}],
    "SORT_OPERATION_PARAMETERS": False,
    # A word's choices stand where the word stands.
    "POSTPROCESSING_HOOKS": [],
}

CARRIER = "telephony.carrier.telnyx.control.TelnyxCarrier"
CARRIER_COPIES = "telephony.carrier.telnyx.copies.TelnyxCopies"
TELNYX_API_KEY = read_secret("TELNYX_API_KEY", default="")
TELNYX_PUBLIC_KEY = read_secret("TELNYX_PUBLIC_KEY", default="")
TELNYX_API_BASE = read_str("TELNYX_API_BASE", default="https://api.telnyx.com/v2")

# Text messages: from one number of ours, or from a messaging profile's. Not set, none
# are sent, and pages offer another way.
MESSENGER = "telephony.carrier.telnyx.messages.TelnyxMessenger"
TEXT_FROM_E164 = read_e164("TEXT_FROM_E164")
TEXT_PROFILE_ID = read_str("TEXT_PROFILE_ID", default="")
# Strangers can ask for a text message each; so many cost us money in a day at most.
TEXTS_A_DAY = read_int("TEXTS_A_DAY", default=200, at_least=1, at_most=10_000)

# The vendors there are; any other is refused at the start, not at the first call.
STT_VENDOR = read_choice("STT_VENDOR", ("ondevice",), default="ondevice")
LLM_VENDOR = read_choice("LLM_VENDOR", ("rules",), default="rules")
TTS_VENDOR = read_choice("TTS_VENDOR", ("ondevice",), default="ondevice")
EARS = read_int("EARS", default=2, at_least=1, at_most=32)
CALLS_AT_ONCE = read_int("CALLS_AT_ONCE", default=100, at_least=1)
CALL_MINUTES_AT_MOST = read_int("CALL_MINUTES_AT_MOST", default=30, at_least=1)
# True: web, worker and beat share this process (no Redis).
ALL_IN_ONE = read_bool("SV_ALL_IN_ONE", default=False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sondervoice.kernel.logging.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "picows": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
    },
}
