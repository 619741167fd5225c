"""Clinics that come back without an owner are named, and somebody is told."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core import mail

from accounts.models import Membership
from accounts.permissions import Role
from compliance.backups.management.commands import restore
from compliance.backups.ownerless import find_ownerless
from compliance.backups.services.watch_backups import warn_of_ownerless
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.cast_fixtures import cast

__all__ = ["cast"]

pytestmark = pytest.mark.django_db

REPORT = {
    "sealed_rows": 4,
    "lost_rows": 0,
    "replayed": {"batches": 1, "rows": 1, "erased": 1},
    "missing": [],
    "places": [],
}


@pytest.fixture
def orphaned(cast: Cast) -> Cast:
    """Alder has lost its owner; the others there go on."""
    with tenancy.scope(cast.alder.organization.id):
        owners = Membership.objects.filter(role=Role.OWNER)
        assert owners.update(ended_at=datetime(2026, 11, 26, tzinfo=UTC)) == 1
    return cast


class TestOwnerless:
    def test_is_no_clinic_whose_owner_is_there(self, cast: Cast):
        assert find_ownerless() == []

    def test_is_a_clinic_whose_owner_is_gone(self, orphaned: Cast):
        assert find_ownerless() == [orphaned.alder.organization.id]

    def test_is_no_clinic_that_waits_for_its_first(self, cast: Cast):
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(role=Role.OWNER).update(role=Role.VIEWER)

        assert find_ownerless() == []

    def test_is_named_at_the_end_of_a_restore(self, orphaned: Cast, monkeypatch):
        clinic = str(orphaned.alder.organization.id)
        for name in ("close_database", "open_database"):
            monkeypatch.setattr(restore, name, lambda url: None)
        monkeypatch.setattr(
            restore, "finish_inside", lambda **_: REPORT | {"ownerless": [clinic]}
        )
        said = StringIO()

        restore.Command(stdout=said)._open(None, despite_missing=False)

        assert f"Clinic {clinic} has no owner" in said.getvalue()
        assert said.getvalue().endswith("The database is open.\n")

    def test_is_told_of_in_a_letter_and_the_log(self, orphaned: Cast, settings, caplog):
        settings.SECURITY_MAIL = "security@sondervoice.example"

        warn_of_ownerless()

        (letter,) = mail.outbox
        assert letter.subject == "Clinics without an owner"
        clinic = orphaned.alder.organization.id
        assert f"/admin/organization/{clinic}/\n" in letter.body
        assert orphaned.alder.organization.name not in letter.body
        assert ("CRITICAL", "clinics without an owner") in [
            (one.levelname, one.message) for one in caplog.records
        ]
