from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.test import Client

from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import PASSWORD, Cast
from tests.cast_fixtures import SignIn

CHANGE = "/accounts/password/"
NEW = "seven green bottles on a wall"
FORM = {"old_password": PASSWORD, "new_password": NEW, "again": NEW}

VERIFY = "/accounts/second-factor/verify/"


class TestChange:
    def test_needs_the_old_password_and_ends_all_other_sessions(
        self, cast: Cast, signed_in: SignIn, letters, fresh
    ):
        here = signed_in(cast.ben)
        old_id, number = here.session.session_key, fresh(cast.ben).session_epoch
        elsewhere = Client()
        elsewhere.cookies[settings.SESSION_COOKIE_NAME] = old_id

        answer = here.post(CHANGE, FORM)

        assert answer.headers["Location"] == "/accounts/password/changed/"
        assert here.get("/accounts/password/changed/").status_code == 200
        assert here.get("/app/").status_code == 200
        assert elsewhere.get("/app/").status_code == 302
        assert here.session.session_key != old_id
        assert here.session["session_epoch"] == number + 1
        assert fresh(cast.ben).session_epoch == number + 1
        assert check_password(NEW, fresh(cast.ben).password)
        row = AuditLog.unscoped.get(action="accounts.password.changed")
        assert (row.actor_id, row.subject_id, row.fields, row.facts) == (
            cast.ben.id, cast.ben.id, ["password"], {},
        )  # fmt: skip
        assert [letter[:2] for letter in letters()] == [
            (cast.ben.email, "Your SonderVoice password was changed")
        ]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"old_password": "wrong"}, "This is not your password."),
            ({"old_password": ""}, "Write the password you have now."),
            ({"new_password": "short", "again": "short"}, "at least 12 characters"),
            ({"again": "another one altogether"}, "These two are not the same."),
            (
                {"new_password": "q1w2e3r4t5y6", "again": "q1w2e3r4t5y6"},
                "too common",
            ),
            ({"new_password": "ben osei ben", "again": "ben osei ben"}, "too similar"),
            ({"new_password": "x" * 257, "again": "x" * 257}, "Too long."),
        ],
    )
    def test_that_is_refused_changes_nothing(
        self, cast: Cast, signed_in: SignIn, fresh, change, words
    ):
        client = signed_in(cast.ben)
        number = fresh(cast.ben).session_epoch

        answer = client.post(CHANGE, FORM | change)

        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert fresh(cast.ben).password == cast.ben.password
        assert fresh(cast.ben).session_epoch == number
        assert OutboxJob.objects.count() == 0
        assert "accounts.password.changed" not in set(
            AuditLog.unscoped.values_list("action", flat=True)
        )

    def test_is_nobodys_who_is_not_signed_in(self, cast: Cast):
        for address in (CHANGE, "/accounts/password/changed/"):
            answer = Client().get(address)

            assert answer.headers["Location"] == f"/accounts/login/?next={address}"
        assert Client().post(CHANGE, FORM).status_code == 302

    def test_stops_who_guesses_the_old_password(
        self, cast: Cast, signed_in: SignIn, letters, fresh
    ):
        client = signed_in(cast.ben)
        wrong = FORM | {"old_password": "wrong"}

        codes = [client.post(CHANGE, wrong).status_code for _ in range(11)]

        assert codes == [200] * 10 + [429]
        assert client.post(CHANGE, FORM).status_code == 429
        assert client.get("/app/").status_code == 200
        assert fresh(cast.ben).password == cast.ben.password
        locks = AuditLog.unscoped.filter(action="accounts.sign_in.locked")
        assert [row.subject_id for row in locks] == [cast.ben.id]
        assert [letter[:2] for letter in letters()] == [
            (cast.ben.email, "Somebody guesses at your SonderVoice password")
        ]

    def test_is_not_offered_to_who_has_no_password_here(
        self, cast: Cast, signed_in: SignIn
    ):
        with signing_in():
            cast.ben.set_unusable_password()
            cast.ben.save(update_fields=["password"])

        page = signed_in(cast.ben).get(CHANGE).content.decode()

        assert "you sign in through your clinic" in page
        assert "<input class" not in page

    def test_leads_from_the_menu_of_every_page(self, cast: Cast, signed_in: SignIn):
        page = signed_in(cast.cy).get("/app/").content.decode()

        assert f'href="{CHANGE}"' in page


class TestSecondFactor:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("minutes", [5.1, None])
    def test_that_is_not_fresh_is_asked_for_first(
        self, cast: Cast, signed_in: SignIn, fresh, method: str, minutes
    ):
        client = self._client(cast, signed_in, minutes)

        answer = getattr(client, method)(CHANGE, FORM)

        assert answer.headers["Location"] == f"{VERIFY}?next=%2Faccounts%2Fpassword%2F"
        assert fresh(cast.ada).password == cast.ada.password

    def test_that_is_fresh_lets_the_change_pass(
        self, cast: Cast, signed_in: SignIn, fresh
    ):
        client = self._client(cast, signed_in, 4.9)

        assert client.post(CHANGE, FORM).headers["Location"].endswith("/changed/")
        assert check_password(NEW, fresh(cast.ada).password)

    def _client(self, cast: Cast, signed_in: SignIn, minutes: float | None) -> Client:
        with signing_in():
            cast.ada.second_factor_since = utc_now()
            cast.ada.save(update_fields=["second_factor_since"])
        client = signed_in(cast.ada)
        session = client.session
        if minutes is None:
            del session["second_factor_at"]
        else:
            shown_at = utc_now() - timedelta(minutes=minutes)
            session["second_factor_at"] = int(shown_at.timestamp())
        session.save()
        return client
