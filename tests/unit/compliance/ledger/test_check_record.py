"""The program a clinic runs by itself, held to the libraries it does without."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.ledger.notes import Checkpoint, Verifier, attach_signature
from compliance.ledger.offline import check_record
from compliance.ledger.tree import (
    Frontier,
    Head,
    hash_leaf,
    hash_node,
    prove_consistency,
    prove_inclusion,
)
from tests.cast import NOW

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = Verifier("tests.example", PRIVATE.public_key().public_bytes_raw())
LINES = [json.dumps({"number": number, "name": "Zo\u00eb"}) for number in range(70)]
LEAVES = [hash_leaf(line.encode()) for line in LINES]


def _note(size: int) -> str:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    head = Head(size, frontier.root)
    text = Checkpoint(origin="tests.example/x", head=head, sealed_at=NOW).as_text()
    return attach_signature(text, verifier=KEY, signature=PRIVATE.sign(text.encode()))


def _leaf(position: int) -> str:
    return json.dumps({"leaf": base64.b64encode(LEAVES[position]).decode()})


def _read(level: int, position: int) -> bytes:
    if level == 0:
        return LEAVES[position]
    return hash_node(_read(level - 1, 2 * position), _read(level - 1, 2 * position + 1))


def _proved(proof: list[bytes], size: int) -> dict[str, object]:
    nodes = [base64.b64encode(node).decode() for node in proof]
    return {"proof": nodes, "checkpoint": _note(size)}


def _line(position: int, size: int) -> dict[str, object]:
    proof = _proved(prove_inclusion(position, size, _read), size)
    return {"line": LINES[position], "position": position} | proof


def _run(*paths: Path, key: str = KEY.as_text()) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-I", check_record.__file__, key, *paths],
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


class TestSignature:
    @settings(max_examples=15)
    @given(st.binary(min_size=32, max_size=32), st.binary(max_size=80))
    def test_is_judged_as_the_library_does(self, seed: bytes, message: bytes):
        private = Ed25519PrivateKey.from_private_bytes(seed)
        key, signature = private.public_key().public_bytes_raw(), private.sign(message)
        flipped = signature[:40] + bytes([signature[40] ^ 1]) + signature[41:]

        assert check_record.is_signed(key, message, signature)
        assert not check_record.is_signed(key, message + b"x", signature)
        assert not check_record.is_signed(key, message, flipped)
        assert not check_record.is_signed(key, message, signature[:63])

    # Source: RFC 8032, section 7.1, TEST 3.
    def test_of_the_standard_holds(self):
        assert check_record.is_signed(
            bytes.fromhex(
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
            ),
            bytes.fromhex("af82"),
            bytes.fromhex(
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        )

    def test_that_counts_on_past_the_order_is_refused(self):
        signature = PRIVATE.sign(b"x")
        scalar = int.from_bytes(signature[32:], "little") + check_record.ORDER
        longer = signature[:32] + scalar.to_bytes(32, "little")

        assert not check_record.is_signed(KEY.key, b"x", longer)


class TestLine:
    @pytest.mark.parametrize(("position", "size"), [(0, 1), (0, 70), (69, 70), (6, 7)])
    def test_that_was_sealed_is_found(self, tmp_path: Path, position: int, size: int):
        path = tmp_path / "line.json"
        path.write_text(json.dumps(_line(position, size)), "utf-8")

        assert _run(path) == (
            0,
            f"This line is number {position + 1} of {size} that were sealed, "
            "as it stands.",
        )

    @pytest.mark.parametrize(
        "change",
        [
            {"line": LINES[4]},
            {"position": 4},
            {"position": 70},
            {"proof": []},
            {"checkpoint": _note(69)},
            {"checkpoint": _note(70).replace("\n70\n", "\n71\n")},
        ],
    )
    def test_that_was_changed_is_named_wrong(self, tmp_path: Path, change):
        path = tmp_path / "line.json"
        path.write_text(json.dumps(_line(3, 70) | change), "utf-8")

        code, said = _run(path)

        assert (code, said[:6]) == (1, "WRONG:")

    def test_is_believed_by_one_of_several_keys(self, tmp_path: Path):
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        after = Verifier("elsewhere.example", other).as_text()
        path = tmp_path / "line.json"
        path.write_text(json.dumps(_line(3, 70)), "utf-8")

        assert _run(path, key=f"{after},{KEY.as_text()}")[0] == 0
        assert _run(path, key=f"{after},{after}")[0] == 1

    def test_is_believed_by_no_other_key(self, tmp_path: Path):
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        path = tmp_path / "line.json"
        path.write_text(json.dumps(_line(3, 70)), "utf-8")

        code, said = _run(path, key=Verifier("tests.example", other).as_text())

        assert (code, said) == (1, "WRONG: the checkpoint is not signed by this key.")


class TestRecord:
    def _write(self, path: Path, lines: list[str], size: int = 70) -> Path:
        last = json.dumps({"checkpoint": _note(size)}, ensure_ascii=False)
        path.write_text("\n".join([*lines, last]) + "\n", "utf-8")
        return path

    def test_that_is_whole_is_found(self, tmp_path: Path):
        path = self._write(tmp_path / "record.jsonl", LINES)

        assert _run(path) == (
            0, "All 70 lines are as they were sealed, in their order.",
        )  # fmt: skip

    def test_with_lines_that_are_gone_is_found_and_they_are_counted(
        self, tmp_path: Path
    ):
        gone = [_leaf(at) for at in (0, 1, 5)]
        lines = [*gone[:2], *LINES[2:5], gone[2], *LINES[6:]]

        assert _run(self._write(tmp_path / "record.jsonl", lines)) == (
            0,
            "All 70 lines are as they were sealed, in their order.\n"
            "Of 3 of them only the hash is here: 1 to 2, 6. What they said is gone: by "
            "its age, if it is the oldest, or by a restore, or somebody took it away. "
            "Ask which.",
        )

    @pytest.mark.parametrize(
        "lines",
        [
            LINES[:-1],
            [_leaf(1), *LINES[1:]],
            ['{"leaf": "no base64"}', *LINES[1:]],
            [*LINES[:3], LINES[4], LINES[3], *LINES[5:]],
            [*LINES[:3], LINES[3].replace("3", "4"), *LINES[4:]],
        ],
    )
    def test_that_is_not_is_named_wrong(self, tmp_path: Path, lines: list[str]):
        code, said = _run(self._write(tmp_path / "record.jsonl", lines))

        assert (code, said[:6]) == (1, "WRONG:")


class TestGrowth:
    def _files(self, folder: Path, first: int, second: int) -> list[Path]:
        old, new = folder / "old.txt", folder / "new.json"
        old.write_text(_note(first), "utf-8")
        proof = prove_consistency(first, second, _read)
        new.write_text(json.dumps(_proved(proof, second)), "utf-8")
        return [old, new]

    @pytest.mark.parametrize("first", [1, 2, 5, 8, 64, 69])
    def test_from_any_beginning_is_found(self, tmp_path: Path, first: int):
        assert _run(*self._files(tmp_path, first, 70)) == (
            0,
            f"The {first} lines of then begin the 70 of now, unchanged.",
        )

    def test_of_nothing_is_found(self, tmp_path: Path):
        said = _run(*self._files(tmp_path, 70, 70))

        assert said == (0, "Nothing was added: 70 lines then and now.")

    def test_from_another_beginning_is_named_wrong(self, tmp_path: Path):
        old, new = self._files(tmp_path, 5, 70)
        old.write_text(_note(6), "utf-8")

        code, said = _run(old, new)

        assert (code, said[:6]) == (1, "WRONG:")


class TestFiles:
    def test_that_cannot_be_read_are_named_so(self, tmp_path: Path):
        path = tmp_path / "line.json"
        path.write_text("not JSON")

        assert _run(path) == (1, "Cannot read this: JSONDecodeError.")
        assert _run(tmp_path / "none.json") == (
            1, "Cannot read this: FileNotFoundError.",
        )  # fmt: skip

    def test_that_are_not_given_are_asked_for(self):
        code, said = _run()

        assert (code, said.splitlines()[0][:36]) == (
            2, "Check a clinic's record without aski",
        )  # fmt: skip
