"""Print, set and check what the buckets must hold to."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recordings.buckets import policies
from recordings.buckets.apply import apply_to
from recordings.buckets.buckets import watched_buckets
from recordings.buckets.check import find_homeless, find_lacks
from sondervoice.kernel.errors import VendorError


class Command(BaseCommand):
    """`storage policy`, `storage apply`, `storage check`."""

    help = "Print, set or check the buckets of recordings and of anchors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("policy", help="print the policy of each bucket, as JSON")
        what.add_parser("apply", help="set policy, encryption, lock and clearing")
        what.add_parser("check", help="say what is missing; fails if anything is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        {"policy": self._policy, "apply": self._apply, "check": self._check}[
            options["what"]
        ]()

    def _policy(self) -> None:
        said = {
            watched.bucket.name: policies.policy(watched.statements())
            for watched in watched_buckets()
        }
        self.stdout.write(json.dumps(said, indent=2))

    def _apply(self) -> None:
        for watched in watched_buckets():
            try:
                apply_to(watched)
            except VendorError as error:
                raise CommandError(
                    f"{watched.bucket.name}: {error.category}. Setting it again is "
                    "harmless."
                ) from None
            self.stdout.write(f"{watched.bucket.name}: set")

    def _check(self) -> None:
        buckets = watched_buckets()
        if not buckets:
            self.stdout.write("no bucket: recordings and anchors are files")
        lacks = find_homeless()
        for watched in buckets:
            found = find_lacks(watched)
            lacks += [f"{watched.bucket.name}: {one}" for one in found]
            if not found:
                self.stdout.write(f"{watched.bucket.name}: as it should be")
        for lack in lacks:
            self.stdout.write(lack)
        if lacks:
            raise CommandError(f"{len(lacks)} things are missing.")
