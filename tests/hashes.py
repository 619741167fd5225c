"""The record's facts but for the hashes of a configuration, which a secret makes."""

from collections.abc import Mapping


def without_hashes(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: one for name, one in facts.items() if name not in HASHES}


HASHES = ("before", "after")
