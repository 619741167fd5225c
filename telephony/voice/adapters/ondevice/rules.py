"""Read sentence rules, draw sentences from them, and write them as a JSGF grammar.

A rule is a JSGF right-hand side: words, ``|``, ``( )``, ``[ ]`` for "or nothing",
``<name>`` for another rule, and ``/3/`` before an alternative for its weight. The same
text so feeds both kinds of decoder: the grammar as it stands, the trigram by samples.

Source:
    JSpeech Grammar Format, https://www.w3.org/TR/jsgf/ (read 2026-11-20).
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"/[0-9.]+/|<[a-z_0-9]+>|[a-z0-9_'.]+|[|()\[\]]")
_REFERENCE = re.compile(r"<([a-z_0-9]+)>")


class RuleError(ValueError):
    """A rule cannot be read or names a rule that does not exist."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word to say."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Whatever the rule of this name says."""

    name: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One part after the other; no part at all is silence."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options, each as likely as its weight says."""

    options: tuple["Node", ...]
    weights: tuple[float, ...]


Node = Word | Reference | Chain | Choice


class _Reader:
    """Reads one rule from left to right."""

    def __init__(self, text: str) -> None:
        if _TOKEN.sub("", text).strip():
            raise RuleError(text)
        self._tokens = _TOKEN.findall(text)
        self._next = 0

    def rule(self) -> Node:
        node = self._choice()
        if self._next != len(self._tokens):
            raise RuleError(" ".join(self._tokens))
        return node

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def _choice(self) -> Node:
        options: list[Node] = []
        weights: list[float] = []
        while True:
            weight = float(self._take()[1:-1]) if self._peek().startswith("/") else 1.0
            options.append(self._sequence())
            weights.append(weight)
            if self._peek() != "|":
                break
            self._take()
        return options[0] if len(options) == 1 else _choice(options, weights)

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._peek() not in ("", "|", ")", "]"):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def _part(self) -> Node:
        part = self._take()
        if part in "([":
            inside = self._choice()
            if self._take() != (")" if part == "(" else "]"):
                raise RuleError(" ".join(self._tokens))
            return inside if part == "(" else _choice([inside, Chain(())], [1, 1])
        if part.startswith("<"):
            return Reference(part[1:-1])
        return Word(part)


def _choice(options: Sequence[Node], weights: Sequence[float]) -> Choice:
    return Choice(tuple(options), tuple(weights))


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules by name, read once.

    Attributes:
        texts: The rules as they were written.
        nodes: The same, read.
    """

    texts: Mapping[str, str]
    nodes: Mapping[str, Node]

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> "Grammar":
        """Read all rules.

        Raises:
            RuleError: If one cannot be read or names a rule that is not there.
        """
        for text in texts.values():
            for name in _REFERENCE.findall(text):
                if name not in texts:
                    raise RuleError(name)
        nodes = {name: _Reader(text).rule() for name, text in texts.items()}
        return cls(texts=dict(texts), nodes=nodes)

    def sample(self, name: str, chance: random.Random) -> list[str]:
        """Draw one sentence of the rule, word by word."""
        words: list[str] = []
        self._say(self.nodes[name], chance, words)
        return words

    def _say(self, node: Node, chance: random.Random, words: list[str]) -> None:
        match node:
            case Word(text):
                words.append(text)
            case Reference(name):
                self._say(self.nodes[name], chance, words)
            case Chain(parts):
                for part in parts:
                    self._say(part, chance, words)
            case Choice(options, weights):
                picked = chance.choices(options, weights)[0]
                self._say(picked, chance, words)

    def words(self) -> frozenset[str]:
        """Return every word any rule can say."""
        found: set[str] = set()
        pending = list(self.nodes.values())
        while pending:
            match pending.pop():
                case Word(text):
                    found.add(text)
                case Chain(parts) | Choice(parts, _):
                    pending.extend(parts)
        return frozenset(found)

    def jsgf(self, name: str, *, extra: Mapping[str, str] | None = None) -> str:
        """Return the rule as a JSGF grammar with all the rules it needs.

        Args:
            extra: Rules that replace or join ours, as the offers of this moment.
        """
        texts = {**self.texts, **(extra or {})}
        needed: list[str] = []
        pending = [name]
        while pending:
            rule = pending.pop()
            if rule not in needed:
                needed.append(rule)
                pending.extend(_REFERENCE.findall(texts[rule]))
        lines = [f"<{rule}> = {texts[rule]};" for rule in needed if rule != name]
        return "\n".join(
            (
                "#JSGF V1.0;",
                f"grammar {name};",
                f"public <{name}> = {texts[name]};",
                *lines,
            )
        )
