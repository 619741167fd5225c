"""A member who sees some places or receptionists alone."""

from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.actors import Ask
from accounts.joining.tasks import tell_of_limits
from accounts.models import CustomRole, Membership, ObjectGrant, User
from accounts.permissions import Permission, Role
from accounts.selectors.holders import list_holder_ids
from accounts.selectors.members import find_actor
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from telephony.models import Location, PhoneNumber
from telephony.reception.models import Agent, AgentVersion
from tests.cast import NOW, Cast, Clinic, join
from tests.cast_calls import leave_message, make_call
from tests.cast_day import Day
from tests.cast_fixtures import SignIn


def _record_of(client: Client) -> str:
    return client.get("/app/settings/access/file/").getvalue().decode()


def _statuses(client: Client, pages: list[str]) -> list[int]:
    return [client.get(f"/app/settings/{page}/").status_code for page in pages]


def _membership(cast: Cast, user: User) -> Membership:
    with tenancy.scope(cast.alder.organization.id):
        return Membership.objects.get(user=user)


def _address(cast: Cast, user: User) -> str:
    return f"/app/settings/people/{_membership(cast, user).id}/limits/"


def _place(clinic: Clinic, name: str) -> Location:
    with tenancy.scope(clinic.organization.id):
        return Location.objects.create(
            organization=clinic.organization, name=name, created_at=NOW
        )


def _agent(clinic: Clinic) -> Agent:
    with tenancy.scope(clinic.organization.id):
        return Agent.objects.get()


def _grants(cast: Cast) -> set[str]:
    with tenancy.scope(cast.alder.organization.id):
        return set(ObjectGrant.objects.values_list("object_pk", flat=True))


def _epoch(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch


def _refused(cast: Cast) -> set[tuple[UUID | None, UUID | None]]:
    """Return who was refused what is about which membership."""
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action="accounts.role.refused")
        return set(rows.values_list("actor_id", "subject_id"))


def _told(cast: Cast) -> set[UUID]:
    """Write the letters that are asked for; return to whom they are."""
    with tenancy.scope(cast.alder.organization.id):
        rows = OutboxJob.objects.filter(task="accounts.tell_of_limits")
        asked = list(rows.values_list("ids", flat=True))
        rows.delete()
    wanted = [{name: UUID(value) for name, value in ids.items()} for ids in asked]
    for ids in wanted:
        tell_of_limits(organization_id=cast.alder.organization.id, **ids)
    return {ids["user_id"] for ids in wanted}


def _ids(client: Client) -> set[UUID]:
    answer = client.get("/app/calls/?when=all")
    return {row.id for _, rows in answer.context["days"] for row in rows}


@pytest.fixture
def annex(cast: Cast) -> PhoneNumber:
    """A second receptionist with a number of its own at a second place."""
    alder = cast.alder
    place = _place(alder, "Annex")
    with tenancy.scope(alder.organization.id):
        agent = Agent.objects.create(
            organization=alder.organization, name="Annex desk", created_at=NOW
        )
        version = AgentVersion.objects.create(
            organization=alder.organization,
            agent=agent,
            number=1,
            languages=["en"],
            published_at=NOW,
        )
        return PhoneNumber.objects.create(
            organization=alder.organization,
            e164="+13125550101",
            agent_version=version,
            location=place,
        )


@pytest.fixture
def annex_call(cast: Cast, annex: PhoneNumber):
    clinic = Clinic(
        organization=cast.alder.organization,
        agent_version=annex.agent_version,
        number=annex,
        practitioner=cast.alder.practitioner,
        check_up=cast.alder.check_up,
    )
    with tenancy.scope(cast.alder.organization.id):
        call = make_call(clinic, at=NOW, caller="+13125550171", name="Omar Haddad")
        leave_message(call, "From the annex.", name="Omar Haddad", phone="+13125550171")
    return call


