"""Build a small trigram model in ARPA form from example sentences.

Absolute discounting: each seen n-gram gives away a fixed part of its count, and what
was given away goes to the shorter context. Nothing here knows about sound.

Source:
    Ney, Essen and Kneser 1994, "On structuring probabilistic dependences in stochastic
    language modelling"; file form: the ARPA back-off format as pocketsphinx reads it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_DISCOUNT: Final = 0.6
_ORDER: Final = 3
_START: Final = "<s>"
_END: Final = "</s>"
_NEVER: Final = -99.0

Gram = tuple[str, ...]
Weighted = tuple[Sequence[str], float]


def build_arpa(sentences: Iterable[Weighted]) -> str:
    """Return the trigram model of the sentences, each with its weight (a count)."""
    counts = _count(sentences)
    levels = [{g: c for g, c in counts.items() if len(g) == n} for n in (1, 2, 3)]
    unigrams = _unigrams(levels[0])
    bigrams, back_1 = _discounted(levels[1], unigrams)
    trigrams, back_2 = _discounted(
        levels[2], bigrams, shorter_back=back_1, base=unigrams
    )
    unigrams[(_START,)] = 10**_NEVER
    lines = ["\\data\\"]
    tables = (unigrams, bigrams, trigrams)
    lines += [f"ngram {n + 1}={len(table)}" for n, table in enumerate(tables)]
    for number, (table, backs) in enumerate(
        zip(tables, (back_1, back_2, {}), strict=True)
    ):
        lines += ["", f"\\{number + 1}-grams:"]
        lines += [_line(gram, table[gram], backs.get(gram)) for gram in sorted(table)]
    return "\n".join((*lines, "", "\\end\\", ""))


def _count(sentences: Iterable[Weighted]) -> dict[Gram, float]:
    counts: dict[Gram, float] = defaultdict(float)
    for words, weight in sentences:
        whole = (_START, *words, _END)
        for length in range(1, _ORDER + 1):
            for first in range(len(whole) - length + 1):
                counts[whole[first : first + length]] += weight
    return counts


def _unigrams(counts: Mapping[Gram, float]) -> dict[Gram, float]:
    total = sum(count for gram, count in counts.items() if gram != (_START,))
    return {gram: count / total for gram, count in counts.items() if gram != (_START,)}


def _discounted(
    counts: Mapping[Gram, float],
    shorter: Mapping[Gram, float],
    *,
    shorter_back: Mapping[Gram, float] | None = None,
    base: Mapping[Gram, float] | None = None,
) -> tuple[dict[Gram, float], dict[Gram, float]]:
    """Return the chances of one length, and the back-off weight of each context."""
    followers: dict[Gram, list[Gram]] = defaultdict(list)
    for gram in counts:
        followers[gram[:-1]].append(gram)
    chances: dict[Gram, float] = {}
    backs: dict[Gram, float] = {}
    for context, grams in followers.items():
        total = sum(counts[gram] for gram in grams)
        given_away = 0.0
        for gram in grams:
            part = min(_DISCOUNT, counts[gram] / 2)
            chances[gram] = (counts[gram] - part) / total
            given_away += part
        seen = sum(
            _chance(gram[1:], shorter, shorter_back or {}, base or {}) for gram in grams
        )
        backs[context] = (given_away / total) / max(1e-6, 1 - min(seen, 1.0))
    return chances, backs


def _chance(
    gram: Gram,
    table: Mapping[Gram, float],
    backs: Mapping[Gram, float],
    base: Mapping[Gram, float],
) -> float:
    """Return the chance of the gram, stepping back once where it was never seen."""
    if gram in table:
        return table[gram]
    return backs.get(gram[:-1], 1.0) * base.get(gram[1:], 0.0)


def _line(gram: Gram, chance: float, back: float | None) -> str:
    text = f"{math.log10(chance):.4f}\t{' '.join(gram)}"
    return text if back is None else f"{text}\t{math.log10(max(back, 1e-9)):.4f}"
