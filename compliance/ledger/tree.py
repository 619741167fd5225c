"""The hash tree over the rows of one organization (pure).

Rows are leaves in the order in which they were sealed. The root of the first n leaves
says all there is to say about them: that a row stands in it, and that a later tree has
it as its beginning, is proved with a handful of hashes.

Source:
    RFC 9162, Certificate Transparency 2.0, section 2.1: leaves are hashed behind a zero
    byte, nodes behind a one; the left subtree is the largest power of two below n.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

HASH_BYTES: Final = 32

# Returns the root of the complete subtree of 2^level leaves that begins at leaf
# `position` x 2^level.
ReadNode = Callable[[int, int], bytes]


def hash_leaf(row: bytes) -> bytes:
    """Return the leaf of a row's bytes."""
    return hashlib.sha256(b"\x00" + row).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """What must be kept of a tree to go on with it.

    Attributes:
        size: How many leaves there are.
        peaks: Roots of its complete subtrees, the largest first: one for each binary
            digit of `size` that is set.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf; return the nodes it completed as (level, position, hash)."""
        made = []
        level, rest, node = 0, self.size, leaf
        while rest & 1:
            node = hash_node(self.peaks.pop(), node)
            level, rest = level + 1, rest >> 1
            made.append((level, rest, node))
        self.peaks.append(node)
        self.size += 1
        return made

    @property
    def root(self) -> bytes:
        """The root over all leaves; of none, the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = hash_node(peak, root)
        return root


def prove_inclusion(position: int, size: int, read: ReadNode) -> list[bytes]:
    """Return the hashes that lead from the leaf at `position` to the root of `size`.

    Raises:
        ValueError: If the tree of that size has no such leaf.
    """
    if not 0 <= position < size:
        raise ValueError("there is no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            path.append(_root_of(middle, end, read))
            end = middle
        else:
            path.append(_root_of(start, middle, read))
            start = middle
    return path[::-1]


def prove_consistency(first: int, second: int, read: ReadNode) -> list[bytes]:
    """Return the hashes that show the tree of `first` to begin the one of `second`.

    Raises:
        ValueError: If `first` is none or more than `second`.
    """
    if not 0 < first <= second:
        raise ValueError("the earlier tree has a leaf at least, and no more")
    path: list[bytes] = []
    start, end, is_whole = 0, second, True
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_root_of(middle, end, read))
            end = middle
        else:
            path.append(_root_of(start, middle, read))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_root_of(start, end, read))
    return path[::-1]


def includes(
    leaf: bytes, position: int, *, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the proof shows the leaf to stand there (section 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    sides = _sides(position, size - 1, len(proof))
    if sides is None:
        return False
    node = leaf
    for sibling, is_left in zip(proof, sides, strict=True):
        node = hash_node(sibling, node) if is_left else hash_node(node, sibling)
    return node == root


@dataclass(frozen=True, slots=True)
class Head:
    """How many leaves there were, and their root."""

    size: int
    root: bytes


def begins(first: Head, second: Head, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows the first tree to begin the second (2.1.4.2)."""
    if first.size == second.size:
        return not proof and first.root == second.root
    if not 0 < first.size < second.size or not proof:
        return False
    path = list(proof)
    if first.size & (first.size - 1) == 0:
        path.insert(0, first.root)
    at, last = first.size - 1, second.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    sides = _sides(at, last, len(path) - 1)
    if sides is None:
        return False
    old = new = path[0]
    for sibling, is_left in zip(path[1:], sides, strict=True):
        if is_left:
            old, new = hash_node(sibling, old), hash_node(sibling, new)
        else:
            new = hash_node(new, sibling)
    return old == first.root and new == second.root


def _sides(at: int, last: int, count: int) -> list[bool] | None:
    """Return which siblings on the way up stand left; None if there are not so many."""
    sides = []
    for _ in range(count):
        if last == 0:
            return None
        is_left = bool(at & 1) or at == last
        while is_left and at and not at & 1:
            at, last = at >> 1, last >> 1
        sides.append(is_left)
        at, last = at >> 1, last >> 1
    return sides if last == 0 else None


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is two at least."""
    return 1 << (count - 1).bit_length() - 1


def _root_of(start: int, end: int, read: ReadNode) -> bytes:
    """Return the root over leaves `start` to `end`, from complete subtrees."""
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        peaks.append(read(level, start >> level))
        start += 1 << level
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hash_node(peak, root)
    return root
