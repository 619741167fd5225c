import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections
from django.http import HttpRequest

from accounts.models import Membership
from accounts.services.end_sessions import end_member_sessions, end_own_sessions
from accounts.services.keep_session import SESSION_EPOCH, keep_session
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, make_cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.sessions.rows import ends_of, epoch_of


class TestFormerMember:
    def test_is_not_signed_out_by_a_clinic_they_have_left(
        self, cast: Cast, signed_in: SignIn
    ):
        signed_in(cast.ben)
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(ended_at=utc_now())

            end_member_sessions(user_id=cast.ben.pk)

        assert epoch_of(cast.ben) == 1
        assert ends_of(cast.ben) == [""]

    def test_is_signed_out_as_long_as_they_belong_there(
        self, cast: Cast, signed_in: SignIn
    ):
        signed_in(cast.ben)
        with tenancy.scope(cast.alder.organization.id):
            end_member_sessions(user_id=cast.ben.pk)

        assert epoch_of(cast.ben) == 2
        assert ends_of(cast.ben) == ["ended_by_clinic"]


class TestAtOnce:
    @pytest.fixture
    def cast(self, transactional_db: None) -> Cast:
        cache.clear()
        return make_cast()

    def test_a_change_of_ones_own_keeps_no_session_that_the_clinic_ended(
        self, cast: Cast, signed_in: SignIn
    ):
        client = signed_in(cast.ben)
        request = HttpRequest()
        request.session = client.session
        has_ended, is_waited_for = threading.Event(), threading.Event()

        def end_by_clinic() -> None:
            try:
                with tenancy.scope(cast.alder.organization.id):
                    end_member_sessions(user_id=cast.ben.pk)
                    has_ended.set()
                    # The change of their own now waits for the person's row.
                    assert is_waited_for.wait(20)
            finally:
                connections.close_all()

        def change_ones_own() -> int:
            try:
                assert has_ended.wait(20)
                with signing_in():
                    is_waited_for.set()
                    return end_own_sessions(user_id=cast.ben.pk)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            clinic = threads.submit(end_by_clinic)
            own = threads.submit(change_ones_own)
            clinic.result(20)
            keep_session(request, epoch=own.result(20))
        request.session.save()

        assert epoch_of(cast.ben) == 3
        assert request.session[SESSION_EPOCH] == 1
        assert ends_of(cast.ben) == ["ended_by_clinic"]
