import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver

from accounts.permissions import Permission
from accounts.roles.selectors.endpoints import list_endpoints
from accounts.roles.sockets import known_sockets
from sondervoice.kernel.tenancy import TenantModel
from sondervoice.routing import media_router
from sondervoice.web_sockets import web_router
from telephony.media import MediaStream
from telephony.models import Call
from tests.architecture.source import files, name_of, tree, users_of


@pytest.mark.parametrize(
    "endpoint",
    [pytest.param(one, id=f"{one.verb} {one.route}") for one in list_endpoints()],
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
        over_http = [
            one for one in list_endpoints() if one.handler is not None and not one.verb
        ]

        assert len(over_http) == _routes(get_resolver().url_patterns)
        assert len(over_http) > 40


class TestSocket:
    def test_is_shown_in_the_matrix_as_it_is_served(self):
        served = [
            (str(route.pattern), _said(route.callback, "public_because"))
            for route in (*media_router(MediaStream(None, None)).routes, *_pages())
        ]

        assert sorted(served) == sorted(
            (one.route, one.public_because) for one in known_sockets()
        )

    def test_says_its_permission_or_why_it_is_public(self):
        for route in web_router().routes:
            permission = _said(route.callback, "permission")
            reason = _said(route.callback, "public_because")

            assert isinstance(permission, Permission) != bool(reason)


def _pages():
    """Return the sockets of pages; the last route refuses what does not exist."""
    return web_router().routes[:-1]


def _said(callback, word: str):
    return getattr(getattr(callback, "consumer_class", callback), word, None)


class TestUnscoped:
    def test_is_said_in_these_files_alone(self):
        assert users_of("unscoped") == {
            # Of the owner of the tables, when a restore erases people again.
            "accounts/joining/selectors/forgotten.py",
            "compliance/ledger/models.py",
            "compliance/ledger/own_rows.py",
            "compliance/ledger/sink.py",
            "sondervoice/kernel/soft_delete.py",
            "sondervoice/kernel/tenancy.py",
        }


class TestDeletedRows:
    def test_are_asked_for_in_these_files_alone(self):
        assert users_of("with_deleted") == {
            # Clocks and holds count on.
            "recordings/kept_objects.py",
            "recordings/personal_data.py",
            "telephony/call_clocks.py",
            "telephony/call_copies.py",
            "telephony/event_payload.py",
            "telephony/personal_data.py",
            "telephony/scheduling/personal_data.py",
            "telephony/services/clear_finished.py",
            "telephony/shared_calls.py",
            # The bin.
            "telephony/bin/kinds.py",
            # Who asks what is kept of them is told of the bin too.
            "recordings/subject_data.py",
            "telephony/messages/subject_data.py",
            "telephony/scheduling/subject_data.py",
            "telephony/subject_data.py",
            # The carrier, the line and the spool finish what they began.
            "recordings/services/find_left_spools.py",
            "recordings/services/store_recording.py",
            "recordings/taps.py",
            "telephony/messages/services/note_unreached.py",
            "telephony/services/apply_event.py",
            "telephony/services/end_call.py",
            "telephony/services/keep_line.py",
            "telephony/services/mend_stream.py",
            "telephony/services/put_through.py",
            # A place that the settings forgot is missed for these too.
            "recordings/buckets/check.py",
            # A name in a deleted message is masked in the words all the same.
            "recordings/selectors/transcripts.py",
            # Who looked at a call has done so, wherever it lies since.
            "telephony/selectors/caller_looks.py",
            # An emergency whose message was deleted does not wait again.
            "telephony/today.py",
            "sondervoice/kernel/soft_delete.py",
        }

    def test_are_not_found_through_a_join(self):
        """A join follows no manager: who makes one says what of the deleted."""
        said = ("messages__", "appointments__", "cancellations__")
        joining = {
            name_of(path)
            for path in files()
            if "migrations" not in path.parts
            for node in ast.walk(tree(path))
            if str(getattr(node, "arg", "") or getattr(node, "value", "")).startswith(
                said
            )
        }

        assert joining == {"telephony/selectors/calls.py"}

    def test_take_all_that_is_part_of_them_along(self):
        of_calls = {
            model._meta.label
            for model in apps.get_models()
            if issubclass(model, TenantModel)
            and any(field.related_model is Call for field in model._meta.fields)
        }
        hidden = {
            model._meta.label
            for model in apps.get_models()
            if getattr(model, "part_of", "") == "call"
        }

        assert of_calls - hidden == {
            # The diary keeps its own; see `shown_call_id`.
            "scheduling.Appointment",
            # Shown to nobody.
            "telephony.CarrierCommand",
            "telephony.StreamToken",
        }


class TestOtherRoles:
    def test_are_asked_through_one_file_each(self):
        # `using` and `connections` are how another database than ours could be named.
        assert users_of("using") == {"accounts/operators/reading.py"}
        # The media process counts sockets by that name.
        assert users_of("connections") == {
            "compliance/ledger/sealer.py",
            "sondervoice/media_socket.py",
            "telephony/statistics/selectors/call_counts.py",
        }
        assert users_of("_ALIAS") == {
            "accounts/operators/reading.py",
            "compliance/ledger/sealer.py",
            "telephony/statistics/selectors/call_counts.py",
        }


class TestClock:
    def test_is_read_at_these_edges_alone(self):
        assert users_of("utc_now") <= {
            "accounts/middleware.py",
            "accounts/authentication.py",
            "accounts/backends.py",
            "accounts/demo_sign_in.py",
            "accounts/machines/authentication.py",
            "accounts/machines/internal_api.py",
            "accounts/machines/not_theirs.py",
            "accounts/machines/tasks.py",
            "accounts/machines/views.py",
            "accounts/rest.py",
            "accounts/adapter.py",
            "accounts/second_factor/doors.py",
            "accounts/second_factor/mailbox_views.py",
            "accounts/second_factor/member_views.py",
            "accounts/second_factor/passkey_views.py",
            "accounts/second_factor/set_up_views.py",
            "accounts/second_factor/verify_views.py",
            "accounts/second_factor/views.py",
            "accounts/sessions/consumers.py",
            "accounts/sessions/middleware.py",
            "accounts/sessions/sign_ins.py",
            "accounts/sessions/tasks.py",
            "accounts/sessions/views.py",
            "accounts/guessing/tasks.py",
            "accounts/passwords/refused_host.py",
            "accounts/passwords/reset_views.py",
            "accounts/passwords/tasks.py",
            "accounts/passwords/views.py",
            "accounts/sign_in.py",
            "accounts/agencies/views.py",
            "accounts/clinics/views.py",
            "accounts/joining/account_views.py",
            "accounts/joining/invitation_views.py",
            "accounts/joining/member_views.py",
            "accounts/joining/people_views.py",
            "accounts/joining/sign_up_views.py",
            "accounts/joining/tasks.py",
            "accounts/roles/views.py",
            "accounts/sso/saml_views.py",
            "accounts/sso/settings_views.py",
            "accounts/sso/connection_views.py",
            "accounts/sso/tasks.py",
            "accounts/sso/views.py",
            "accounts/operators/acts.py",
            "accounts/operators/acts_of_two.py",
            "accounts/operators/clinic_views.py",
            "accounts/operators/door.py",
            "accounts/operators/gate.py",
            "accounts/operators/leaving_acts.py",
            "accounts/operators/owner_acts.py",
            "accounts/operators/management/commands/make_operator.py",
            "accounts/operators/pages/acts.py",
            "accounts/operators/pages/grants.py",
            "accounts/operators/session_acts.py",
            "accounts/operators/site.py",
            "accounts/operators/tasks.py",
            "accounts/operators/visit.py",
            "accounts/views.py",
            "compliance/alerts/views.py",
            "compliance/certificates/jobs.py",
            "compliance/copies/jobs.py",
            "compliance/backups/jobs.py",
            "compliance/backups/management/commands/backup.py",
            "compliance/backups/management/commands/drill.py",
            "compliance/backups/management/commands/restore.py",
            "compliance/backups/operator_page.py",
            "compliance/keys/views.py",
            "compliance/closing/jobs.py",
            "compliance/closing/views.py",
            "compliance/asking/operator_page.py",
            "compliance/asking/own_views.py",
            "compliance/asking/status_views.py",
            "compliance/asking/tasks.py",
            "compliance/asking/views.py",
            "compliance/keys/jobs.py",
            "compliance/keys/keys.py",
            "compliance/ledger/s3_anchors.py",
            "compliance/ledger/jobs.py",
            "compliance/ledger/operator_page.py",
            "compliance/ledger/proof_views.py",
            "compliance/ledger/sink.py",
            "compliance/ledger/views.py",
            "compliance/management/commands/keys.py",
            "compliance/management/commands/night.py",
            "compliance/purposes/jobs.py",
            "compliance/purposes/views.py",
            "compliance/retention/health.py",
            "compliance/retention/jobs.py",
            "compliance/retention/views.py",
            "compliance/rights/desk.py",
            "compliance/rights/export_views.py",
            "compliance/rights/jobs.py",
            "compliance/rights/views.py",
            "compliance/management/commands/ledger.py",
            "compliance/tasks.py",
            "recordings/tasks.py",
            "recordings/views.py",
            "sondervoice/clinic_tools.py",
            "sondervoice/demo/management/commands/demo_access.py",
            "sondervoice/demo/report.py",
            "sondervoice/demo/ring.py",
            "sondervoice/demo/management/commands/demo_call.py",
            "sondervoice/demo/management/commands/seed_demo.py",
            "sondervoice/kernel/clock.py",
            "sondervoice/kernel/jobs.py",
            "sondervoice/voice_line.py",
            "telephony/bin/views.py",
            "telephony/statistics/jobs.py",
            "telephony/statistics/operator_page.py",
            "telephony/caller_look_views.py",
            "telephony/chrome.py",
            "telephony/emergency_views.py",
            "telephony/heartbeats.py",
            "telephony/limit_views.py",
            "telephony/media_desk.py",
            "telephony/messages/views.py",
            "telephony/place_views.py",
            "telephony/reveal_views.py",
            "telephony/scheduling/views.py",
            "telephony/tasks.py",
            "telephony/views.py",
            "telephony/webhooks.py",
        }

    def test_is_read_in_no_service_selector_or_line(self):
        inner = ("services", "selectors", "voice")

        readers = [Path(name) for name in users_of("utc_now")]

        assert [path for path in readers if set(inner) & set(path.parts)] == []
