import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from accounts.models import Agency, AgencyMembership, User
from accounts.operators.models import OperatorSession
from accounts.way_in import signing_in
from tests.cast import NOW, Cast
from tests.cast_day import Day
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import (
    act,
    ask_for,
    sam,
    session,
    tove,
)
from tests.journeys.looks import look

__all__ = ["sam", "session", "tove"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "operator"]),
]


def _become(page: Page, client: Client, live_server) -> None:
    name = settings.SESSION_COOKIE_NAME
    session = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])


def _look(page: Page, places: dict[str, str], scope: str) -> dict[str, list[str]]:
    """Return what is wrong with each page."""
    wrong: dict[str, list[str]] = {}
    for name, place in places.items():
        page.goto(place)
        wrong[name] = look(page, name, scope)
    return {name: found for name, found in wrong.items() if found}


class TestOperatorsPages:
    def test_are_allowed_by_their_own_policy_and_fit(
        self,
        page: Page,
        cast: Cast,
        session: OperatorSession,
        tove: User,
        sam: User,
        signed_in: SignIn,
        live_server,
    ):
        client = signed_in(tove)
        with signing_in():
            agency = Agency.objects.create(name="Lakeside")
            AgencyMembership.objects.create(agency=agency, user=sam, created_at=NOW)
        close = f"/admin/people/{cast.ben.pk}/close/"
        act_id = ask_for(client, close, {"reason": "Stolen password"})
        _become(page, client, live_server)

        # What unfold draws around them is unfold's.
        wrong = _look(
            page,
            {
                "overview": "/admin/",
                "clinic": f"/admin/organization/{cast.alder.organization.pk}/",
                "person": f"/admin/user/{sam.pk}/",
                "session": f"/admin/operatorsession/{session.pk}/",
                "agency": f"/admin/agency/{agency.pk}/",
                "act of two": f"/admin/operatoract/{act_id}/",
                "statistics": "/admin/statistics/",
            },
            ".desk",
        )
        page.goto("/admin/operatorgrant/")

        assert wrong == {}


class TestBar:
    def test_stands_over_the_clinics_pages(
        self,
        page: Page,
        cast: Cast,
        day: Day,
        session: OperatorSession,
        tove: User,
        signed_in: SignIn,
        live_server,
    ):
        client = signed_in(tove)
        client.post(act(session, "start"))
        _become(page, client, live_server)

        wrong = _look(page, {"today": "/app/", "calls": "/app/calls/"}, "body")

        assert wrong == {}
        page.get_by_role("button", name="End now").click()
        assert page.url.endswith(f"/admin/operatorsession/{session.pk}/")


class TestHelpPage:
    def test_has_no_violation_and_no_overflow(
        self,
        page: Page,
        cast: Cast,
        session: OperatorSession,
        signed_in: SignIn,
        live_server,
    ):
        _become(page, signed_in(cast.ada), live_server)

        assert _look(page, {"help": "/app/settings/operators/"}, "body") == {}
        page.get_by_role("button", name="Turn help off").click()
        assert _look(page, {"off": page.url}, "body") == {}
