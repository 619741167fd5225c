"""Each change of a clinic's configuration tells by hashes what it was and is."""

from typing import Any

from accounts.models import CustomRole, Membership
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from telephony.models import Location
from tests.cast import Cast
from tests.cast_fixtures import SignIn, cast, signed_in

__all__ = ["cast", "signed_in"]

LIMITS = {"idle_minutes": "30", "session_hours": "8", "access_token_minutes": "9"}


def facts(cast: Cast, action: str) -> list[dict[str, Any]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action=action).order_by("at", "id")
        return [row.facts for row in rows]


class TestConfiguration:
    def test_that_is_put_back_has_the_hash_it_had(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)
        for name in ("Alder North", "Alder Clinic"):
            client.post(
                "/app/settings/clinic/", {"name": name, "timezone": "America/Chicago"}
            )

        away, back = facts(cast, "accounts.organization.changed")

        assert away["before"] == back["after"]
        assert away["after"] == back["before"] != away["before"]

    def test_of_limits(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ada).post("/app/settings/security/limits/", LIMITS)

        (one,) = facts(cast, "accounts.limits.changed")
        assert one["before"] != one["after"]

    def test_of_a_role(self, cast: Cast, signed_in: SignIn):
        client, path = signed_in(cast.ada), "/app/settings/roles/"
        client.post(f"{path}new/", {"name": "Night", "permissions": "calls.view"})
        with tenancy.scope(cast.alder.organization.id):
            role_id = CustomRole.objects.get().id
        client.post(f"{path}{role_id}/", {"name": "Day", "permissions": "calls.view"})
        client.post(f"{path}{role_id}/retire/")

        (made,) = facts(cast, "accounts.custom_role.made")
        (changed,) = facts(cast, "accounts.custom_role.changed")
        (retired,) = facts(cast, "accounts.custom_role.retired")
        assert "before" not in made
        assert made["after"] == changed["before"] != changed["after"]
        assert changed["after"] == retired["before"]
        assert "after" not in retired

    def test_of_a_members_role(self, cast: Cast, signed_in: SignIn):
        with tenancy.scope(cast.alder.organization.id):
            member_id = Membership.objects.get(user=cast.ben).id
        signed_in(cast.ada).post(
            f"/app/settings/people/{member_id}/role/", {"role": "viewer"}
        )

        (one,) = facts(cast, "accounts.membership.role_changed")
        assert one["before"] != one["after"]

    def test_of_a_place(self, cast: Cast, signed_in: SignIn):
        client, path = signed_in(cast.ada), "/app/settings/places/"
        client.post(f"{path}add/", {"name": "Annex"})
        with tenancy.scope(cast.alder.organization.id):
            place_id = Location.objects.get().id
        client.post(f"{path}{place_id}/rename/", {"name": "Tower"})

        (added,) = facts(cast, "telephony.place.added")
        (renamed,) = facts(cast, "telephony.place.renamed")
        assert added["after"] == renamed["before"] != renamed["after"]

    def test_of_help(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ada).post("/app/settings/operators/help/", {"help": "off"})

        (one,) = facts(cast, "accounts.operator_help.set")
        assert one["before"] != one["after"]
