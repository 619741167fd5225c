from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.permissions import Permission
from sondervoice.routing import media_router
from telephony.media import MediaStream
from tests.architecture.source import users_of


def _views(patterns, prefix="") -> Iterator:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            yield pytest.param(
                # Class-based views stand behind one of these two.
                getattr(view, "view_class", getattr(view, "cls", view)),
                view,
                id=route or "(home)",
            )


@pytest.mark.parametrize(("handler", "view"), list(_views(get_resolver().url_patterns)))
class TestAddress:
    def test_says_its_permission_or_why_it_is_public(self, handler, view):
        permission = getattr(view, "permission", getattr(handler, "permission", None))
        reason = getattr(view, "public_because", getattr(handler, "public_because", ""))

        assert isinstance(permission, Permission) != bool(reason)


class TestSocket:
    def test_says_why_it_is_public(self):
        stream = MediaStream(None, None)

        routes = media_router(stream).routes

        assert [route.callback.public_because for route in routes] == [
            "the one-time token in the address"
        ]


class TestUnscoped:
    def test_is_said_in_these_files_alone(self):
        assert users_of("unscoped") == {
            "compliance/ledger/models.py",
            "compliance/ledger/sink.py",
            "sondervoice/kernel/tenancy.py",
        }


class TestOperatorsDatabase:
    def test_is_asked_through_one_file_alone(self):
        # `using` and `connections` are how another database than ours could be named.
        assert users_of("using") == {"accounts/operators/reading.py"}
        # The media process counts sockets by that name.
        assert users_of("connections") == {"sondervoice/media_socket.py"}
        assert users_of("_ALIAS") == {"accounts/operators/reading.py"}


class TestClock:
    def test_is_read_at_these_edges_alone(self):
        assert users_of("utc_now") <= {
            "accounts/authentication.py",
            "accounts/demo_sign_in.py",
            "accounts/operators/acts.py",
            "accounts/operators/clinic_views.py",
            "accounts/operators/door.py",
            "accounts/operators/gate.py",
            "accounts/operators/leaving_acts.py",
            "accounts/operators/management/commands/make_operator.py",
            "accounts/operators/pages/grants.py",
            "accounts/operators/session_acts.py",
            "accounts/operators/site.py",
            "accounts/operators/visit.py",
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
