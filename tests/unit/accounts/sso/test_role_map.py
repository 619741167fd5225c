from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Role
from accounts.sso.role_map import role_for

GROUPS = st.sampled_from(["front-desk", "bosses", "doctors", "Front-Desk", ""])
LINES = st.lists(st.tuples(GROUPS, st.sampled_from([one.value for one in Role])))


class TestRoleFor:
    def test_is_of_the_first_line_that_fits(self):
        lines = [["bosses", "administrator"], ["front-desk", "receptionist"]]

        assert role_for(["front-desk"], lines, default="viewer") is Role.RECEPTIONIST
        assert role_for(["front-desk", "bosses"], lines, default="") is (
            Role.ADMINISTRATOR
        )

    def test_is_the_default_where_no_line_fits(self):
        assert role_for(["others"], [["bosses", "billing"]], default="viewer") is (
            Role.VIEWER
        )

    def test_is_none_without_a_default(self):
        assert role_for([], [["bosses", "billing"]], default="") is None

    @given(groups=st.lists(GROUPS), lines=LINES, default=st.sampled_from(["", "owner"]))
    def test_is_never_owner(self, groups, lines, default):
        assert role_for(groups, lines, default=default) is not Role.OWNER
