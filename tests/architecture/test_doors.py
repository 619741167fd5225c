from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from accounts.roles.selectors.endpoints import list_endpoints
from accounts.roles.sockets import known_sockets
from sondervoice.routing import media_router
from telephony.media import MediaStream
from tests.architecture.source import users_of


@pytest.mark.parametrize(
    "endpoint", [pytest.param(one, id=one.route) for one in list_endpoints()]
)
class TestAddress:
    def test_says_its_permission_or_why_it_is_public(self, endpoint):
        has_permission = endpoint.permission is not None

        assert has_permission != bool(endpoint.public_because)


def _routes(patterns) -> int:
    """Count the addresses below, without looking at any."""
    return sum(
        _routes(one.url_patterns) if isinstance(one, URLResolver) else 1
        for one in patterns
    )


class TestAddresses:
    def test_are_all_walked(self):
        over_http = [one for one in list_endpoints() if one.handler is not None]

        assert len(over_http) == _routes(get_resolver().url_patterns)
        assert len(over_http) > 40


class TestSocket:
    def test_says_why_it_is_public(self):
        stream = MediaStream(None, None)

        routes = media_router(stream).routes

        assert [
            (str(route.pattern), route.callback.public_because) for route in routes
        ] == [(one.route, one.public_because) for one in known_sockets()]


class TestUnscoped:
    def test_is_said_in_these_files_alone(self):
        assert users_of("unscoped") == {
            "compliance/ledger/models.py",
            "compliance/ledger/sink.py",
            "sondervoice/kernel/tenancy.py",
        }


class TestClock:
    def test_is_read_at_these_edges_alone(self):
        assert users_of("utc_now") <= {
            "accounts/agencies/views.py",
            "accounts/authentication.py",
            "accounts/demo_sign_in.py",
            "accounts/joining/account_views.py",
            "accounts/joining/invitation_views.py",
            "accounts/joining/member_views.py",
            "accounts/joining/people_views.py",
            "accounts/joining/sign_up_views.py",
            "accounts/joining/tasks.py",
            "accounts/roles/views.py",
            "accounts/views.py",
            "compliance/ledger/sink.py",
            "recordings/tasks.py",
            "recordings/views.py",
            "sondervoice/clinic_tools.py",
            "sondervoice/demo/management/commands/demo_access.py",
            "sondervoice/demo/ring.py",
            "sondervoice/demo/management/commands/demo_call.py",
            "sondervoice/demo/management/commands/seed_demo.py",
            "sondervoice/kernel/clock.py",
            "sondervoice/kernel/jobs.py",
            "sondervoice/voice_line.py",
            "telephony/heartbeats.py",
            "telephony/media_desk.py",
            "telephony/messages/views.py",
            "telephony/scheduling/views.py",
            "telephony/tasks.py",
            "telephony/views.py",
            "telephony/webhooks.py",
        }

    def test_is_read_in_no_service_selector_or_line(self):
        inner = ("services", "selectors", "voice")

        readers = [Path(name) for name in users_of("utc_now")]

        assert [path for path in readers if set(inner) & set(path.parts)] == []
