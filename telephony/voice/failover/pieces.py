"""Reads a vendor's stream of pieces with a patience that runs out."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from telephony.voice.ports import VoiceVendorError

T = TypeVar("T")


async def in_time(
    pieces: AsyncIterator[T], *, vendor: str, first_s: float, next_s: float
) -> AsyncIterator[T]:
    """Yield the pieces as they come.

    Args:
        vendor: Whose they are, for the error.
        first_s: Longest wait for the first.
        next_s: Longest wait between two.

    Raises:
        VoiceVendorError: If a wait was too long, or from the vendor itself.
    """
    patience_s = first_s
    try:
        while True:
            try:
                async with asyncio.timeout(patience_s):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise VoiceVendorError(vendor) from None
            yield piece
            patience_s = next_s
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
