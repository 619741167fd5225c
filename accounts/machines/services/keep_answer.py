"""Do a write once: the same request sent again is given the first one's answer.

The answer is sealed under a key made from the client's Idempotency-Key, of which only
a hash is kept: who has the database alone reads none of it, not a new key's secret
either.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.actors import Actor
from accounts.derived_keys import derive_key, secret_keys
from accounts.machines.errors import AnswerDiffersError, AnswerGoneError
from accounts.machines.models import StoredAnswer

_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A write as the client sent it.

    Attributes:
        key: The Idempotency-Key.
        place: Verb and path.
        body: The body as JSON, its fields in order.
    """

    key: str
    place: str
    body: str


def keep_answer(
    *, actor: Actor, wish: Wish, do: Callable[[], bytes], now: datetime
) -> tuple[bytes, bool]:
    """Return the answer, and whether it is a kept one.

    Within the open scope. Of many that come at once, one does it and the others wait
    for its commit; if it fails, nothing is kept and the next one does it.

    Raises:
        AnswerDiffersError: If the key came before with another request.
        AnswerGoneError: If the first answer was sealed under a key that is gone.
    """
    name = hashlib.sha256(f"{actor.id}\n{wish.key}".encode()).digest()
    request = hashlib.sha256(f"{wish.place}\n{wish.body}".encode()).digest()
    mine = StoredAnswer(
        organization_id=actor.organization_id,
        key_sha256=name,
        request_sha256=request,
        created_at=now,
    )
    StoredAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    row = StoredAnswer.objects.get(key_sha256=name)
    if row.pk != mine.pk:
        if bytes(row.request_sha256) != request:
            raise AnswerDiffersError
        return _open(row, wish), True
    answer = do()
    row.answer_sealed = _seal(row, wish, answer)
    row.save(update_fields=["answer_sealed"])
    return answer, False


def canonical(body: Any) -> str:
    """Return the body as JSON that does not depend on the order of its fields."""
    return json.dumps(body, sort_keys=True)


def _ciphers(wish: Wish) -> Iterator[AESGCM]:
    """Yield the cipher that seals, then those of the keys before it."""
    salt = wish.key.encode()
    for secret in secret_keys():
        yield AESGCM(derive_key("machines/answers", salt=salt, secret=secret))


def _seal(row: StoredAnswer, wish: Wish, answer: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + next(_ciphers(wish)).encrypt(nonce, answer, row.pk.bytes)


def _open(row: StoredAnswer, wish: Wish) -> bytes:
    # Written in the transaction that made the row, so nobody sees a row without it.
    sealed = bytes(row.answer_sealed or b"")
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for cipher in _ciphers(wish):
        with suppress(InvalidTag):
            return cipher.decrypt(nonce, rest, row.pk.bytes)
    raise AnswerGoneError
