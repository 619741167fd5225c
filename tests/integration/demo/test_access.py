import io
import json
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def access():
    out = io.StringIO()
    call_command("demo_access", "--json", stdout=out)
    return json.loads(out.getvalue())


class TestDemoAccess:
    def test_prints_what_a_rig_needs(self, access):
        assert set(access) == {
            "organization", "number_e164", "login_url", "users", "api_key",
            "telnyx_connection_id",
        }  # fmt: skip
        assert access["organization"] == "Alder Clinic"
        assert access["number_e164"] == "+13125550199"
        assert [(one["email"], one["role"]) for one in access["users"]] == [
            ("ada@alder.example", "owner"),
            ("ben@alder.example", "receptionist"),
            ("cy@alder.example", "auditor"),
            ("fay@alder.example", "administrator"),
            ("gus@alder.example", "clinician"),
            ("hal@alder.example", "billing"),
            ("ivy@alder.example", "viewer"),
            ("jo@lakeside.example", "agency_administrator"),
        ]

    def test_prints_to_people_one_person_a_line(self):
        out = io.StringIO()

        call_command("demo_access", stdout=out)

        lines = out.getvalue().splitlines()
        assert "user: ada@alder.example, owner" in lines
        assert "user: cy@alder.example, auditor" in lines
        assert "{" not in out.getvalue()
        assert "<" not in out.getvalue()

    def test_gives_a_key_that_opens_the_api(self, access):
        headers = {"authorization": f"Api-Key {access['api_key']}"}

        for path in ("calls/", "appointments/", "messages/", "agents/"):
            answer = Client().get(f"/api/v1/{path}", headers=headers)
            assert answer.status_code == 200

    def test_refuses_outside_a_demo(self, settings):
        settings.IS_DEMO = False

        with pytest.raises(CommandError):
            call_command("demo_access", "--json")


class TestSignInLink:
    def test_lets_one_visitor_in_and_then_nobody(self, access):
        first, second = Client(), Client()
        path = urlsplit(access["login_url"]).path

        assert first.get(path).status_code == 302
        assert "_auth_user_id" in first.session
        late = second.get(path)
        assert late.status_code == 404
        assert "This link was used or has run out." in late.text
        assert "manage.py demo_access" in late.text
        assert "_auth_user_id" not in second.session

    def test_of_each_person_shows_the_clinic_to_them(self, access):
        seen = {}
        for user in access["users"]:
            client = Client()
            client.get(urlsplit(user["login_url"]).path)
            seen[user["role"]] = client.get("/app/").status_code

        assert seen == dict.fromkeys(seen, 200) | {"billing": 403}
        assert len(seen) == 8

    def test_is_worth_nothing_when_changed(self, access):
        path = urlsplit(access["login_url"]).path

        other = "1" if path[-2] == "0" else "0"

        assert Client().get(f"{path[:-2]}{other}/").status_code == 404
        assert Client().get("/accounts/demo/x/y/").status_code == 404

    def test_is_not_there_outside_a_demo(self, access, settings):
        settings.IS_DEMO = False
        path = urlsplit(access["login_url"]).path

        answer = Client().get(path)
        assert answer.status_code == 404
        assert "demo_access" not in answer.text
