import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.ledger.tree import (
    Frontier,
    Head,
    begins,
    hash_leaf,
    hash_node,
    includes,
    prove_consistency,
    prove_inclusion,
)

# The leaves and roots by which Certificate Transparency's logs are checked.
# Source: https://github.com/google/certificate-transparency, merkletree tests.
ROWS = [
    bytes.fromhex(row)
    for row in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _leaves(count: int) -> list[bytes]:
    return [hash_leaf(number.to_bytes(4, "big")) for number in range(count)]


def _grown(leaves: list[bytes]) -> Frontier:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier


def _reader(leaves: list[bytes]):
    """Answer as the tables do: with what was kept as the tree grew."""
    nodes = {(0, position): leaf for position, leaf in enumerate(leaves)}
    frontier = Frontier()
    for leaf in leaves:
        nodes |= {(level, at): node for level, at, node in frontier.append(leaf)}
    return lambda level, position: nodes[level, position]


class TestFrontier:
    def test_has_the_roots_that_the_logs_of_the_web_have(self):
        frontier, roots = Frontier(), []
        for row in ROWS:
            frontier.append(hash_leaf(row))
            roots.append(frontier.root.hex())

        assert roots == ROOTS

    def test_of_nothing_is_the_hash_of_nothing(self):
        assert Frontier().root == hashlib.sha256(b"").digest()

    def test_names_the_nodes_it_completes(self):
        leaves = _leaves(4)
        frontier = _grown(leaves[:3])

        made = frontier.append(leaves[3])

        left, right = hash_node(*leaves[:2]), hash_node(*leaves[2:])
        assert made == [(1, 1, right), (2, 0, hash_node(left, right))]


class TestProofs:
    @pytest.mark.parametrize("size", range(1, 40))
    def test_of_every_leaf_of_a_small_tree_lead_to_its_root(self, size: int):
        leaves = _leaves(size)
        root, read = _grown(leaves).root, _reader(leaves)

        for at, leaf in enumerate(leaves):
            proof = prove_inclusion(at, size, read)
            assert includes(leaf, at, size=size, root=root, proof=proof)
            assert not includes(hash_leaf(b"x"), at, size=size, root=root, proof=proof)

    @pytest.mark.parametrize("size", range(1, 40))
    def test_of_every_beginning_hold_and_of_no_other_tree(self, size: int):
        leaves = _leaves(size)
        read, now = _reader(leaves), Head(size, _grown(leaves).root)

        for first in range(1, size + 1):
            then = Head(first, _grown(leaves[:first]).root)
            changed = [*leaves[: first - 1], hash_leaf(b"x")]
            other = Head(first, _grown(changed).root)
            proof = prove_consistency(first, size, read)
            assert begins(then, now, proof)
            assert not begins(other, now, proof)

    @pytest.mark.parametrize(("position", "size"), [(-1, 3), (3, 3), (0, 0)])
    def test_of_a_leaf_that_is_not_there_are_refused(self, position: int, size: int):
        with pytest.raises(ValueError, match="no such leaf"):
            prove_inclusion(position, size, _reader(_leaves(3)))

    @pytest.mark.parametrize("first", [0, 4])
    def test_of_a_beginning_that_is_none_are_refused(self, first: int):
        with pytest.raises(ValueError, match="earlier tree"):
            prove_consistency(first, 3, _reader(_leaves(3)))

    @given(st.data())
    def test_that_were_changed_hold_nothing(self, data: st.DataObject):
        size = data.draw(st.integers(2, 70))
        at = data.draw(st.integers(0, size - 1))
        leaves = _leaves(size)
        root, read = _grown(leaves).root, _reader(leaves)
        proof = prove_inclusion(at, size, read)
        broken = data.draw(st.integers(0, len(proof) - 1))
        flipped = [*proof]
        flipped[broken] = bytes([proof[broken][0] ^ 1]) + proof[broken][1:]

        changes = [flipped, proof[:-1], [*proof, proof[0]]]
        assert not any(
            includes(leaves[at], at, size=size, root=root, proof=change)
            for change in changes
        )
        others = [other for other in range(size) if other != at]
        assert not any(
            includes(leaves[at], other, size=size, root=root, proof=proof)
            for other in others
        )
