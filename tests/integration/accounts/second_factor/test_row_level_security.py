import pytest
from django.db import connection, transaction
from django_otp_webauthn.models import WebAuthnCredential, WebAuthnUserHandle

from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.tenancy import set_local
from tests.cast import NOW, Cast
from tests.cast_factor import give_codes, give_phone

TABLES = {
    "otp_totp_totpdevice": "user_id",
    "second_factor_recoverycodes": "user_id",
    "second_factor_factortries": "user_id",
    "django_otp_webauthn_webauthncredential": "user_id",
    "django_otp_webauthn_webauthnuserhandle": "user_id",
}


def _owners(table: str) -> set:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {TABLES[table]} FROM {table}")  # noqa: S608
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def both(cast: Cast) -> Cast:
    for user in (cast.ada, cast.ben):
        give_phone(user, now=NOW)
        give_codes(user, now=NOW)
        with signing_in():
            WebAuthnCredential.objects.create(
                user=user, credential_id=user.pk.bytes, public_key=b"k"
            )
            WebAuthnUserHandle.objects.create(user=user)
    # The test is one transaction: who made the codes would still be in sight.
    set_local("app.user_id", "")
    return cast


@pytest.mark.parametrize("table", TABLES)
class TestTable:
    def test_shows_a_person_their_own_rows_alone(self, both: Cast, table: str):
        with transaction.atomic():
            set_local("app.user_id", str(both.ada.pk))
            assert _owners(table) == {both.ada.pk}

    def test_shows_nothing_without_a_person(self, both: Cast, table: str):
        assert _owners(table) == set()

    def test_shows_a_clinic_nothing_of_its_members(self, both: Cast, table: str):
        with tenancy.scope(both.alder.organization.id):
            assert _owners(table) == set()

    def test_shows_the_sign_in_pages_everybody(self, both: Cast, table: str):
        with signing_in():
            assert _owners(table) == {both.ada.pk, both.ben.pk}


class TestCatalogue:
    def test_forces_each_table_of_factors_behind_its_policies(self, db: None):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
                "WHERE relkind = 'r' AND (relname LIKE 'otp\\_%%' "
                "OR relname LIKE 'second\\_factor\\_%%' "
                "OR relname LIKE 'django\\_otp\\_%%')"
            )
            forced = dict(cursor.fetchall())

        assert set(forced) == {*TABLES, "django_otp_webauthn_webauthnattestation"}
        assert set(forced.values()) == {True}


class TestForgetting:
    def test_is_nothing_outside_a_clinics_scope(self, both: Cast):
        with connection.cursor() as cursor:
            cursor.execute("SELECT forget_factors_of(%s)", [both.ben.pk])
            assert cursor.fetchone() == (False,)

    def test_is_nothing_in_another_clinics_scope(self, both: Cast):
        with tenancy.scope(both.birch.organization.id), connection.cursor() as cursor:
            cursor.execute("SELECT forget_factors_of(%s)", [both.ben.pk])
            assert cursor.fetchone() == (False,)

        with signing_in():
            assert both.ben.pk in _owners("otp_totp_totpdevice")

    def test_takes_the_rows_of_one_person_alone(self, both: Cast):
        with tenancy.scope(both.alder.organization.id), connection.cursor() as cursor:
            cursor.execute("SELECT forget_factors_of(%s)", [both.ben.pk])
            assert cursor.fetchone() == (True,)

        with signing_in():
            found = {table: _owners(table) for table in TABLES}
        assert found == {
            "otp_totp_totpdevice": {both.ada.pk},
            "second_factor_recoverycodes": {both.ada.pk},
            "second_factor_factortries": {both.ada.pk},
            "django_otp_webauthn_webauthncredential": {both.ada.pk},
            # A number that says nothing; a new passkey of theirs carries it again.
            "django_otp_webauthn_webauthnuserhandle": {both.ada.pk, both.ben.pk},
        }