class TestLimitedMember:
    @pytest.mark.parametrize("by", ["place", "agent"])
    def test_sees_the_calls_of_what_is_named_for_them_alone(
        self, cast: Cast, day: Day, annex, annex_call, signed_in: SignIn, by: str
    ):
        only = annex.location_id if by == "place" else annex.agent_version.agent_id

        signed_in(cast.ada).post(
            _address(cast, cast.ben), {"sees": "some", "only": [str(only)]}
        )
        client = signed_in(cast.ben)

        assert _ids(client) == {annex_call.id}
        assert client.get(f"/app/calls/{annex_call.id}/").status_code == 200
        assert client.get(f"/app/calls/{day.booked.id}/").status_code == 404
        assert client.post(f"/app/calls/{day.booked.id}/play/").status_code == 404
        assert (
            client.post(
                f"/app/calls/{day.booked.id}/reveal/", {"reason": "call_back"}
            ).status_code
            == 404
        )

    def test_has_the_messages_and_the_diary_of_those_calls_alone(
        self, cast: Cast, day: Day, annex, annex_call, signed_in: SignIn
    ):
        signed_in(cast.ada).post(
            _address(cast, cast.ben), {"sees": "some", "only": [str(annex.location_id)]}
        )
        client = signed_in(cast.ben)

        messages = client.get("/app/messages/")
        today = client.get("/app/")

        assert [row.call_id for row in messages.context["rows"]] == [annex_call.id]
        assert messages.context["phone"]["new_messages"] == 1
        assert today.context["day"].appointments == []
        assert today.context["day"].emergencies == []

    def test_sees_nothing_when_nothing_is_ticked(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        signed_in(cast.ada).post(_address(cast, cast.ben), {"sees": "some"})

        assert _ids(signed_in(cast.ben)) == set()

    def test_handles_no_message_beyond_the_limits(
        self, cast: Cast, day: Day, annex, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            message = day.message.messages.get()
        signed_in(cast.ada).post(
            _address(cast, cast.ben), {"sees": "some", "only": [str(annex.location_id)]}
        )

        answer = signed_in(cast.ben).post(f"/app/messages/{message.id}/handle/")

        assert answer.status_code == 404
        with tenancy.scope(cast.alder.organization.id):
            message.refresh_from_db()
        assert message.status == "new"

    def test_sees_in_the_record_who_looked_at_those_calls_alone(
        self, cast: Cast, day: Day, annex, annex_call, signed_in: SignIn
    ):
        for call in (annex_call, day.message):
            signed_in(cast.ada).get(f"/app/calls/{call.id}/")
            with tenancy.scope(cast.alder.organization.id):
                assert AuditLog.objects.filter(subject_id=call.id).exists()
        request_id = uuid7()
        with tenancy.scope(cast.alder.organization.id):
            audit.record(
                audit.Entry(
                    action="compliance.rights_request.moved",
                    organization_id=cast.alder.organization.id,
                    actor_kind="user",
                    actor_id=cast.ada.id,
                    subject_kind="rights_request",
                    subject_id=request_id,
                )
            )
        signed_in(cast.ada).post(
            _address(cast, cast.cy), {"sees": "some", "only": [str(annex.location_id)]}
        )
        client = signed_in(cast.cy)

        page = client.get("/app/settings/access/")
        file = _record_of(client)

        of_calls = {
            line.subject_id for line in page.context["lines"] if line.subject == "call"
        }
        assert of_calls == {annex_call.id}
        assert str(annex_call.id) in file
        assert str(day.message.id) not in file
        assert str(request_id) not in file
        assert str(request_id) in _record_of(signed_in(cast.ada))
        assert "Signed in" in {line.did for line in page.context["lines"]}


class TestLimiting:
    def test_ends_what_the_member_has_open_and_is_written_down(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        before = _epoch(cast.ben)

        answer = signed_in(cast.ada).post(
            _address(cast, cast.ben), {"sees": "some", "only": [str(annex.location_id)]}
        )

        assert answer.headers["Location"] == "/app/settings/people/"
        assert _epoch(cast.ben) == before + 1
        assert _grants(cast) == {str(annex.location_id)}
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.member.limited")
        assert row.subject_id == _membership(cast, cast.ben).id
        hashes = {row.facts.pop("before"), row.facts.pop("after")}
        assert row.facts == {"is_limited": True, "grants": 1}
        assert len(hashes) == 2

    def test_is_told_to_the_member_and_to_the_owners_but_who_did_it(
        self, cast: Cast, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.OWNER)

        signed_in(cast.ada).post(_address(cast, cast.ben), {"sees": "some"})
        told = _told(cast)
        signed_in(cast.ada).post(_address(cast, cast.ben), {"sees": "some"})

        assert told == {cast.ben.id, cast.eve.id}
        assert _told(cast) == set()
        words = {letter.to[0]: letter for letter in mail.outbox}
        own, owners = words[cast.ben.email], words[cast.eve.email]
        assert len(mail.outbox) == 2
        assert own.subject == "Which calls you see at Alder Clinic was changed"
        assert "You now see those of some places or receptionists" in own.body
        assert "has changed which calls Ben Osei sees" in owners.body
        assert "/app/settings/people/" in owners.body

    def test_tells_nobody_who_is_an_owner_no_more(self, cast: Cast, signed_in: SignIn):
        join(cast.alder, cast.eve, Role.OWNER)
        signed_in(cast.ada).post(_address(cast, cast.ben), {"sees": "some"})
        with tenancy.scope(cast.alder.organization.id):
            cast.eve.memberships.update(role=Role.VIEWER)

        _told(cast)

        assert [letter.to for letter in mail.outbox] == [[cast.ben.email]]

    def test_is_lifted(self, cast: Cast, day: Day, annex, signed_in: SignIn):
        owner, address = signed_in(cast.ada), _address(cast, cast.ben)
        owner.post(address, {"sees": "some", "only": [str(annex.location_id)]})

        owner.post(address, {"sees": "all", "only": [str(annex.location_id)]})

        assert _grants(cast) == set()
        assert day.booked.id in _ids(signed_in(cast.ben))

    def test_takes_nothing_of_another_clinic(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        foreign = _place(cast.birch, "Cologne")

        answer = signed_in(cast.ada).post(
            _address(cast, cast.ben),
            {
                "sees": "some",
                "only": [str(foreign.id), str(_agent(cast.birch).id), "x"],
            },
        )

        assert answer.status_code == 404
        assert _grants(cast) == set()
        assert _membership(cast, cast.ben).is_limited is False

    def test_is_no_owners_fate_and_nobodys_own_doing(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.ADMINISTRATOR)

        answers = [
            signed_in(cast.eve).post(_address(cast, cast.ada), {"sees": "some"}),
            signed_in(cast.eve).post(_address(cast, cast.eve), {"sees": "some"}),
        ]

        assert [answer.status_code for answer in answers] == [422, 422]
        assert _membership(cast, cast.ada).is_limited is False
        assert _membership(cast, cast.eve).is_limited is False
        assert _refused(cast) == {
            (cast.eve.id, _membership(cast, cast.ada).id),
            (cast.eve.id, _membership(cast, cast.eve).id),
        }
        assert _told(cast) == set()

    def test_is_not_lifted_by_whose_role_may_do_less(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        address = _address(cast, cast.ben)
        signed_in(cast.ada).post(
            address, {"sees": "some", "only": [str(annex.location_id)]}
        )
        with tenancy.scope(cast.alder.organization.id):
            role = CustomRole.objects.create(
                organization=cast.alder.organization,
                name="Helper",
                permissions=["members.view", "members.manage"],
                created_at=NOW,
            )
            join(cast.alder, cast.eve, Role.VIEWER)
            cast.eve.memberships.update(custom_role=role)

        answer = signed_in(cast.eve).post(address, {"sees": "all"})

        assert answer.status_code == 403
        assert "may do more than yours" in answer.content.decode()
        assert _membership(cast, cast.ben).is_limited is True
        assert _grants(cast) == {str(annex.location_id)}
        assert _refused(cast) == {(cast.eve.id, _membership(cast, cast.ben).id)}

    def test_is_refused_to_who_manages_no_members(self, cast: Cast, signed_in: SignIn):
        answer = signed_in(cast.ben).post(_address(cast, cast.cy), {"sees": "some"})

        assert answer.status_code == 403
        assert _membership(cast, cast.cy).is_limited is False

    def test_finds_no_member_of_another_clinic(self, cast: Cast, signed_in: SignIn):
        answer = signed_in(cast.dot).post(_address(cast, cast.ben), {"sees": "some"})

        assert answer.status_code == 404
        assert _membership(cast, cast.ben).is_limited is False

    def test_shows_what_is_named_for_them(self, cast: Cast, annex, signed_in: SignIn):
        owner, address = signed_in(cast.ada), _address(cast, cast.ben)
        owner.post(address, {"sees": "some", "only": [str(annex.location_id)]})

        page = owner.get(address)

        assert page.context["granted"] == {str(annex.location_id)}
        assert "Annex" in page.content.decode()


class TestWhatIsOfTheWholeClinic:
    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
    def test_is_not_for_a_limited_member(
        self, cast: Cast, day: Day, signed_in: SignIn, role: Role
    ):
        join(cast.alder, cast.eve, role)
        addresses = ["requests", "retention", "retention/certificates", "statistics"]
        before = _statuses(signed_in(cast.eve), addresses)

        signed_in(cast.ada).post(_address(cast, cast.eve), {"sees": "some"})
        client = signed_in(cast.eve)
        refused = client.get("/app/settings/requests/")
        pages = client.get("/app/settings/access/").context["settings_pages"]

        assert before == [200, 200, 200, 200]
        assert _statuses(client, addresses) == [403, 403, 403, 403]
        assert "This is of the whole clinic" in refused.content.decode()
        assert "You see some places or receptionists." in refused.content.decode()
        assert {page.url_name for page, _ in pages}.isdisjoint(
            {"rights-requests", "retention", "statistics"}
        )

    def test_is_in_no_letter_to_a_limited_member(self, cast: Cast):
        join(cast.alder, cast.eve, Role.ADMINISTRATOR)
        with tenancy.scope(cast.alder.organization.id):
            before = list_holder_ids(Permission.RIGHTS_MANAGE)
            cast.eve.memberships.update(is_limited=True)

            assert set(before) == {cast.ada.id, cast.eve.id}
            assert list_holder_ids(Permission.RIGHTS_MANAGE) == [cast.ada.id]
            assert cast.eve.id in list_holder_ids(Permission.ACCESS_VIEW)


class TestPlaces:
    def test_are_added_renamed_and_given_a_number(self, cast: Cast, signed_in: SignIn):
        owner = signed_in(cast.ada)

        owner.post("/app/settings/places/add/", {"name": " Harbour "})
        with tenancy.scope(cast.alder.organization.id):
            place = Location.objects.get()
        owner.post(f"/app/settings/places/{place.id}/rename/", {"name": "Harbour 2"})
        owner.post(
            f"/app/settings/numbers/{cast.alder.number.id}/move/", {"place": place.id}
        )

        words = owner.get("/app/settings/places/").content.decode()
        with tenancy.scope(cast.alder.organization.id):
            number = PhoneNumber.objects.select_related("location").get()
            actions = AuditLog.objects.filter(action__startswith="telephony.").order_by(
                "at"
            )
            assert list(actions.values_list("action", flat=True)) == [
                "telephony.place.added",
                "telephony.place.renamed",
                "telephony.number.moved",
            ]
        assert place.name == "Harbour"
        assert number.location.name == "Harbour 2"
        assert "Harbour 2" in words

    def test_take_past_calls_along_and_say_so_before(
        self, cast: Cast, annex, annex_call, signed_in: SignIn
    ):
        harbour, owner = _place(cast.alder, "Harbour"), signed_in(cast.ada)
        only = {"sees": "some", "only": [str(harbour.id)]}
        owner.post(_address(cast, cast.ben), only)
        before = _ids(signed_in(cast.ben))

        words = " ".join(owner.get("/app/settings/places/").content.decode().split())
        owner.post(f"/app/settings/numbers/{annex.id}/move/", {"place": harbour.id})

        assert "A number takes its past calls along to another place." in words
        assert (before, _ids(signed_in(cast.ben))) == (set(), {annex_call.id})

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("  ", "Write a name of at most 100 letters."),
            ("x" * 101, "Write a name of at most 100 letters."),
            ("ANNEX", "There is a place of this name already."),
        ],
    )
    def test_say_what_is_wrong_with_a_name(
        self, cast: Cast, annex, signed_in: SignIn, name: str, words: str
    ):
        answer = signed_in(cast.ada).post("/app/settings/places/add/", {"name": name})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        with tenancy.scope(cast.alder.organization.id):
            assert Location.objects.count() == 1

    def test_are_not_another_clinics_to_change(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        foreign = _place(cast.birch, "Cologne")
        dot, ada = signed_in(cast.dot), signed_in(cast.ada)

        answers = [
            dot.post(
                f"/app/settings/places/{annex.location_id}/rename/", {"name": "x"}
            ),
            dot.post(f"/app/settings/numbers/{annex.id}/move/", {"place": ""}),
            ada.post(f"/app/settings/numbers/{annex.id}/move/", {"place": foreign.id}),
        ]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
        with tenancy.scope(cast.alder.organization.id):
            number = PhoneNumber.objects.select_related("location").get(pk=annex.id)
        assert number.location.name == "Annex"

    def test_are_not_a_receptionists_to_change(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        client = signed_in(cast.ben)

        answers = [
            client.get("/app/settings/places/"),
            client.post("/app/settings/places/add/", {"name": "Mine"}),
            client.post(f"/app/settings/numbers/{annex.id}/move/", {"place": ""}),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        with tenancy.scope(cast.alder.organization.id):
            assert Location.objects.count() == 1
            assert PhoneNumber.objects.get(pk=annex.id).location_id is not None


class TestLimitedAdministrator:
    def test_administers_nothing(self, cast: Cast, annex, signed_in: SignIn):
        join(cast.alder, cast.eve, Role.ADMINISTRATOR)
        signed_in(cast.ada).post(
            _address(cast, cast.eve), {"sees": "some", "only": [str(annex.location_id)]}
        )
        client = signed_in(cast.eve)

        answers = [
            client.post(_address(cast, cast.ben), {"sees": "all"}),
            client.get("/app/settings/people/invite/"),
            client.get("/app/settings/keys/new/"),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert client.get("/app/calls/?when=all").status_code == 200

    def test_shows_a_second_factor_all_the_same(
        self, cast: Cast, annex, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.ADMINISTRATOR)
        signed_in(cast.ada).post(_address(cast, cast.eve), {"sees": "some"})

        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            actor = find_actor(user=cast.eve, organization=organization, factor_at=None)

        assert actor.asks_for is Ask.SET_UP_FACTOR
        assert actor.permissions == frozenset()
