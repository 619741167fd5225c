import base64
from pathlib import Path
from time import monotonic
from uuid import UUID

import boto3
import pytest

from compliance.keys import aws_kms
from compliance.keys.keyring import LocalKeyring
from compliance.keys.keys import Keys
from compliance.keys.provider import KeyContext, Material, Wrapped
from compliance.keys.sealing import Place, SealBrokenError
from compliance.keys.store import FileKeyStore
from compliance.keys.wrapping import Wrapping
from sondervoice.kernel import aws
from sondervoice.kernel.errors import VendorError
from tests.fakes.kms import Kms
from tests.fakes.kms.client import DAY, provider
from tests.fakes.kms.keys import Key, KmsError

ORGANIZATION = UUID(int=1)
CONTEXT = KeyContext(ORGANIZATION, "month-202611")
SECRET = b"s" * 32


@pytest.fixture
def root(service: Kms, key: Key, tmp_path: Path) -> aws_kms.AwsKms:
    return provider(service, key, tmp_path)


class TestWrap:
    def test_names_the_key_and_whose_it_is(self, service: Kms, key: Key, root):
        wrapped = root.wrap(SECRET, CONTEXT)

        assert root.unwrap(wrapped, CONTEXT) == SECRET
        (_, encrypt), (_, decrypt) = service.asked
        pairs = {"organization": str(ORGANIZATION), "name": "month-202611"}
        assert encrypt["EncryptionContext"] == decrypt["EncryptionContext"] == pairs
        assert encrypt["KeyId"] == decrypt["KeyId"] == key.arn
        assert SECRET not in wrapped.body

    def test_wraps_anew_without_showing_the_key(self, service: Kms, root):
        old = root.wrap(SECRET, CONTEXT)
        root.begin_generation(DAY)
        service.asked.clear()

        new = root.rewrap(old, CONTEXT)

        assert [name for name, _ in service.asked] == ["ReEncrypt"]
        assert (old.generation, new.generation) == (1, 2)
        assert root.unwrap(new, CONTEXT) == root.unwrap(old, CONTEXT) == SECRET

    def test_moves_to_another_key_of_the_service(
        self, service: Kms, root, tmp_path: Path
    ):
        old = root.wrap(SECRET, CONTEXT)
        later = provider(service, service.room.add(), tmp_path)

        assert later.newest().number == 2
        assert later.unwrap(old, CONTEXT) == SECRET
        new = later.rewrap(old, CONTEXT)
        service.room.operations["DisableKey"]({"KeyId": root._key_arn})
        assert later.unwrap(new, CONTEXT) == SECRET
        with pytest.raises(VendorError):
            later.unwrap(old, CONTEXT)

    def test_does_not_open_by_a_key_that_it_did_not_name(self, service: Kms, root):
        wrapped = root.wrap(SECRET, CONTEXT)
        foreign = service.room.add()
        theirs = service.room.encrypt(
            {
                "KeyId": foreign.arn,
                "Plaintext": "AAAA",
                "EncryptionContext": aws_kms._pairs(CONTEXT),
            }
        )
        body = base64.b64decode(theirs["CiphertextBlob"])
        with pytest.raises(SealBrokenError):
            root.unwrap(Wrapped(wrapped.kind, wrapped.generation, body), CONTEXT)


