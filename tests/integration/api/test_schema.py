import json
import re

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from accounts.rest import ClinicView
from sondervoice import api_urls
from tests.integration.api.conftest import make_call


def _document() -> dict:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == (
        "application/vnd.oai.openapi+json;version=3.1"
    )
    return json.loads(answer.content)


def _addresses() -> set[str]:
    """Return the addresses of the API as its document writes them."""
    return {
        "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(one.pattern))
        for one in api_urls.urlpatterns
        if issubclass(one.callback.cls, ClinicView)
    }


class TestSchema:
    def test_is_openapi_3_1(self):
        document = _document()

        validate_schema(document)
        assert document["openapi"] == "3.1.1"

    def test_has_each_address_of_the_api_and_no_other(self):
        paths = _document()["paths"]

        assert len(paths) == 6
        assert set(paths) == _addresses()

    def test_asks_for_a_key_everywhere(self):
        document = _document()

        assert {
            json.dumps(one["get"]["security"]) for one in document["paths"].values()
        } == {'[{"ApiKey": []}]'}
        key = document["components"]["securitySchemes"]["ApiKey"]
        assert (key["in"], key["name"]) == ("header", "Authorization")

    def test_names_each_answer_once(self):
        assert set(_document()["components"]["schemas"]) == {
            "Agent", "Appointment", "Call", "Line", "Message", "Problem",
        }  # fmt: skip

    @pytest.mark.parametrize("path", sorted(_addresses()))
    def test_says_what_is_really_answered(self, alder, path):
        call, document = make_call(), _document()
        said = document["paths"][path]["get"]["responses"]["200"]["content"]
        shape = said["application/json"]["schema"]

        answer = alder.get(path.removeprefix("/api/v1/").format(call_id=call.id))

        validator = Draft202012Validator(
            {**shape, "components": document["components"]}
        )
        assert [error.message for error in validator.iter_errors(answer.json())] == []

    def test_says_how_a_refusal_looks(self, alder):
        document = _document()
        problem = {"components": document["components"]} | {
            "$ref": "#/components/schemas/Problem"
        }

        answers = [
            alder.get("calls/", status="gone"),
            alder.get("calls/00000000-0000-7000-8000-000000000000/"),
            Client().get("/api/v1/calls/"),
        ]

        assert [answer.status_code for answer in answers] == [400, 404, 401]
        for answer in answers:
            Draft202012Validator(problem).validate(answer.json())


class TestDocs:
    def test_show_each_address_with_nothing_inline(self):
        words = Client().get("/api/docs/").content.decode()

        for address in _addresses():
            assert f"GET {address}" in words
        assert "consent.answer" in words
        assert "style=" not in words
        assert words.count("<script") == 1
