"""The product's own source, read as text and as trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
APPS = ("sondervoice", "accounts", "telephony", "recordings", "compliance")


@cache
def files() -> tuple[Path, ...]:
    """Return every Python file of the product, migrations and all."""
    return tuple(
        path for app in APPS for path in sorted((REPOSITORY / app).rglob("*.py"))
    )


def name_of(path: Path) -> str:
    """Return the path as it is written from the repository's top."""
    return path.relative_to(REPOSITORY).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield every call in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node


def called_name(call: ast.Call) -> str:
    """Return the last word of what is called: ``after_commit``."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def first_word(call: ast.Call) -> str | None:
    """Return the first argument when it is a constant text."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    return None


def users_of(name: str) -> set[str]:
    """Return the files outside migrations that say this attribute or name."""
    found = set()
    for path in files():
        if "migrations" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            said = getattr(node, "attr", None) or getattr(node, "id", None)
            if said == name:
                found.add(name_of(path))
    return found
