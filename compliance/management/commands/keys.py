"""Rotate the root key, show it, and copy the key store."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance.keys.keys import key_store, key_wrapping
from compliance.keys.provider import Material
from compliance.keys.selectors import count_keys, find_root_key
from compliance.keys.services.copy_key_store import CopyPlaceError, copy_key_store
from compliance.keys.services.rotate_keys import rotate_keys
from compliance.keys.store import RotationRunsError
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import VendorError


class Command(BaseCommand):
    """`keys show`, `keys rotate`, `keys rewrap`, `keys copy DIR`."""

    help = "Show or rotate the key that wraps all others, or copy the key store."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do, and where a copy goes."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("show", help="say who wraps, since when, and how many keys")
        what.add_parser("rotate", help="wrap all keys anew, by a new root key of ours")
        what.add_parser("rewrap", help="go on with a rotation that was broken off")
        copy = what.add_parser("copy", help="copy the key store; copies live 7 days")
        copy.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["what"] == "show":
            self._show()
        elif options["what"] == "copy":
            self._copy(options["folder"])
        else:
            self._rotate(is_asked=options["what"] == "rotate")

    def _show(self) -> None:
        root, counts = find_root_key(), count_keys(None)
        state = root.about.state or "does not answer"
        self.stdout.write(f"{root.about.label}, {root.about.key_id} ({state})")
        self.stdout.write(f"generation {root.generation}, made {root.made_at:%Y-%m-%d}")
        if material := root.about.material:
            self.stdout.write(_said_of(material))
            self.stdout.write(f"wrapped anew next {root.rotates_at:%Y-%m-%d}")
        else:
            self.stdout.write(f"next rotation {root.rotates_at:%Y-%m-%d}")
        self.stdout.write(
            f"{counts.months} month keys of {counts.clinics} clinics, "
            f"{counts.waiting} keys wait to be wrapped anew"
        )

    def _rotate(self, *, is_asked: bool) -> None:
        try:
            done = rotate_keys(
                wrapping=key_wrapping(),
                store=key_store(),
                now=utc_now(),
                is_asked=is_asked,
            )
        except RotationRunsError:
            raise CommandError("Another rotation runs. Wait until it ends.") from None
        except VendorError as error:
            raise CommandError(
                f"{error.vendor}: {error.category}. Nothing is lost; "
                "`keys rewrap` goes on where this ended."
            ) from None
        self.stdout.write(
            f"generation {done.generation}: {done.rewrapped} keys wrapped anew"
        )
        if done.retired:
            numbers = ", ".join(str(number) for number in done.retired)
            self.stdout.write(f"given up: {numbers}")
        if done.broken:
            raise CommandError(f"{done.broken} keys do not open; the log names them.")

    def _copy(self, folder: Path) -> None:
        try:
            copied = copy_key_store(key_store(), folder, now=utc_now())
        except CopyPlaceError as error:
            raise CommandError(f"{error}.") from None
        self.stdout.write(
            f"{copied.keys} keys in {copied.folder}; "
            f"{copied.deleted} old copies deleted"
        )


def _said_of(material: Material) -> str:
    """Return what the key service says of its own rotation."""
    if material.is_rotated is None:
        return "new key material: the key service does not say when"
    if not material.is_rotated:
        return "new key material: never, automatic rotation is off in the key service"
    day = (
        f"{material.next_at:%Y-%m-%d}" if material.next_at else "a day it does not say"
    )
    return f"new key material: every {material.every_days} days, next {day}"
