import re

import pytest
from django.apps import apps
from django.db import models

from accounts.operators.site import operator_site
from sondervoice.kernel.errors import SonderError
from sondervoice.kernel.jobs import registered
from tests.architecture.source import (
    REPOSITORY,
    called_name,
    calls,
    files,
    first_word,
    name_of,
)

OURS = ("sondervoice", "accounts", "telephony", "recordings", "compliance")
OUR_MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith(OURS)
]
APPS = "accounts|compliance|telephony|recordings"
TEMPLATE_LINES = 120
# What Django makes of "agency", "batch" and "thresholds".
MISSPELT = re.compile(r"([^aeiou]y|s|x|z|ch|sh)s$")
NUMBERED = re.compile(r"00\d\d_[a-z][a-z0-9]*(_[a-z0-9]+)*\.py")


def _kinds(error=SonderError):
    yield error
    for kind in error.__subclasses__():
        yield from _kinds(kind)


def _jobs_named():
    for path in files():
        for call in calls(path):
            if called_name(call) in {"after_commit", "job_row", "received_by"}:
                name = first_word(call)
                if name is not None:
                    yield name, name_of(path)


class TestJob:
    def test_that_is_asked_for_is_registered(self):
        named = list(_jobs_named())

        assert len(named) >= 5
        assert [one for one in named if one[0] not in registered()] == []

    def test_is_named_after_its_app(self):
        assert all(
            re.fullmatch(
                r"(accounts|compliance|telephony|recordings)\.[a-z]+(_[a-z]+)+", name
            )
            for name in registered()
        )


class TestError:
    def test_has_a_code_of_its_own(self):
        kinds = [kind for kind in _kinds() if kind.__module__.startswith(OURS)]
        codes = [kind.code for kind in kinds]

        assert len(kinds) > 10
        assert [code for code in codes if codes.count(code) > 1] == []
        assert all("code" in vars(kind) for kind in kinds)


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
class TestModel:
    def test_takes_nothing_else_with_it_when_a_row_goes(self, model):
        cascades = [
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey)
            and field.remote_field.on_delete is models.CASCADE
            # Django's own tables between two of its own.
            and field.model.__module__.startswith(OURS)
            and not model._meta.auto_created
        ]

        assert cascades == []

    def test_shows_no_value_in_its_words(self, model):
        fields = {
            field.attname: "CANARY"
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not field.choices
        }
        quiet = {"task", "event_type", "kind", "action", "prefix", "slug"}
        fields = {name: value for name, value in fields.items() if name not in quiet}

        # A tool's name and an audit action are words of ours.
        if model.__name__ not in {"ToolUse", "AuditLog"}:
            assert "CANARY" not in str(model(**fields))


class TestPlural:
    def test_is_spelt_on_the_operators_pages(self):
        shown = {
            str(model._meta.verbose_name_plural) for model in operator_site._registry
        }

        assert len(shown) > 5
        assert {one for one in shown if MISSPELT.search(one)} == set()


class TestMigration:
    def test_is_numbered_and_named(self):
        found = [
            path.name
            for path in files()
            if path.parent.name == "migrations" and path.name != "__init__.py"
        ]

        assert len(found) >= 12
        assert [name for name in found if not NUMBERED.fullmatch(name)] == []
        assert [name for name in found if "auto" in name] == []


class TestTemplate:
    def test_fits_a_page(self):
        sizes = {
            path.relative_to(REPOSITORY).as_posix(): path.read_text().count("\n")
            for path in (REPOSITORY / "templates").rglob("*.html")
        }

        assert len(sizes) > 10
        assert {n: size for n, size in sizes.items() if size > TEMPLATE_LINES} == {}
