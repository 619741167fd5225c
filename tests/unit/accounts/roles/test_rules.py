import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import MEMBER_ROLES, ROLE_GRANTS, Permission, Role
from accounts.roles.rules import (
    RULES,
    Change,
    Refusal,
    Standing,
    refusal_of,
    refusal_to_compose,
    standing_of,
)
from sondervoice.kernel.ids import uuid7

OWNER, ADMINISTRATOR = standing_of(Role.OWNER), standing_of(Role.ADMINISTRATOR)
VIEWER, RECEPTIONIST = standing_of(Role.VIEWER), standing_of(Role.RECEPTIONIST)
CLINICIAN = standing_of(Role.CLINICIAN)
AGENCY = standing_of(Role.AGENCY_ADMINISTRATOR)


def custom(*permissions: Permission) -> Standing:
    return Standing(
        role=Role.VIEWER, permissions=frozenset(permissions), custom_role_id=uuid7()
    )


def refused(
    giver: Standing,
    before: Standing | None,
    after: Standing | None,
    *,
    owners: int = 1,
    is_own: bool = False,
    may_have_first: bool = False,
) -> Refusal | None:
    change = Change(
        giver=giver,
        is_own=is_own,
        before=before,
        after=after,
        owners=owners,
        may_have_first=may_have_first,
    )
    return refusal_of(change)


composed = st.frozensets(st.sampled_from(Permission)).map(lambda held: custom(*held))
standings = st.one_of(st.sampled_from([standing_of(one) for one in Role]), composed)
given_standings = st.one_of(
    st.sampled_from([standing_of(one) for one in MEMBER_ROLES]), composed
)
changes = st.builds(
    Change,
    giver=standings,
    is_own=st.booleans(),
    before=st.none() | given_standings,
    after=st.none() | given_standings,
    owners=st.integers(0, 5),
    may_have_first=st.booleans(),
)


