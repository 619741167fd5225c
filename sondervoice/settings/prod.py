"""For production: no default for a secret, HTTPS everywhere."""

from sondervoice.settings.backups import BACKUP_DIR
from sondervoice.settings.base import *  # noqa: F403
from sondervoice.settings.env import (
    read_list,
    read_path,
    read_secret,
    read_str,
    read_url,
)

TELNYX_API_KEY = read_secret("TELNYX_API_KEY")
TELNYX_PUBLIC_KEY = read_secret("TELNYX_PUBLIC_KEY")
PUBLIC_BASE_URL = read_str("PUBLIC_BASE_URL")
MEDIA_BASE_URL = read_str("MEDIA_BASE_URL")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS")
# Without a mail server nobody can join, and no password can be set anew.
read_secret("EMAIL_URL")
DEFAULT_FROM_EMAIL = read_str("MAIL_FROM")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

# Keys go there in the clear inside TLS.
read_url("KMS_ENDPOINT_URL", schemes=("https",), default="")
read_url("AWS_ENDPOINT_URL", schemes=("https",), default="")

# A key made by the way, and lost with the machine, would make every backup worthless.
if BACKUP_DIR:
    BACKUP_KEY_PATH = read_path("BACKUP_KEY_PATH")
