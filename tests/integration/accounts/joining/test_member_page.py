"""What leads on from the page of one member."""

import pytest

from accounts.models import User
from accounts.permissions import Role
from accounts.way_in import signing_in
from tests.cast import NOW, Cast, join
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.conftest import House


def _ways(cast: Cast, alder: House, signed_in: SignIn, of: User) -> list[str]:
    """Return which of the two pages the owner is led to."""
    address = f"/app/settings/people/{alder.member(of).pk}/"
    page = signed_in(cast.ada).get(address).content.decode()
    return [one for one in ("limits", "second-factor") if f'"{address}{one}/"' in page]


class TestMemberPage:
    @pytest.mark.parametrize(
        ("has_factor", "ways"),
        [(False, ["limits"]), (True, ["limits", "second-factor"])],
    )
    def test_leads_to_the_calls_and_to_a_factor_that_is_there(
        self,
        cast: Cast,
        alder: House,
        signed_in: SignIn,
        has_factor: bool,
        ways: list[str],
    ):
        with signing_in():
            since = NOW if has_factor else None
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=since)

        assert _ways(cast, alder, signed_in, cast.ben) == ways

    def test_leads_nowhere_for_what_is_not_to_be_done(
        self, cast: Cast, alder: House, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.OWNER)

        assert _ways(cast, alder, signed_in, cast.ada) == []
        assert _ways(cast, alder, signed_in, cast.eve) == []
