"""The root key in AWS KMS, which never hands it out, through its own SDK.

Source:
    AWS KMS API reference, Encrypt, Decrypt, ReEncrypt, DescribeKey and
    GetKeyRotationStatus (read 2026-11): the encryption context is authenticated and
    stands in the account's log, so it holds ids alone. ReEncrypt uses the key's newest
    material and shows nobody the key inside.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any, Final

from compliance.keys.generations import (
    Generation,
    GenerationFile,
    GenerationsBrokenError,
)
from compliance.keys.provider import Description, KeyContext, Kind, Material, Wrapped
from compliance.keys.sealing import SealBrokenError
from sondervoice.kernel.aws import session
from sondervoice.kernel.errors import VendorError

VENDOR: Final = "aws-kms"
LABEL: Final = "AWS KMS"
CONNECT_S: Final = 1.0
READ_S: Final = 2.0
TRIES: Final = 2
DESCRIBED_FOR_S: Final = 600
# What the service says of a wrapped key that was changed, or is not of this context.
_BROKEN: Final = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
_CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DisabledException": "key_disabled",
        "KMSInvalidStateException": "key_disabled",
        "KeyUnavailableException": "key_unavailable",
        "NotFoundException": "key_not_found",
        "AccessDeniedException": "access_denied",
        "ThrottlingException": "throttled",
    }
)
_Answer = Mapping[str, Any]


class AwsKms:
    """Wraps and unwraps keys under one customer managed key."""

    kind = Kind.AWS_KMS

    def __init__(
        self,
        key_arn: str,
        *,
        endpoint_url: str,
        generations: Path,
        clock: Callable[[], datetime],
    ) -> None:
        """Wrap by `key_arn`; nobody is asked before the first key.

        Args:
            key_arn: Its region is where we ask.
            endpoint_url: Another server that speaks the same; empty for AWS.
            generations: The file of what wrapped when.
            clock: Says now, for when this key is seen for the first time.
        """
        self._key_arn = key_arn
        self._endpoint_url = endpoint_url
        self._file = GenerationFile(generations)
        self._clock = clock
        self._client: Any = None
        self._described: tuple[float, Description] | None = None

    def describe(self) -> Description:
        """Return what the service says of the key, asked every ten minutes at most."""
        held = self._described
        if held is None or monotonic() - held[0] >= DESCRIBED_FOR_S:
            held = (monotonic(), self._ask_description())
            self._described = held
        return held[1]

    def generations(self) -> tuple[Generation, ...]:
        """Return what wrapped when, oldest first; the newest is the key of today.

        Raises:
            SealBrokenError: If the file of generations is damaged.
        """
        try:
            if not self._file.exists():
                self._file.add(self._key_arn, now=self._clock())
            if self._file.read()[-1].value != self._key_arn:
                self._file.add(self._key_arn, now=self._clock())
            return self._file.read()
        except GenerationsBrokenError as error:
            raise SealBrokenError(f"kms-generations: {error}") from None

    def newest(self) -> Generation:
        """Return the generation that wraps."""
        return self.generations()[-1]

    def wrap(self, key: bytes, context: KeyContext) -> Wrapped:
        """Return `key` encrypted by the service, for this context."""
        newest = self.newest()
        answer = self._ask(
            "encrypt",
            KeyId=self._key_arn,
            Plaintext=key,
            EncryptionContext=_pairs(context),
        )
        return Wrapped(self.kind, newest.number, answer["CiphertextBlob"])

    def unwrap(self, wrapped: Wrapped, context: KeyContext) -> bytes:
        """Return the key again."""
        answer = self._ask(
            "decrypt",
            KeyId=self._arn_of(wrapped),
            CiphertextBlob=wrapped.body,
            EncryptionContext=_pairs(context),
        )
        return bytes(answer["Plaintext"])

    def rewrap(self, wrapped: Wrapped, context: KeyContext) -> Wrapped:
        """Return the same key encrypted anew; it does not leave the service."""
        newest = self.newest()
        answer = self._ask(
            "re_encrypt",
            SourceKeyId=self._arn_of(wrapped),
            CiphertextBlob=wrapped.body,
            SourceEncryptionContext=_pairs(context),
            DestinationKeyId=self._key_arn,
            DestinationEncryptionContext=_pairs(context),
        )
        return Wrapped(self.kind, newest.number, answer["CiphertextBlob"])

    def begin_generation(self, now: datetime) -> Generation:
        """Say that all keys are to be encrypted anew, by the key of today."""
        self.generations()
        return self._file.add(self._key_arn, now=now)

    def give_up(self, numbers: Collection[int]) -> None:
        """Forget by which key these generations were encrypted."""
        self._file.give_up(numbers)

    def _arn_of(self, wrapped: Wrapped) -> str:
        for one in self.generations():
            if one.number == wrapped.generation and one.is_live:
                return one.value
        raise SealBrokenError("nobody knows the key of that generation")

    def _ask_description(self) -> Description:
        try:
            said = self._ask("describe_key", KeyId=self._key_arn)["KeyMetadata"]
        except (VendorError, SealBrokenError):
            said = {}
        origin = str(said.get("Origin", ""))
        is_known = bool(origin) and not self._endpoint_url
        return Description(
            kind=self.kind,
            label=f"{LABEL} at another address" if self._endpoint_url else LABEL,
            is_hardware_backed=origin != "EXTERNAL_KEY_STORE" if is_known else None,
            key_id=self._key_arn,
            state=str(said.get("KeyState", "")),
            material=self._ask_material() if said else Material(is_rotated=None),
        )

    def _ask_material(self) -> Material:
        """Return what the service says of its own rotation, if we may know."""
        try:
            said = self._ask("get_key_rotation_status", KeyId=self._key_arn)
        except (VendorError, SealBrokenError):
            said = {}
        next_at = said.get("NextRotationDate")
        return Material(
            is_rotated=said.get("KeyRotationEnabled"),
            every_days=int(said.get("RotationPeriodInDays", 0)),
            next_at=next_at.astimezone(UTC) if next_at else None,
        )

    def _ask(self, operation: str, **arguments: object) -> _Answer:
        """Ask the service once, and once more where that may help.

        Raises:
            SealBrokenError: If what was sent is broken or of another context.
            VendorError: If the service did not do it.
        """
        # Heavy, and needed only where there is a key service.
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            answer: _Answer = getattr(self._connected(), operation)(**arguments)
        except ClientError as error:
            raise _from_answer(error.response) from None
        except BotoCoreError as error:
            category = type(error).__name__
            raise VendorError(VENDOR, category=category, permanent=False) from None
        return answer

    def _connected(self) -> Any:
        from botocore.config import Config  # noqa: PLC0415

        with session() as shared:
            if self._client is None:
                self._client = shared.client(
                    "kms",
                    region_name=self._key_arn.split(":")[3],
                    endpoint_url=self._endpoint_url or None,
                    config=Config(
                        connect_timeout=CONNECT_S,
                        read_timeout=READ_S,
                        retries={"total_max_attempts": TRIES, "mode": "standard"},
                        # AWS_ENDPOINT_URL is where recordings go, not keys.
                        ignore_configured_endpoint_urls=True,
                    ),
                )
            return self._client


def _pairs(context: KeyContext) -> dict[str, str]:
    return {"organization": str(context.organization_id), "name": context.name}


def _from_answer(answer: _Answer) -> Exception:
    """Return our error for the service's; its text stays behind."""
    code = str(answer.get("Error", {}).get("Code", ""))
    if code in _BROKEN:
        return SealBrokenError("the key service does not open it")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return VendorError(
        VENDOR,
        category=_CATEGORIES.get(code, f"status_{status}"),
        # A key that is disabled can be enabled again, and a right can be given.
        permanent=False,
    )
