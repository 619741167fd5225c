from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Role
from accounts.sso.role_map import Given, carry_limits, given_by

GROUPS = st.sampled_from(["front-desk", "bosses", "doctors", "Front-Desk", ""])
LINES = st.lists(st.tuples(GROUPS, st.sampled_from([one.value for one in Role])))


class TestGivenBy:
    def test_is_of_the_first_line_that_fits(self):
        lines = [["bosses", "administrator"], ["front-desk", "receptionist"]]

        assert given_by(["front-desk"], lines, default="viewer") == Given(
            role=Role.RECEPTIONIST, group="front-desk"
        )
        assert given_by(["front-desk", "bosses"], lines, default="") == Given(
            role=Role.ADMINISTRATOR, group="bosses"
        )

    def test_is_the_default_where_no_line_fits(self):
        lines = [["bosses", "billing"]]

        assert given_by(["others"], lines, default="viewer") == Given(
            role=Role.VIEWER, group=""
        )

    def test_is_none_without_a_default(self):
        assert given_by([], [["bosses", "billing"]], default="") is None

    @given(groups=st.lists(GROUPS), lines=LINES, default=st.sampled_from(["", "owner"]))
    def test_is_never_owner(self, groups, lines, default):
        found = given_by(groups, lines, default=default)

        assert found is None or found.role is not Role.OWNER


class TestCarryLimits:
    def test_keeps_those_of_groups_that_stay(self):
        limits = {"desk": ["a"], "bosses": []}

        assert carry_limits(limits, before={"desk", "bosses"}, after={"desk"}) == {
            "desk": ["a"]
        }

    def test_lets_new_groups_see_all_where_no_limited_one_went(self):
        assert carry_limits({"desk": ["a"]}, before={"desk"}, after={"desk", "x"}) == {
            "desk": ["a"]
        }

    def test_lets_new_groups_see_nothing_where_a_limited_one_went(self):
        limits = {"desk": ["a"]}

        assert carry_limits(
            limits, before={"desk", "bosses"}, after={"Desk", "bosses"}
        ) == {"Desk": []}