class TestAddress:
    def test_is_not_that_of_recordings(self, service: Kms, tmp_path, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL", service.url)
        root = aws_kms.AwsKms(
            service.room.add().arn,
            endpoint_url="",
            generations=tmp_path / "kms-generations",
            clock=lambda: DAY,
        )

        assert root._connected().meta.endpoint_url == (
            "https://kms.eu-central-1.amazonaws.com"
        )


class TestTrouble:
    @pytest.mark.parametrize(
        ("trouble", "category"), [("429", "throttled"), ("500", "status_500")]
    )
    def test_is_tried_twice_and_told(self, service: Kms, root, trouble, category):
        wrapped = root.wrap(SECRET, CONTEXT)
        service.asked.clear()
        service.trouble = trouble

        with pytest.raises(VendorError) as refusal:
            root.unwrap(wrapped, CONTEXT)

        assert (refusal.value.vendor, refusal.value.category) == ("aws-kms", category)
        assert not refusal.value.permanent
        assert service.count("Decrypt") == 2

    def test_of_no_answer_ends_in_time(self, service: Kms, root, monkeypatch):
        monkeypatch.setattr(aws_kms, "READ_S", 0.2)
        wrapped = Wrapped(2, 1, b"blob")
        service.trouble = "never"
        began = monotonic()

        with pytest.raises(VendorError) as refusal:
            root.unwrap(wrapped, CONTEXT)

        assert refusal.value.category == "ReadTimeoutError"
        assert monotonic() - began < 5
        assert service.count("never") == 2

    def test_of_nobody_there_is_told(self, service: Kms, root):
        root._endpoint_url = "http://127.0.0.1:1"

        with pytest.raises(VendorError) as refusal:
            root.wrap(SECRET, CONTEXT)

        assert refusal.value.category == "EndpointConnectionError"

    def test_of_no_credentials_is_told(self, service: Kms, root, monkeypatch, tmp_path):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        # What the session found once it keeps.
        monkeypatch.setattr(aws, "_session", boto3.session.Session)

        with pytest.raises(VendorError) as refusal:
            root.wrap(SECRET, CONTEXT)

        assert refusal.value.category == "NoCredentialsError"
        assert service.asked == []

    @pytest.mark.parametrize(
        ("operation", "category"),
        [("DisableKey", "key_disabled"), ("ScheduleKeyDeletion", "key_disabled")],
    )
    def test_of_a_key_that_was_taken_away(
        self, service: Kms, key: Key, root, operation: str, category: str
    ):
        wrapped = root.wrap(SECRET, CONTEXT)
        root._connected()  # the official client does it
        getattr(
            root._client,
            {"DisableKey": "disable_key"}.get(operation, "schedule_key_deletion"),
        )(KeyId=key.arn)

        for ask in (
            lambda: root.wrap(SECRET, CONTEXT),
            lambda: root.unwrap(wrapped, CONTEXT),
            lambda: root.rewrap(wrapped, CONTEXT),
        ):
            with pytest.raises(VendorError) as refusal:
                ask()
            assert refusal.value.category == category
        assert root.describe().state in {"Disabled", "PendingDeletion"}

    def test_of_a_disabled_key_ends_when_it_is_enabled(
        self, service: Kms, key: Key, root
    ):
        wrapped = root.wrap(SECRET, CONTEXT)
        root._client.disable_key(KeyId=key.arn)
        root._client.enable_key(KeyId=key.arn)

        assert root.unwrap(wrapped, CONTEXT) == SECRET


class TestService:
    """What the product does not ask for, and an operator's own tools may."""

    def test_makes_data_keys(self, service: Kms, key: Key, root):
        client = root._connected()

        made = client.generate_data_key(KeyId=key.arn, KeySpec="AES_256")

        opened = client.decrypt(CiphertextBlob=made["CiphertextBlob"])
        assert len(made["Plaintext"]) == 32
        assert opened["Plaintext"] == made["Plaintext"]


class TestDescribe:
    def test_says_nothing_of_hardware_when_another_server_answers(
        self, service: Kms, key: Key, root
    ):
        about = root.describe()

        assert about.label == "AWS KMS at another address"
        assert about.is_hardware_backed is None
        assert (about.key_id, about.state) == (key.arn, "Enabled")

    @pytest.mark.parametrize(
        ("origin", "is_hardware_backed"),
        [("AWS_KMS", True), ("EXTERNAL_KEY_STORE", False), ("", None)],
    )
    def test_says_what_aws_says(self, root, monkeypatch, origin, is_hardware_backed):
        root._endpoint_url = ""
        said = {"KeyMetadata": {"Origin": origin, "KeyState": "Enabled"}}
        monkeypatch.setattr(root, "_ask", lambda *_, **__: said)

        assert root.describe().label == "AWS KMS"
        assert root.describe().is_hardware_backed is is_hardware_backed

    def test_asks_once_in_ten_minutes_and_never_fails(self, service: Kms, root):
        service.trouble = "500"

        assert root.describe().state == ""
        asked = service.count("DescribeKey")
        root.describe()

        assert service.count("DescribeKey") == asked


class TestMaterial:
    """New key material is the service's matter: what it says is what is shown."""

    def test_is_not_rotated_where_the_service_was_not_told_to(self, service: Kms, root):
        assert root.describe().material == Material(is_rotated=False)

    def test_is_rotated_when_the_service_says(self, service: Kms, key: Key, root):
        key.rotated_every_days, key.next_rotation_s = 90, DAY.timestamp()

        assert root.describe().material == Material(
            is_rotated=True, every_days=90, next_at=DAY
        )

    def test_is_not_known_where_the_service_does_not_say(
        self, service: Kms, key: Key, root
    ):
        key.origin = "EXTERNAL"

        about = root.describe()

        assert (about.material, about.state) == (Material(is_rotated=None), "Enabled")

    def test_is_not_known_without_the_right_to_ask(self, service: Kms, root):
        def deny(_said):
            raise KmsError("AccessDeniedException")

        service.room.operations["GetKeyRotationStatus"] = deny

        assert root.describe().material == Material(is_rotated=None)


class TestKeys:
    def test_ask_the_service_once_for_many_fields(
        self, service: Kms, root, tmp_path: Path
    ):
        keys = Keys(Wrapping(root), FileKeyStore(tmp_path / "keys"))
        place = Place(ORGANIZATION, "diary", "name", UUID(int=7))

        sealed = [keys.seal_field(str(n), place, now=DAY) for n in range(50)]
        opened = [keys.unseal_field(one, place) for one in sealed]

        assert opened == [str(n) for n in range(50)]
        assert [name for name, _ in service.asked] == ["Encrypt", "Decrypt"]

    def test_close_within_ten_minutes_of_a_key_that_was_disabled(
        self, service: Kms, key: Key, root, tmp_path: Path, monkeypatch
    ):
        keys = Keys(Wrapping(root), FileKeyStore(tmp_path / "keys"))
        place = Place(ORGANIZATION, "diary", "name", UUID(int=7))
        sealed = keys.seal_field("words", place, now=DAY)
        service.room.operations["DisableKey"]({"KeyId": key.arn})
        assert keys.unseal_field(sealed, place) == "words"

        monkeypatch.setattr("compliance.keys.keys.HELD_S", 0)

        with pytest.raises(VendorError):
            keys.unseal_field(sealed, place)
        with pytest.raises(VendorError):
            keys.seal_field("more", place, now=DAY)

    def test_open_what_the_keyring_wrapped_before(
        self, service: Kms, root, tmp_path: Path
    ):
        (tmp_path / "keyring").write_bytes(bytes(32))
        keyring = LocalKeyring(tmp_path / "keyring")
        place = Place(ORGANIZATION, "diary", "name", UUID(int=7))
        store = FileKeyStore(tmp_path / "keys")
        sealed = Keys(Wrapping(keyring), store).seal_field("words", place, now=DAY)

        both = Keys(Wrapping(root, keyring), store)

        assert both.unseal_field(sealed, place) == "words"
        assert service.asked == []
