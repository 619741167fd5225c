"""Reads a plain dump of the database as a thief would who has keys besides.

Every sealed value of every row is tried with every key that a key store holds: of
months and days, of calls, of rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from compliance.keys.keys import Keys
from compliance.keys.sealing import VERSION, Place, SealBrokenError, derive, unseal
from compliance.keys.store import FileKeyStore, KeyGoneError
from compliance.keys.wrapping import Wrapping

_COPY = re.compile(r"COPY (?:\w+\.)?(\w+) \(([^)]*)\) FROM stdin;")


@dataclass(frozen=True)
class Row:
    """One row of a dump; what was null is left out."""

    table: str
    values: dict[str, str]

    @property
    def sealed(self) -> dict[str, bytes]:
        """Return its columns of bytes."""
        return {
            name: bytes.fromhex(value[3:])
            for name, value in self.values.items()
            if value.startswith("\\\\x")
        }


def rows_of(dump: str) -> Iterator[Row]:
    """Yield the rows of a dump that was made with COPY."""
    table, columns = "", []
    for line in dump.splitlines():
        if found := _COPY.fullmatch(line):
            table, columns = found[1], [one.strip('" ') for one in found[2].split(",")]
        elif line == "\\.":
            table = ""
        elif table:
            pairs = zip(columns, line.split("\t"), strict=True)
            yield Row(table, {name: value for name, value in pairs if value != "\\N"})


class Thief:
    """Has a copy of the key store, and the root key."""

    def __init__(self, store: Path, wrapping: Wrapping) -> None:
        self._folder = store
        self._keys = Keys(wrapping, FileKeyStore(store))

    def opened(self, rows: list[Row]) -> Iterator[tuple[str, str]]:
        """Yield where, and what could be read there."""
        for row in rows:
            clinic = row.values.get("organization_id")
            if not clinic or "id" not in row.values:
                continue
            for column, sealed in row.sealed.items():
                place = Place(UUID(clinic), row.table, column, UUID(row.values["id"]))
                if (text := self._open(sealed, place)) is not None:
                    yield f"{row.table}.{column}", text

    def _open(self, sealed: bytes, place: Place) -> str | None:
        try:
            return self._keys.unseal_field(sealed, place)
        except (SealBrokenError, KeyGoneError):
            pass
        if sealed[:1] != VERSION:
            return None
        for key in self._own_keys(place.organization_id):
            try:
                return unseal(key, sealed, place).decode()
            except SealBrokenError:
                continue
        return None

    def _own_keys(self, organization_id: UUID) -> Iterator[bytes]:
        """Yield the keys of calls and rows, opened by what wraps them."""
        for path in sorted((self._folder / str(organization_id)).glob("*-*")):
            kind, _, of = path.name.partition("-")
            if kind not in {"call", "row"}:
                continue
            wrapped = path.read_bytes()
            month = wrapped[:6].decode()
            whole = self._keys._named(organization_id, f"month-{month}", make=False)
            wrapping = derive(whole, purpose=kind.encode() + UUID(of).bytes)
            place = Place(organization_id, f"{kind}_keys", "key", UUID(of))
            yield unseal(wrapping, wrapped[6:], place)