class TestRefusal:
    @pytest.mark.parametrize(
        ("giver", "before", "after", "owners", "is_own", "expected"),
        [
            (OWNER, RECEPTIONIST, OWNER, 1, False, None),
            (OWNER, OWNER, VIEWER, 1, False, None),
            (OWNER, OWNER, None, 1, False, None),
            (OWNER, OWNER, None, 1, True, None),
            (OWNER, OWNER, None, 0, True, Refusal.LAST_OWNER),
            (OWNER, OWNER, VIEWER, 2, True, Refusal.OWN_ROLE),
            (ADMINISTRATOR, RECEPTIONIST, ADMINISTRATOR, 1, False, None),
            (ADMINISTRATOR, None, standing_of(Role.CLINICIAN), 1, False, None),
            (ADMINISTRATOR, RECEPTIONIST, OWNER, 1, False, Refusal.OWNER_GIVES),
            (ADMINISTRATOR, None, OWNER, 0, False, Refusal.OWNER_GIVES),
            (ADMINISTRATOR, OWNER, VIEWER, 2, False, Refusal.OWNER_TAKES),
            (ADMINISTRATOR, OWNER, None, 2, False, Refusal.OWNER_TAKES),
            (ADMINISTRATOR, OWNER, OWNER, 1, False, None),
            (AGENCY, None, OWNER, 0, False, Refusal.OWNER_GIVES),
            (AGENCY, OWNER, None, 2, False, Refusal.OWNER_TAKES),
            (AGENCY, None, VIEWER, 1, False, None),
            (AGENCY, None, CLINICIAN, 1, False, Refusal.MORE_THAN_HELD),
            (AGENCY, None, CLINICIAN, 0, False, Refusal.MORE_THAN_HELD),
            (AGENCY, VIEWER, ADMINISTRATOR, 1, False, Refusal.MORE_THAN_HELD),
            (AGENCY, None, standing_of(Role.AUDITOR), 1, False, Refusal.MORE_THAN_HELD),
            (RECEPTIONIST, VIEWER, RECEPTIONIST, 1, False, Refusal.NOT_YOURS),
            (RECEPTIONIST, VIEWER, None, 1, False, Refusal.NOT_YOURS),
            (RECEPTIONIST, RECEPTIONIST, None, 1, True, None),
            (RECEPTIONIST, RECEPTIONIST, OWNER, 1, True, Refusal.NOT_YOURS),
        ],
    )
    def test_is_as_the_table_says(self, giver, before, after, owners, is_own, expected):
        assert refused(giver, before, after, owners=owners, is_own=is_own) is expected

    def test_is_not_of_an_agency_that_names_the_first_owner(self):
        def named(giver: Standing, role: Standing) -> Refusal | None:
            return refused(giver, None, role, owners=0, may_have_first=True)

        assert named(AGENCY, OWNER) is None
        assert named(AGENCY, CLINICIAN) is Refusal.MORE_THAN_HELD
        assert named(ADMINISTRATOR, OWNER) is Refusal.OWNER_GIVES

    def test_has_one_row_each(self):
        assert [word for word, _ in RULES] == list(Refusal)

    def test_meets_a_composed_role_that_holds_more_than_the_giver(self):
        more, less = custom(Permission.CALLERS_VIEW), custom(Permission.CALLS_VIEW)

        assert refused(ADMINISTRATOR, VIEWER, more) is Refusal.MORE_THAN_HELD
        assert refused(ADMINISTRATOR, VIEWER, less) is None

    @given(changes)
    def test_keeps_an_owner_in_every_clinic_that_has_one(self, change):
        if change.unmakes_owner and refusal_of(change) is None:
            assert change.owners > 0

    @given(changes)
    def test_lets_nobody_rise_by_themselves(self, change):
        if change.is_own and change.after is not None:
            assert refusal_of(change) is not None

    @given(changes)
    def test_lets_only_owners_and_a_first_agency_make_owners(self, change):
        if change.makes_owner and refusal_of(change) is None:
            assert change.giver.is_owner or (
                change.giver.role is Role.AGENCY_ADMINISTRATOR and change.may_have_first
            )

    @given(changes)
    def test_lets_nobody_give_a_composed_role_beyond_their_own(self, change):
        after = change.after
        if after and after.custom_role_id and refusal_of(change) is None:
            assert after.permissions <= change.giver.permissions

    @given(changes)
    def test_lets_nobody_of_a_composed_role_give_more_than_it_holds(self, change):
        after = change.after
        if after and change.giver.custom_role_id and refusal_of(change) is None:
            assert after.permissions <= change.giver.permissions

    @given(changes)
    def test_lets_who_manages_no_members_only_leave(self, change):
        may = Permission.MEMBERS_MANAGE in change.giver.permissions

        if not may and refusal_of(change) is None:
            assert change.is_leaving


sets = st.frozensets(st.sampled_from(Permission))


class TestComposing:
    @given(composer=standings, before=sets, after=sets, is_own=st.booleans())
    def test_goes_as_far_as_the_composer(self, composer, before, after, is_own):
        refusal = refusal_to_compose(
            composer=composer, before=before, after=after, is_own=is_own
        )

        may = Permission.ROLES_MANAGE in composer.permissions
        within = before <= composer.permissions and after <= composer.permissions
        assert (refusal is None) == (may and within and not is_own)

    def test_does_not_touch_a_role_that_holds_more(self):
        refusal = refusal_to_compose(
            composer=ADMINISTRATOR,
            before=frozenset({Permission.CALLERS_VIEW}),
            after=frozenset(),
            is_own=False,
        )

        assert refusal is Refusal.MORE_THAN_HELD

    def test_is_open_to_an_owner_for_everything_and_not_to_an_administrator(self):
        assert ROLE_GRANTS[Role.OWNER] == set(Permission)
        assert Permission.CALLERS_VIEW not in ROLE_GRANTS[Role.ADMINISTRATOR]
