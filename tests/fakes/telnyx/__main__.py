"""A loopback carrier as a process of its own.

``python -m tests.fakes.telnyx --port P --key-file F``; ends on SIGTERM or Ctrl-C. With
``--print-public-key`` it only makes the key when missing and prints its public half.
"""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.fakes.telnyx.server import running_carrier
from tests.fakes.telnyx.webhooks import Signer


def read_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Return the key kept in the file, 32 raw bytes of mode 0600, made when missing."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telnyx")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument(
        "--print-public-key",
        action="store_true",
        help="make the key when missing, print its public half, and end",
    )
    return parser.parse_args()


async def _serve(port: int, key: Ed25519PrivateKey) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with running_carrier(port=port, key=key):
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, over.set)
        await over.wait()


def main() -> None:
    """Serve, or print the public key."""
    chosen = _arguments()
    key = read_or_make_key(chosen.key_file)
    if chosen.print_public_key:
        sys.stdout.write(f"{Signer(key).public_key}\n")
        return
    asyncio.run(_serve(chosen.port, key))


if __name__ == "__main__":
    main()
