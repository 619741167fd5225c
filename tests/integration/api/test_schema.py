import json
import re

import pytest
from django.test import Client
from django.urls import URLResolver
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from accounts.models import ApiKey, CustomRole, Membership
from accounts.permissions import SCOPE_GRANTS
from accounts.rest import ApiView
from sondervoice import api_urls
from sondervoice.demo.people import ALDER
from sondervoice.kernel import tenancy
from tests.integration.api.conftest import NOW, desk_of, make_call


def _document() -> dict:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == (
        "application/vnd.oai.openapi+json;version=3.1"
    )
    return json.loads(answer.content)


def _patterns(patterns):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        elif issubclass(one.callback.cls, ApiView):
            yield one


def _addresses() -> dict[str, set[str]]:
    """Return the verbs of each address as its document writes them."""
    return {
        "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(one.pattern)): {
            verb for verb in one.callback.cls.http_method_names if verb != "head"
        }
        for one in _patterns(api_urls.urlpatterns)
    }


OWN = {"/api/v1/tokens/", "/api/v1/sessions/"}


def _readable() -> list[str]:
    """Return the addresses that a key can read."""
    return sorted(
        path
        for path, verbs in _addresses().items()
        if "get" in verbs and path not in OWN
    )


def _own_role() -> CustomRole:
    return CustomRole.objects.create(
        organization_id=ALDER.id,
        name="Night desk",
        permissions=["calls.view"],
        created_at=NOW,
    )


class TestSchema:
    def test_is_openapi_3_1(self):
        document = _document()

        validate_schema(document)
        assert document["openapi"] == "3.1.1"

    def test_has_each_address_of_the_api_and_no_other(self):
        paths = _document()["paths"]

        assert len(paths) == 20
        assert {path: set(verbs) for path, verbs in paths.items()} == _addresses()

    def test_asks_for_a_key_or_a_token_where_it_is_not_about_signing_in(self):
        document = _document()
        open_to_all = {
            path
            for path, verbs in document["paths"].items()
            for said in verbs.values()
            if said.get("security") != [{"ApiKey": []}, {"Token": []}]
        }

        assert open_to_all == {
            "/api/v1/token/",
            "/api/v1/token/refresh/",
            "/api/v1/token/revoke/",
        }
        key = document["components"]["securitySchemes"]["ApiKey"]
        assert (key["in"], key["name"]) == ("header", "Authorization")

    def test_shows_an_example_of_each_body_and_answer_that_fits_its_shape(self):
        document = _document()
        shapes = {"components": document["components"]}
        found = [
            (content["schema"], next(iter(content["examples"].values()))["value"])
            for verbs in document["paths"].values()
            for said in verbs.values()
            for part in [said.get("requestBody", {}), *said["responses"].values()]
            for content in part.get("content", {}).values()
        ]

        assert len(found) > 60
        for schema, example in found:
            Draft202012Validator(schema | shapes).validate(example)

    def test_names_each_answer_once(self):
        assert set(_document()["components"]["schemas"]) == {
            "Agent", "Appointment", "Call", "Ended", "Invitation", "InvitationWish",
            "Key", "KeyWish", "Line", "Member", "MemberRole", "MemberWish", "Message",
            "NewKey", "Pair", "Problem", "Refresh", "Role", "RoleChange", "RoleWish",
            "Session", "SignIn", "Tokens",
        }  # fmt: skip

    @pytest.mark.parametrize("path", _readable())
    def test_says_what_is_really_answered(self, clinics, path):
        alder = desk_of(ALDER, scopes=SCOPE_GRANTS)
        call, document = make_call(), _document()
        with tenancy.scope(ALDER.id):
            ids = {
                "call_id": call.id,
                "key_id": ApiKey.objects.get().id,
                "membership_id": Membership.objects.first().id,
                "role_id": _own_role().id,
            }
        said = document["paths"][path]["get"]["responses"]["200"]["content"]
        shape = said["application/json"]["schema"]

        answer = alder.get(path.removeprefix("/api/v1/").format(**ids))

        assert answer.status_code == 200
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

        for address, verbs in _addresses().items():
            for verb in verbs:
                assert f"{verb.upper()} {address}" in words
        assert "consent.answer" in words
        assert "style=" not in words
        assert words.count("<script") == 1
