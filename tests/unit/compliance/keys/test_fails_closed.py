"""Whatever is done to a wrapped key or a field: a clear error, never plain text."""

import os
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.keys.keyring import KeyringBrokenError, LocalKeyring
from compliance.keys.keys import Keys
from compliance.keys.provider import Kind, Wrapped
from compliance.keys.sealing import Place, SealBrokenError, new_key
from compliance.keys.store import FileKeyStore, KeyGoneError
from compliance.keys.wrapping import Wrapping
from tests.fakes.kms import kms
from tests.fakes.kms.client import DAY, lend_credentials, provider

ONE, OTHER = UUID(int=1), UUID(int=2)
NAME = "month-202611"
CHEAP = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module", params=["software", "kms"])
def wrapping(request, tmp_path_factory):
    """Return who wraps: the keyring in its second generation, or a key service."""
    folder: Path = tmp_path_factory.mktemp("root")
    if request.param == "software":
        (folder / "keyring").write_bytes(os.urandom(32))
        keyring = LocalKeyring(folder / "keyring")
        keyring.begin_generation(DAY)
        yield Wrapping(keyring)
        return
    with pytest.MonkeyPatch.context() as patch, kms() as service:
        lend_credentials(patch)
        yield Wrapping(provider(service, service.room.add(), folder))


@pytest.fixture(scope="module")
def wrapped(wrapping: Wrapping) -> bytes:
    return wrapping.wrap(b"k" * 32, organization_id=ONE, name=NAME)


