"""Who may come in, and how: people, directories, programs."""

from typing import Final

from sondervoice.settings.env import (
    read_date,
    read_int,
    read_key_hashes,
    read_list,
    read_networks,
    read_secret,
    read_str,
    read_url,
)

AUTH_USER_MODEL = "accounts.User"
# Limits of single members; the rows carry their organization (accounts.models).
GUARDIAN_USER_OBJ_PERMS_MODEL = "accounts.ObjectGrant"
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
AUTHENTICATION_BACKENDS = ["accounts.backends.ScopedBackend"]
# The first hashes; the others are read once and upgraded at the next sign-in. Cost 12,
# in few threads that give way to calls.
PASSWORD_HASHERS = [
    "accounts.passwords.hashers.PooledBCryptHasher",
    "accounts.passwords.hashers.PooledPBKDF2Hasher",
]
_VALIDATION: Final = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATION}.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {"NAME": "accounts.passwords.breaches.BreachValidator"},
]
# Asked with the first five digits of a password's SHA-1, as in
# https://api.pwnedpasswords.com/range/; not set: nobody is asked.
BREACH_LOOKUP_URL = read_url("BREACH_LOOKUP_URL", schemes=("https",), default="")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/app/start/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Tries to sign in are counted in the database (`accounts.guessing`): a lost cache opens
# nothing.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

OTP_TOTP_ISSUER = "SonderVoice"
OTP_WEBAUTHN_HELPER_CLASS = "accounts.second_factor.relying_party.RelyingParty"
OTP_WEBAUTHN_RP_NAME = "SonderVoice"
# A passkey stands beside the password, never instead of it.
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
SILENCED_SYSTEM_CHECKS = [
    "otp_webauthn.E030",  # of a setting that our own helper stands for
    "guardian.W001",  # its rows are read by `accounts.limits`, not `user.has_perm`
]

# Signing in by Google or Microsoft: the buttons are there once both of a pair are set.
GOOGLE_CLIENT_ID = read_str("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = read_secret("GOOGLE_CLIENT_SECRET", default="")
GOOGLE_ISSUER = "https://accounts.google.com"
MICROSOFT_CLIENT_ID = read_str("MICROSOFT_CLIENT_ID", default="")
MICROSOFT_CLIENT_SECRET = read_secret("MICROSOFT_CLIENT_SECRET", default="")
# The id of one directory, or `organizations` for all that firms have.
_MICROSOFT_TENANT: Final = read_str("MICROSOFT_TENANT", default="organizations")
MICROSOFT_ISSUER = f"https://login.microsoftonline.com/{_MICROSOFT_TENANT}/v2.0"
# For the tests alone, whose providers answer on this machine.
SSO_ALLOWS_LOOPBACK = False
# `address` or `address:port` of the resolvers that prove domains; none: the system's.
DNS_RESOLVERS = read_list("DNS_RESOLVERS")

# How often the API may be asked in a minute. Tries to sign in are counted in the
# database, the others in the cache.
API_REQUESTS_A_KEY = read_int("API_REQUESTS_A_KEY", default=300, at_least=1)
API_REQUESTS_A_PERSON = read_int("API_REQUESTS_A_PERSON", default=300, at_least=1)
API_REQUESTS_AN_ADDRESS = read_int("API_REQUESTS_AN_ADDRESS", default=1200, at_least=1)
TOKEN_TRIES_AN_ADDRESS = read_int("TOKEN_TRIES_AN_ADDRESS", default=30, at_least=1)

# For /internal/: without a key there is nothing under it. Two keys while one is changed
# for the other; only their hashes are kept in memory.
INTERNAL_KEY_HASHES = read_key_hashes("INTERNAL_API_KEYS")
INTERNAL_ALLOWED_ADDRESSES = read_networks("INTERNAL_ALLOWED_ADDRESSES")
# Who is told that something secret grows old.
SECURITY_MAIL = read_str("SECURITY_MAIL", default="")
# Who answers for data protection; not set, letters for them go to SECURITY_MAIL.
DPO_MAIL = read_str("DPO_MAIL", default="")
# The registration with the United Kingdom's Information Commissioner, and its last day:
# pages show the number until then. Without a day it is shown nowhere.
ICO_NUMBER = read_str("ICO_NUMBER", default="")
ICO_EXPIRES_ON = read_date("ICO_EXPIRES_ON")
