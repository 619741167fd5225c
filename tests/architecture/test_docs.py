import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from accounts.change_hashes import CONFIGURATION
from accounts.permissions import ROLE_GRANTS, SCOPE_GRANTS, Permission
from compliance.ledger.words import WORDS
from sondervoice.kernel import audit
from sondervoice.settings.schedule import SCHEDULE
from tests.architecture.source import (
    APPS,
    REPOSITORY,
    called_name,
    calls,
    files,
    first_word,
    name_of,
    tree,
)

PAGES = (
    *(REPOSITORY / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    REPOSITORY / "LICENSES.md",
    *sorted((REPOSITORY / "docs").rglob("*.md")),
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w.-]+(/[\w.-]+)*\.(py|md|csv|toml|txt|html|css|js|png)")
FOLDER = re.compile(r"[\w.-]+(/[\w.-]+)*/")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)\b")
SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
# Made when the product is set up or runs.
MADE = {
    *("var/", ".venv/", "benchmarks/.peers/"),
    # Parts of a backup, and of what a person or a clinic takes along.
    *("drills/", "manifest.txt", "index.html", "data.json"),
}
# Of PostgreSQL's client library, which reads it itself.
NOT_OURS = {"PGSSLROOTCERT"}


@cache
def _names() -> frozenset[str]:
    """Return how files and folders of the product are called, folders with a slash."""
    folders = {f"{folder.name}/" for path in files() for folder in path.parents}
    tables = {path.name for app in APPS for path in (REPOSITORY / app).rglob("*.csv")}
    return frozenset({path.name for path in files()} | folders | tables)


def _is_there(name: str, page: Path) -> bool:
    """Tell whether a path exists; a name without its folder may be anywhere."""
    return name in _names() or any(
        (at / name).exists() for at in (REPOSITORY, page.parent)
    )


def _text(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def _rows(page: str) -> list[list[str]]:
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _first_words(page: str) -> set[str]:
    """Return what stands in code in the first column of the page's tables."""
    return {row[0].strip("`") for row in _rows(page) if row[0].startswith("`")}


def _passed_on(path: Path, entry: ast.Call, word: ast.Name) -> Iterator[str | None]:
    """Yield what is passed to the function whose first argument names the action."""
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef) and entry in ast.walk(function):
            assert function.args.args[0].arg == word.id
            for call in calls(path):
                if called_name(call) == function.name:
                    yield first_word(call)


def _actions() -> Iterator[tuple[str | None, str]]:
    for path in files():
        for entry in calls(path):
            if called_name(entry) != audit.Entry.__name__:
                continue
            word = next(one.value for one in entry.keywords if one.arg == "action")
            if isinstance(word, ast.Name):
                for said in _passed_on(path, entry, word):
                    yield said, name_of(path)
            else:
                assert isinstance(word, ast.Constant)
                yield word.value, name_of(path)


class TestAuditPage:
    def test_lists_the_actions_of_the_code_and_no_other(self):
        found = {action for action, _path in _actions()}

        assert len(found) >= 13
        listed = [row[0].strip("`") for row in _rows(_text("docs/audit.md"))[2:]]
        assert sorted(listed) == sorted(found)

    def test_has_no_action_that_the_record_writes_without_words_of_its_own(self):
        found = {action for action, _path in _actions()}

        assert {one for one in found if one not in WORDS} == set()

    def test_names_the_file_that_says_the_action(self):
        page = {row[0].strip("`"): row for row in _rows(_text("docs/audit.md"))}

        wrong = [
            (action, path)
            for action, path in _actions()
            if path not in page[action][-1]
        ]

        assert wrong == []

    def test_names_as_configuration_what_must_tell_its_hashes(self):
        section = _text("docs/audit.md").partition("Configuration is:")[2]
        named = re.findall(r"`([a-z_.]+)`", section.partition("\n\n")[0])

        assert named == sorted(CONFIGURATION)
        assert {word for word, _path in _actions()} >= set(CONFIGURATION)

    def test_has_no_hashes_of_what_is_not_named_as_configuration(self):
        telling = {
            action
            for action, path in _actions()
            if "hashes_of(" in (REPOSITORY / path).read_text(encoding="utf-8")
        }

        # Said in the same files, of what is no configuration.
        others = {"accounts.sso.domain_missed", "telephony.call.answered"}
        assert telling - others == set(CONFIGURATION)


