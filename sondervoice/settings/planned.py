"""Settings that are planned and do nothing yet: set, they would mislead.

A vendor's key (`ANTHROPIC_API_KEY`, `AWS_ACCESS_KEY_ID` and their like) is not here:
shells have those for other programs. They are passed over.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ONE_VENDOR: Final = "nobody takes over from the on-device speech"

PLANNED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "STRIPE_SECRET_KEY": "nothing is billed",
        "STRIPE_WEBHOOK_SECRET": "nothing is billed",
        "STT_VENDOR_BACKUP": _ONE_VENDOR,
        "LLM_VENDOR_BACKUP": _ONE_VENDOR,
        "TTS_VENDOR_BACKUP": _ONE_VENDOR,
        "SENTRY_DSN": "errors go to the log alone",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "no traces are sent",
    }
)
