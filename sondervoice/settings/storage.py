"""Where files, recordings and anchors rest."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from sondervoice.settings.buckets import data_regions, read_buckets, s3_storages
from sondervoice.settings.env import read_str, read_url

AWS_REGION = read_str("AWS_REGION", default="")
AWS_ENDPOINT_URL = read_url("AWS_ENDPOINT_URL", schemes=("https", "http"), default="")
# Where recordings rest; recordings/objects alone asks there. None: files in DATA_DIR.
RECORDINGS_BUCKETS = read_buckets()
DATA_REGIONS = data_regions(RECORDINGS_BUCKETS)
# Under object lock, in AWS_REGION, instead of LEDGER_ANCHOR_DIR.
LEDGER_ANCHOR_BUCKET = read_str("LEDGER_ANCHOR_BUCKET", default="")
if LEDGER_ANCHOR_BUCKET and not AWS_REGION:
    raise ImproperlyConfigured("LEDGER_ANCHOR_BUCKET is set, but not AWS_REGION.")


def storages_in(folder: Path) -> dict[str, dict[str, Any]]:
    """Return Django's `STORAGES`, with files under `folder`."""
    return {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder / "objects"},
        },
        # Sealed sound only; nothing here can be read without the key store.
        "recordings": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": folder / "recordings",
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        },
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        },
        **s3_storages(RECORDINGS_BUCKETS, endpoint_url=AWS_ENDPOINT_URL),
    }