class TestWrappedKey:
    def test_opens_where_it_belongs(self, wrapping: Wrapping, wrapped: bytes):
        opened = wrapping.unwrap(wrapped, organization_id=ONE, name=NAME)

        assert opened == b"k" * 32

    @CHEAP
    @given(st.data())
    def test_does_not_open_with_one_bit_flipped(self, wrapping, wrapped, data):
        at = data.draw(st.integers(0, len(wrapped) * 8 - 1))
        raw = bytearray(wrapped)
        raw[at // 8] ^= 1 << at % 8

        with pytest.raises(SealBrokenError):
            wrapping.unwrap(bytes(raw), organization_id=ONE, name=NAME)

    @CHEAP
    @given(st.data())
    def test_does_not_open_when_cut(self, wrapping, wrapped, data):
        length = data.draw(st.integers(0, len(wrapped) - 1))

        with pytest.raises(SealBrokenError):
            wrapping.unwrap(wrapped[:length], organization_id=ONE, name=NAME)

    @CHEAP
    @given(st.binary(max_size=120))
    def test_does_not_open_when_it_is_anything_else(self, wrapping, raw):
        with pytest.raises(SealBrokenError):
            wrapping.unwrap(raw, organization_id=ONE, name=NAME)

    @pytest.mark.parametrize(
        ("organization_id", "name"),
        [(OTHER, NAME), (ONE, "month-202612"), (ONE, "index")],
    )
    def test_does_not_open_elsewhere(self, wrapping, wrapped, organization_id, name):
        with pytest.raises(SealBrokenError):
            wrapping.unwrap(wrapped, organization_id=organization_id, name=name)
        with pytest.raises(SealBrokenError):
            wrapping.rewrap(wrapped, organization_id=organization_id, name=name)

    def test_does_not_open_as_of_another_generation(self, wrapping, wrapped):
        said = Wrapped.from_bytes(wrapped)

        for generation in (0, said.generation - 1, said.generation + 1, 2**32 - 1):
            raw = Wrapped(said.kind, generation, said.body).as_bytes()
            with pytest.raises(SealBrokenError):
                wrapping.unwrap(raw, organization_id=ONE, name=NAME)

    def test_does_not_open_as_another_providers(self, wrapping, wrapped):
        said = Wrapped.from_bytes(wrapped)
        raw = Wrapped(3 - said.kind, said.generation, said.body).as_bytes()

        with pytest.raises(SealBrokenError, match="has not the provider"):
            wrapping.unwrap(raw, organization_id=ONE, name=NAME)


class TestField:
    @pytest.fixture
    def keys(self, tmp_path: Path) -> Keys:
        (tmp_path / "keyring").write_bytes(os.urandom(32))
        keyring = LocalKeyring(tmp_path / "keyring")
        return Keys(Wrapping(keyring), FileKeyStore(tmp_path / "keys"))

    PLACE = Place(ONE, "diary", "name", UUID(int=7))

    @CHEAP
    @given(at=st.integers(0, 8 * 40))
    def test_does_not_open_with_one_bit_flipped(self, keys: Keys, at: int):
        raw = bytearray(keys.seal_field("Ada Example", self.PLACE, now=DAY))
        raw[at // 8] ^= 1 << at % 8

        # A flipped month is a key that was never made; all else does not open.
        with pytest.raises((SealBrokenError, KeyGoneError)):
            keys.unseal_field(bytes(raw), self.PLACE)
        assert keys._store.root_wrapped(ONE) == [NAME]

    @pytest.mark.parametrize(
        "place",
        [
            Place(OTHER, "diary", "name", UUID(int=7)),
            Place(ONE, "diary", "name", UUID(int=8)),
            Place(ONE, "diary", "phone", UUID(int=7)),
        ],
    )
    def test_does_not_open_elsewhere(self, keys: Keys, place: Place):
        sealed = keys.seal_field("Ada Example", self.PLACE, now=DAY)
        keys.seal_field("somebody", place, now=DAY)

        with pytest.raises(SealBrokenError):
            keys.unseal_field(sealed, place)

    def test_does_not_open_under_another_organizations_month_key(self, keys: Keys):
        sealed = keys.seal_field("Ada Example", self.PLACE, now=DAY)
        store = keys._store
        (store.directory / str(OTHER)).mkdir()
        theirs = store.get(ONE, NAME)
        store.put(OTHER, NAME, theirs)

        with pytest.raises(SealBrokenError):
            keys.unseal_field(sealed, Place(OTHER, "diary", "name", UUID(int=7)))


class TestCallKey:
    CALL = UUID(int=9)

    @CHEAP
    @given(data=st.data())
    def test_does_not_open_when_flipped_or_cut(self, tmp_path: Path, data):
        (tmp_path / "keyring").write_bytes(bytes(32))
        store = FileKeyStore(tmp_path / "keys")
        keys = Keys(Wrapping(LocalKeyring(tmp_path / "keyring")), store)
        keys.make_call_key(organization_id=ONE, call_id=self.CALL, now=DAY)
        raw = bytearray(store.get(ONE, f"call-{self.CALL}"))
        if data.draw(st.booleans()):
            at = data.draw(st.integers(0, len(raw) * 8 - 1))
            raw[at // 8] ^= 1 << at % 8
        else:
            del raw[data.draw(st.integers(0, len(raw) - 1)) :]
        path = tmp_path / "keys" / str(ONE) / f"call-{self.CALL}"
        path.write_bytes(raw)

        with pytest.raises((SealBrokenError, KeyGoneError)):
            keys.call_key(organization_id=ONE, call_id=self.CALL)
        path.unlink()
        assert store.root_wrapped(ONE) == [NAME]

    def test_does_not_open_as_another_calls(self, tmp_path: Path):
        (tmp_path / "keyring").write_bytes(bytes(32))
        store = FileKeyStore(tmp_path / "keys")
        keys = Keys(Wrapping(LocalKeyring(tmp_path / "keyring")), store)
        keys.make_call_key(organization_id=ONE, call_id=self.CALL, now=DAY)
        raw = store.get(ONE, f"call-{self.CALL}")
        store.put(ONE, f"call-{UUID(int=10)}", raw)
        store.put(OTHER, f"call-{self.CALL}", raw)
        keys.seal_field("x", Place(OTHER, "a", "b", OTHER), now=DAY)

        for organization_id, call_id in ((ONE, UUID(int=10)), (OTHER, self.CALL)):
            with pytest.raises(SealBrokenError):
                keys.call_key(organization_id=organization_id, call_id=call_id)


class TestKeyring:
    @pytest.mark.parametrize("length", [0, 31, 33])
    def test_refuses_a_file_of_another_length(self, tmp_path: Path, length: int):
        (tmp_path / "keyring").write_bytes(bytes(length))

        with pytest.raises(KeyringBrokenError):
            LocalKeyring(tmp_path / "keyring")

    def test_opens_what_was_wrapped_before_there_were_generations(self, tmp_path):
        (tmp_path / "keyring").write_bytes(os.urandom(32))
        keyring = LocalKeyring(tmp_path / "keyring")
        wrapping, key = Wrapping(keyring), new_key()
        raw = wrapping.wrap(key, organization_id=ONE, name=NAME)
        old = Wrapped.from_bytes(raw).body
        assert old[:1] == b"\x01"
        keyring.begin_generation(DAY)

        assert wrapping.unwrap(old, organization_id=ONE, name=NAME) == key
        assert Wrapped.from_bytes(old) == Wrapped(Kind.KEYRING, 1, old)

    def test_is_called_software(self, tmp_path: Path):
        (tmp_path / "keyring").write_bytes(bytes(32))

        about = LocalKeyring(tmp_path / "keyring").describe()

        assert about.label == "software keys"
        assert about.is_hardware_backed is False
        assert about.key_id == "1-22fb7f17"
