"""Every address under /admin/ answers an operator, so that 404 for others is true."""

from collections.abc import Mapping

import pytest
from django.urls import reverse

from accounts.models import Agency, AgencyMembership, Membership, User
from accounts.operators.models import OperatorSession
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import (
    as_owner,
    ask_for,
    cast,
    grant,
    sam,
    session,
    tove,
    uma,
)
from tests.matrix.entries import OPERATORS
from tests.matrix.routes import list_routes

__all__ = ["cast", "sam", "session", "tove", "uma"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])

# Whose things are asked about and closed in tests of their own, in tests/integration/.
ELSEWHERE = {
    "privacy-put-off",
    "privacy-answer",
    "asking_privacyrequest_change",
    "closing_closing_change",
}
# These end what the others look at.
LAST = ("session-end", "grant-end", "act-end", "leaving-close", "logout")


@pytest.fixture
def ids(
    cast: Cast,
    session: OperatorSession,
    tove: User,
    sam: User,
    uma: User,
    signed_in: SignIn,
) -> Mapping[str, object]:
    """Make one thing of each kind; Tove has asked for what can be approved."""
    client = signed_in(tove)
    with signing_in():
        agency = Agency.objects.create(name="Lakeside")
        AgencyMembership.objects.create(agency=agency, user=sam, created_at=NOW)
    grant(cast.eve)
    asked = client.post(f"/admin/people/{cast.ben.pk}/grant/", {"reason": "x"})
    close = f"/admin/people/{cast.ben.pk}/close/"
    act_id = ask_for(client, close, {"reason": "x"})
    client.post(f"/admin/people/{uma.pk}/leave/")
    ((leaving, step),) = as_owner(
        "SELECT leaving_id, id FROM operators_leavingstep WHERE secret = 'EMAIL_URL'",
        [],
    )
    with tenancy.scope(cast.alder.organization.pk):
        membership = Membership.objects.filter(user=cast.ben).get().pk
    row = AuditLog.unscoped.filter(organization_id=None).first()
    assert row is not None
    return {
        "user": cast.eve.pk,
        "organization": cast.alder.organization.pk,
        "agency": agency.pk,
        "membership": membership,
        "auditlog": row.pk,
        "session": session.pk,
        "grant": asked.headers["Location"].rstrip("/").rpartition("/")[2],
        "act": act_id,
        "leaving": leaving,
        "step": step,
        "app_label": "accounts",
    }


def _address(name: str, parameters: tuple[str, ...], ids: Mapping[str, object]) -> str:
    """Return the address of the thing that the page is about."""
    model = name.partition("_")[2].partition("_")[0].removeprefix("operator")
    values = {
        one: ids[model if one == "object_id" else one.removesuffix("_id")]
        for one in parameters
    }
    return reverse(f"admin:{name}", kwargs=values)


class TestOperator:
    def test_is_answered_at_each_address(
        self, cast: Cast, ids: Mapping[str, object], sam: User, signed_in: SignIn
    ):
        parameters = {
            one.name.removeprefix("admin:"): one.parameters
            for one in list_routes()
            if one.is_operators
        }
        names = [one for one in OPERATORS if one not in {*ELSEWHERE, *LAST}]
        client, wrong = signed_in(sam), []

        for name in (*names, *LAST):
            place = _address(name, parameters[name], ids)
            # Who approves is asked for nothing; the others say what is missing.
            answer = client.generic(OPERATORS[name], place)
            if answer.status_code not in {200, 302, 403, 409}:
                wrong.append((name, answer.status_code))

        assert wrong == []
