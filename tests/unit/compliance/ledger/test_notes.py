from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from compliance.ledger.notes import (
    Checkpoint,
    NoteBrokenError,
    Verifier,
    attach_signature,
    note_hash,
    open_note,
)
from compliance.ledger.tree import Head, hash_leaf

# Source: https://github.com/yaglo/signed_note, README, read 2026-11-26.
FOREIGN_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOREIGN_NOTE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
    "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OURS = Verifier("clinic.example/ledger", KEY.public_key().public_bytes_raw())
CHECKPOINT = Checkpoint(
    origin="clinic.example/ledger/01989c2e-7a00-7000-8000-000000000001",
    head=Head(7, hash_leaf(b"row")),
    sealed_at=datetime(2026, 11, 26, 3, 0, tzinfo=UTC),
    previous="ab" * 32,
)


def _signed(text: str, verifier: Verifier = OURS) -> str:
    return attach_signature(text, verifier=verifier, signature=KEY.sign(text.encode()))


class TestNote:
    def test_of_somebody_else_opens_with_their_key(self):
        verifier = Verifier.from_text(FOREIGN_KEY)

        assert open_note(FOREIGN_NOTE, verifier) == "This is an example message.\n"
        assert verifier.as_text() == FOREIGN_KEY

    def test_of_ours_opens_with_our_key_from_its_text(self):
        note = _signed(CHECKPOINT.as_text())

        opened = open_note(note, Verifier.from_text(OURS.as_text()))

        assert Checkpoint.from_text(opened) == CHECKPOINT

    @pytest.mark.parametrize(
        "change",
        [
            lambda note: note.replace("\n7\n", "\n8\n"),
            lambda note: note.replace("sealed 2026", "sealed 2027"),
            lambda note: note.rstrip("\n"),
            lambda note: note.split("\n\n")[0] + "\n",
            lambda note: note.replace("\u2014 clinic", "\u2014 other"),
            lambda note: note[:-8] + "AAAAAA=\n",
            lambda _: "",
        ],
    )
    def test_that_was_changed_does_not_open(self, change):
        with pytest.raises(NoteBrokenError):
            open_note(change(_signed(CHECKPOINT.as_text())), OURS)

    def test_of_another_key_by_the_same_name_does_not_open(self):
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

        with pytest.raises(NoteBrokenError):
            open_note(_signed(CHECKPOINT.as_text()), Verifier(OURS.name, other))

    def test_may_bear_a_witness_beside_us(self):
        witness = Verifier("witness.example", OURS.key)
        text = CHECKPOINT.as_text()
        both = _signed(text, witness) + _signed(text).rpartition("\n\n")[2]

        assert open_note(both, OURS) == text
        assert open_note(both, witness) == text


class TestVerifier:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "name",
            "name+00000000+AAAA",
            FOREIGN_KEY.replace("530d903a", "530d903b"),
            FOREIGN_KEY.replace("example", "another"),
            FOREIGN_KEY.replace("AekyeRrm", "!!"),
        ],
    )
    def test_that_is_none_is_refused(self, text: str):
        with pytest.raises(NoteBrokenError):
            Verifier.from_text(text)


class TestCheckpoint:
    def test_is_readable_as_it_stands(self):
        assert CHECKPOINT.as_text().splitlines() == [
            "clinic.example/ledger/01989c2e-7a00-7000-8000-000000000001",
            "7",
            "wIGyjkmrZg5SGNgScKMRyA1nJnhduHjtSntaGmiYNt4=",
            "sealed 2026-11-26T03:00:00Z",
            "previous " + "ab" * 32,
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "origin\n7\n",
            CHECKPOINT.as_text().replace("\n7\n", "\n07\n"),
            CHECKPOINT.as_text().replace("\n7\n", "\n-7\n"),
            CHECKPOINT.as_text().replace("sealed", "signed"),
            CHECKPOINT.as_text().replace("wIGyjkmrZg", "AAAA"),
        ],
    )
    def test_that_is_none_is_refused(self, text: str):
        with pytest.raises(NoteBrokenError):
            Checkpoint.from_text(text)

    def test_is_named_by_its_note(self):
        assert len(note_hash(_signed(CHECKPOINT.as_text()))) == 64