class TestPermissionsPage:
    def test_shows_each_role_as_the_table_grants_it(self):
        head = ["Permission", *(role.value for role in ROLE_GRANTS)]
        rows = [
            [f"`{one.value}`"]
            + ["yes" if one in granted else "" for granted in ROLE_GRANTS.values()]
            for one in Permission
        ]

        page = _rows(_text("docs/permissions.md"))

        assert [row for row in page if len(row) == len(head)] == [
            head,
            ["---"] * len(head),
            *rows,
        ]

    def test_shows_each_scope_of_an_api_key(self):
        rows = [
            [f"`{scope}`", ", ".join(f"`{one}`" for one in sorted(granted))]
            for scope, granted in SCOPE_GRANTS.items()
        ]

        page = _rows(_text("docs/permissions.md"))

        assert [row for row in page if len(row) == 2][2:] == rows


class TestLicencesPage:
    def test_is_right_that_one_file_alone_loads_what_is_under_the_gpl(self):
        loaders = [
            name_of(path)
            for path in files()
            if re.search(
                r"^\s*(import|from) espeakng_loader", path.read_text(), re.MULTILINE
            )
        ]

        assert loaders == ["telephony/voice/adapters/ondevice/mouth_child.py"]


class TestProductionPage:
    def test_names_settings_that_can_be_set(self):
        known = set(
            re.findall(r"^([A-Z][A-Z0-9_]*)=", _text(".env.example"), re.MULTILINE)
        )
        named = {
            word.removesuffix("_FILE")
            for word in CODE.findall(_text("docs/production.md"))
            if SETTING.fullmatch(word.removesuffix("_FILE"))
        }

        assert len(named) > 10
        assert named - known - NOT_OURS == set()

    def test_has_one_row_a_setting(self):
        rows = _rows(_text("docs/production.md"))
        named = [word for row in rows for word in CODE.findall(row[0])]

        assert sorted(named) == sorted(set(named))


class TestReadme:
    def test_says_of_the_offline_demo_what_its_own_page_says(self):
        sentence = next(
            line
            for line in _text("docs/ondevice.md").splitlines()
            if line.startswith("> Offline demo.")
        )

        assert sentence in _text("README.md").splitlines()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
class TestPage:
    def test_links_to_what_exists(self, page):
        broken = [
            link
            for link in LINK.findall(page.read_text(encoding="utf-8"))
            if not link.startswith(("https://", "#"))
            and not (page.parent / link.partition("#")[0]).exists()
        ]

        assert broken == []

    def test_mentions_files_that_exist(self, page):
        words = CODE.findall(page.read_text(encoding="utf-8"))
        named = {
            word for word in words if FILE.fullmatch(word) or FOLDER.fullmatch(word)
        }

        assert [one for one in sorted(named - MADE) if not _is_there(one, page)] == []

    def test_mentions_commands_that_exist(self, page):
        known = set(re.findall(r"^([a-z-]+):", _text("Makefile"), re.MULTILINE))
        codes = re.findall(r"```.*?```|`[^`\n]+`", page.read_text("utf-8"), re.DOTALL)

        assert {name for code in codes for name in TARGET.findall(code)} <= known


class TestArchitecture:
    def test_names_each_thing_that_the_clock_does_once(self):
        text = (REPOSITORY / "docs/architecture.md").read_text()
        tasks = {one["task"] for one in SCHEDULE.values()}

        assert {one: text.count(f"`{one}`") for one in tasks} == dict.fromkeys(tasks, 1)


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.name)
def test_says_nothing_twice(page: Path):
    """Two versions of a paragraph are left by a merge."""
    begun = [line[:70] for line in page.read_text().splitlines() if len(line) > 90]
    tables = re.compile(r"[|\s─│┌└-]*[|─│┌└]")

    words = [line for line in begun if not tables.match(line)]

    assert sorted(words) == sorted(set(words))
