import pytest
from django.test import Client

from accounts.models import User
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast
from tests.cast_factor import actions_of, give_codes, give_phone
from tests.cast_fixtures import SignIn

HERE = "/accounts/second-factor/"


def _read(user: User) -> User:
    with signing_in():
        return User.objects.get(pk=user.pk)


def _apps(user: User) -> list[str]:
    with signing_in():
        mine = AuthenticatorApp.objects.filter(user=user).order_by("id")
        return list(mine.values_list("name", flat=True))


class TestFactors:
    def test_are_listed_for_their_owner_alone(self, cast: Cast, signed_in: SignIn):
        give_phone(cast.ada, now=utc_now())
        give_phone(cast.dot, now=utc_now())

        answer = signed_in(cast.ada).get(HERE)

        assert [one.name for one in answer.context["factors"]] == ["Phone"]
        assert answer.context["must_have"] is True

    def test_may_be_none(self, cast: Cast, signed_in: SignIn):
        words = signed_in(cast.ben).get(HERE).content.decode()

        assert "You sign in with your password alone." in words


class TestRename:
    def test_is_kept_and_written_down(self, cast: Cast, signed_in: SignIn):
        phone = give_phone(cast.ada, now=utc_now())

        answer = signed_in(cast.ada).post(
            f"{HERE}app/{phone.app_id}/rename/", {"name": " Work phone "}
        )

        assert answer.headers["Location"] == f"{HERE}?done=renamed"
        assert _apps(cast.ada) == ["Work phone"]
        assert actions_of(cast.ada) == ["accounts.factor.renamed"]

    @pytest.mark.parametrize("name", ["", "   ", "x" * 65])
    def test_needs_a_name(self, cast: Cast, signed_in: SignIn, name: str):
        phone = give_phone(cast.ada, now=utc_now())

        answer = signed_in(cast.ada).post(
            f"{HERE}app/{phone.app_id}/rename/", {"name": name}
        )

        assert answer.status_code == 422
        assert _apps(cast.ada) == ["Phone"]
        assert actions_of(cast.ada) == []


class TestRemove:
    def test_ends_the_other_sessions_and_goes_on_in_this_one(
        self, cast: Cast, signed_in: SignIn
    ):
        phone = give_phone(cast.ada, now=utc_now())
        give_phone(cast.ada, now=utc_now())
        client = signed_in(cast.ada)
        before, key = _read(cast.ada).session_epoch, client.session.session_key
        address = f"{HERE}app/{phone.app_id}/remove/"

        asked = client.get(address)
        answer = client.post(address)

        assert asked.status_code == 200
        assert answer.headers["Location"] == f"{HERE}?done=removed"
        assert _apps(cast.ada) == ["Phone"]
        ada = _read(cast.ada)
        assert ada.session_epoch == before + 1
        assert client.session["session_epoch"] == before + 1
        assert client.session.session_key != key
        assert ada.second_factor_since is not None
        assert client.get("/app/").status_code == 200
        assert actions_of(cast.ada) == ["accounts.factor.removed"]
        assert list(OutboxJob.objects.values_list("task", flat=True)) == [
            "accounts.tell_factor_removed"
        ]

    def test_keeps_the_last_one_of_who_must_have_one(
        self, cast: Cast, signed_in: SignIn
    ):
        phone = give_phone(cast.ada, now=utc_now())
        client = signed_in(cast.ada)
        before = _read(cast.ada).session_epoch

        answer = client.post(f"{HERE}app/{phone.app_id}/remove/")

        assert answer.status_code == 422
        assert "Add another one first" in answer.content.decode()
        assert _apps(cast.ada) == ["Phone"]
        assert _read(cast.ada).session_epoch == before
        assert _read(cast.ada).second_factor_since is not None
        assert actions_of(cast.ada) == []

    def test_lets_who_need_none_go_without(self, cast: Cast, signed_in: SignIn):
        phone = give_phone(cast.ben, now=utc_now())
        give_codes(cast.ben, now=utc_now())
        client = signed_in(cast.ben)

        client.post(f"{HERE}app/{phone.app_id}/remove/")

        assert _apps(cast.ben) == []
        with signing_in():
            assert RecoveryCodes.objects.count() == 0
        assert _read(cast.ben).second_factor_since is None
        assert "second_factor_at" not in client.session
        assert client.get("/app/").status_code == 200

    @pytest.mark.parametrize("what", ["rename", "remove"])
    def test_is_nothing_for_another_persons(
        self, cast: Cast, signed_in: SignIn, what: str
    ):
        give_phone(cast.ada, now=utc_now())
        dots = give_phone(cast.dot, now=utc_now())

        answer = signed_in(cast.ada).post(
            f"{HERE}app/{dots.app_id}/{what}/", {"name": "Mine"}
        )

        assert answer.status_code == 404
        assert _apps(cast.dot) == ["Phone"]
        assert actions_of(cast.ada) == actions_of(cast.dot) == []

    @pytest.mark.parametrize("kind", ["passkey", "codes", "App"])
    def test_knows_each_kind_by_itself(self, cast: Cast, signed_in: SignIn, kind: str):
        phone = give_phone(cast.ada, now=utc_now())

        answer = signed_in(cast.ada).get(f"{HERE}{kind}/{phone.app_id}/remove/")

        assert answer.status_code == 404

    @pytest.mark.parametrize("what", ["rename", "remove"])
    def test_asks_for_the_factor_again_after_five_minutes(
        self, cast: Cast, signed_in: SignIn, what: str
    ):
        phone = give_phone(cast.ben, now=utc_now())
        client = signed_in(cast.ben)
        session = client.session
        session["second_factor_at"] -= 301
        session.save()

        answer = client.post(f"{HERE}app/{phone.app_id}/{what}/", {"name": "x"})

        assert answer.headers["Location"] == (
            f"{HERE}verify/?next=%2Faccounts%2Fsecond-factor%2F"
        )
        assert _apps(cast.ben) == ["Phone"]
        assert client.get(HERE).status_code == 200

    @pytest.mark.parametrize("what", ["rename", "remove"])
    def test_is_nothing_to_a_stranger(self, cast: Cast, what: str):
        phone = give_phone(cast.ada, now=utc_now())

        answer = Client().post(f"{HERE}app/{phone.app_id}/{what}/", {"name": "x"})

        assert answer.headers["Location"].startswith("/accounts/login/")
        assert _apps(cast.ada) == ["Phone"]
