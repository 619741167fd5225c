"""Roads past the mask and past a member's limits that nobody should find."""

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.actors import Actor
from accounts.errors import WholeClinicError
from accounts.machines.services.make_key import KeyWish, make_key
from accounts.models import ApiKey, CustomRole, Membership, User
from accounts.permissions import ROLE_GRANTS, Permission, Role
from recordings.selectors.transcripts import list_lines
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.call_rows import shape_rows, with_marks
from telephony.selectors.calls import list_calls
from telephony.selectors.keyset import page_of
from telephony.selectors.limits import within_limits
from telephony.selectors.sight import standing_sight
from tests.cast import NOW, OMAR, Cast, actor_for
from tests.cast_calls import leave_message, make_appointment, make_call, say
from tests.cast_day import Day
from tests.cast_fixtures import SignIn


def limited(actor: Actor, *agents: UUID) -> Actor:
    return Actor(
        kind=actor.kind,
        id=actor.id,
        organization_id=actor.organization_id,
        permissions=actor.permissions,
        role=actor.role,
        limits={"agent": frozenset(agents)},
    )


def give_own_role(cast: Cast, user: User, *permissions: Permission) -> None:
    """Make the person what a role of the clinic's own of these permissions is."""
    with tenancy.scope(cast.alder.organization.id):
        role = CustomRole.objects.create(
            organization=cast.alder.organization,
            name="Own",
            permissions=[one.value for one in permissions],
            created_at=NOW,
        )
        Membership.objects.filter(user=user).update(
            role=Role.VIEWER, custom_role_id=role.id
        )


class TestWords:
    def test_of_a_call_hide_every_name_that_the_call_left_anywhere(self, cast: Cast):
        alder = cast.alder
        with tenancy.scope(alder.organization.id):
            call = make_call(alder, at=utc_now(), name="Omar Haddad")
            leave_message(call, "Call back.", name="Yusuf Demir", phone=OMAR)
            make_appointment(alder, starts_at=NOW, name="Ingrid Solberg", call=call)
            say(call, 0, "caller", "Yusuf Demir, for Ingrid Solberg.", at_ms=10_000)
            say(call, 1, "agent", "Thank you, Omar Haddad.", at_ms=12_000)
            actor = actor_for(cast.ben, alder, Role.RECEPTIONIST)

            lines = list_lines(actor=actor, call=call, sight=standing_sight(actor))

        assert [line.text for line in lines] == [
            "••• •••, for ••• •••.",
            "Thank you, ••• •••.",
        ]


class TestSearch:
    @pytest.mark.parametrize("words", ["hannah", "brandt", "0136", "136"])
    def test_answers_no_question_that_takes_a_reason(
        self, cast: Cast, day: Day, signed_in: SignIn, words: str
    ):
        answer = signed_in(cast.ben).get(f"/app/calls/?when=all&q={words}")

        assert answer.context["days"] == []
        assert answer.context["count"] == 0

    def test_finds_what_the_mask_leaves(self, cast: Cast, day: Day, signed_in: SignIn):
        answer = signed_in(cast.ben).get("/app/calls/?when=all&q=36")

        found = {row.id for _, rows in answer.context["days"] for row in rows}
        assert day.booked.id in found
        assert day.message.id not in found


class TestCallRow:
    def test_tells_nothing_of_the_diary_to_who_may_not_see_it(
        self, cast: Cast, day: Day
    ):
        alder = cast.alder
        actor = Actor(
            kind="user",
            id=cast.ben.id,
            organization_id=alder.organization.id,
            permissions=frozenset({Permission.CALLS_VIEW}),
        )
        with tenancy.scope(alder.organization.id):
            rows = shape_rows(
                actor=actor,
                calls=with_marks(list_calls(actor=actor)),
                now=utc_now(),
                sight=standing_sight(actor),
            )

        happened = {row.id: row.happened for row in rows}
        assert "Okafor" not in " ".join(happened.values())
        assert happened[day.booked.id] == "Booked an appointment"


class TestPages:
    def test_take_no_call_beyond_the_limits_for_their_edge(self, cast: Cast, day: Day):
        actor = limited(actor_for(cast.ben, cast.alder, Role.RECEPTIONIST))
        with tenancy.scope(cast.alder.organization.id):
            calls = list_calls(actor=actor)

            within = within_limits(actor)
            known = page_of(calls, older_than=day.booked.id, within=within)
            unknown = page_of(calls, older_than=cast.ben.id, within=within)

        assert known == unknown


class TestKeyOfALimitedMember:
    def test_is_not_made_whatever_the_role_holds(self, cast: Cast):
        actor = limited(actor_for(cast.eve, cast.alder, Role.ADMINISTRATOR))
        wish = KeyWish(
            name="All of it",
            scopes=["calls:read"],
            expires_at=utc_now() + timedelta(days=1),
            networks=[],
        )

        with tenancy.scope(cast.alder.organization.id):
            with pytest.raises(WholeClinicError):
                make_key(actor=actor, wish=wish, now=utc_now())
            assert ApiKey.objects.count() == 0


class TestOwnRole:
    @pytest.mark.parametrize("role", ["administrator", "clinician", "receptionist"])
    def test_of_who_manages_members_gives_no_role_that_holds_more(
        self, cast: Cast, signed_in: SignIn, role: str
    ):
        give_own_role(
            cast, cast.ben, Permission.MEMBERS_VIEW, Permission.MEMBERS_MANAGE
        )
        client = signed_in(cast.ben)
        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=cast.cy)

        answer = client.post(f"/app/settings/people/{member.id}/role/", {"role": role})

        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            assert Membership.objects.get(user=cast.cy).role == "auditor"

    def test_gives_what_it_holds(self, cast: Cast, signed_in: SignIn):
        give_own_role(
            cast, cast.ben, Permission.MEMBERS_MANAGE, *ROLE_GRANTS[Role.BILLING]
        )
        client = signed_in(cast.ben)
        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=cast.cy)

        client.post(f"/app/settings/people/{member.id}/role/", {"role": "billing"})

        with tenancy.scope(cast.alder.organization.id):
            assert Membership.objects.get(user=cast.cy).role == "billing"
