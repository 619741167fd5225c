"""Prints how long our files and functions are; nothing fails, a tail is a question."""  # noqa: INP001

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Final

_SKIPPED: Final = {"tests", "benchmarks", "migrations"}
_HARD: Final = {"file": 400, "function": 40}
Sizes = list[tuple[int, str]]


def sources() -> Iterator[Path]:
    """Yield the Python files of the product that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607
        capture_output=True,
        check=True,
        text=True,
    )
    for name in sorted(set(listed.stdout.splitlines())):
        path = Path(name)
        if path.exists() and not _SKIPPED & set(path.parts):
            yield path


def functions(path: Path, text: str) -> Sizes:
    """Return the length in lines of each function of a file, docstring included."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            found.append((lines, f"{path}:{node.lineno} {node.name}"))
    return found


def report(kind: str, sizes: Sizes) -> None:
    """Print one line of figures, and what is past the hard limit."""
    lengths = [length for length, _ in sizes]
    if len(lengths) < 2:
        return
    p95 = quantiles(lengths, n=20)[-1]
    sys.stdout.write(
        f"{kind}s: {len(lengths)}, median {median(lengths):.0f} lines, "
        f"95th {p95:.0f}, longest {max(lengths)}\n"
    )
    for length, place in sorted(sizes, reverse=True):
        if length > _HARD[kind]:
            sys.stdout.write(f"  {length} {place}\n")


def main() -> None:
    """Print the figures of files, then of functions."""
    files: Sizes = []
    bodies: Sizes = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if text:
            files.append((text.count("\n"), str(path)))
            bodies += functions(path, text)
    report("file", files)
    report("function", bodies)


if __name__ == "__main__":
    main()
