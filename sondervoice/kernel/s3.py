"""How the object storage answers, in our words.

Source:
    Amazon S3 API reference, "Error responses" (read 2026-11): SlowDown (503) asks for
    fewer requests, NoSuchKey (404) and PreconditionFailed (412) answer the question.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from sondervoice.kernel.aws import session
from sondervoice.kernel.errors import VendorError

VENDOR: Final = "s3"
_CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AccessDenied": "access_denied",
        "NoSuchBucket": "bucket_not_found",
        "SlowDown": "throttled",
    }
)
_ANSWERS: Final[Mapping[str, type[Exception]]] = MappingProxyType(
    {
        "404": FileNotFoundError,
        "NoSuchKey": FileNotFoundError,
        "NoSuchUpload": FileNotFoundError,
        "NoSuchVersion": FileNotFoundError,
        "InvalidRange": EOFError,
        "PreconditionFailed": FileExistsError,
    }
)


def connect(*, region: str, endpoint_url: str, config: Any) -> Any:
    """Return a client of the SDK; nobody is asked before it is used.

    Args:
        region: Of AWS.
        endpoint_url: Another server that speaks the same; empty for AWS.
        config: How it waits and how often it tries.
    """
    with session() as shared:
        return shared.client(
            "s3", region_name=region, endpoint_url=endpoint_url or None, config=config
        )


@contextmanager
def asking() -> Iterator[None]:
    """Turn what the SDK raises within into our errors; its text stays behind.

    Raises:
        FileNotFoundError: If there is no such object, version or upload.
        FileExistsError: If there is one, and there should be none.
        EOFError: If a range begins after the end.
        VendorError: If the storage did not do it; asking again may help.
    """
    # Heavy, and needed only where there is a bucket.
    from boto3.exceptions import Boto3Error  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except ClientError as error:
        raise _from_answer(error.response) from None
    except (BotoCoreError, Boto3Error) as error:
        raise failed(type(error).__name__) from None


def failed(category: str) -> VendorError:
    """Return that the storage did not do its part; no failure of it is for good."""
    return VendorError(VENDOR, category=category, permanent=False)


def _from_answer(answer: Mapping[str, Any]) -> Exception:
    code = str(answer.get("Error", {}).get("Code", ""))
    if code in _ANSWERS:
        return _ANSWERS[code]("not as it was thought to be in the object storage")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return failed(_CATEGORIES.get(code, f"status_{status}"))
