from django.db import migrations

from sondervoice.kernel.rls import PERSON, SIGNING_IN, PersonTable

# The same as PersonTable, for tables of packages: whose rows, by table.
_MINE = f"user_id = {PERSON}"
_WHOSE = {
    "otp_totp_totpdevice": _MINE,
    "django_otp_webauthn_webauthncredential": _MINE,
    "django_otp_webauthn_webauthnuserhandle": _MINE,
    "django_otp_webauthn_webauthnattestation": (
        f"credential_id IN (SELECT c.id FROM django_otp_webauthn_webauthncredential c WHERE {_MINE})"  # noqa: S608 -- ours
    ),
}
POLICIES = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON {table} FOR ALL TO sv_app
  USING ({test} OR {SIGNING_IN}) WITH CHECK ({test} OR {SIGNING_IN});
CREATE POLICY owner_all ON {table} FOR ALL TO sv_owner USING (true) WITH CHECK (true);
"""
    for table, test in _WHOSE.items()
)
NO_POLICIES = "".join(
    f"""
DROP POLICY own_rows ON {table};
DROP POLICY owner_all ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    for table in _WHOSE
)

# For whoever helps a member of the open organization. One clinic alone must not take a
# factor away that guards another: nothing happens, and false is returned, to a person
# who has power elsewhere or belongs to another clinic in HIPAA mode.
FORGET = """
CREATE FUNCTION forget_factors_of(person uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here uuid := NULLIF(current_setting('app.organization_id', true), '')::uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM accounts_membership m WHERE m.user_id = person
                    AND m.organization_id = here AND m.ended_at IS NULL)
     OR EXISTS (SELECT FROM accounts_user u WHERE u.id = person AND u.is_staff)
     OR EXISTS (SELECT FROM accounts_agencymembership a WHERE a.user_id = person)
     OR EXISTS (SELECT FROM accounts_membership m
                  JOIN accounts_organization o ON o.id = m.organization_id
                 WHERE m.user_id = person AND m.organization_id <> here
                   AND m.ended_at IS NULL
                   AND (m.role IN ('owner', 'administrator')
                        OR m.custom_role_id IS NOT NULL OR o.hipaa_mode))
  THEN RETURN false;
  END IF;
  DELETE FROM otp_totp_totpdevice WHERE user_id = person;
  DELETE FROM django_otp_webauthn_webauthnattestation WHERE credential_id IN
    (SELECT c.id FROM django_otp_webauthn_webauthncredential c WHERE c.user_id = person);
  DELETE FROM django_otp_webauthn_webauthncredential WHERE user_id = person;
  DELETE FROM second_factor_recoverycodes WHERE user_id = person;
  DELETE FROM second_factor_factortries WHERE user_id = person;
  UPDATE accounts_user SET second_factor_since = NULL WHERE id = person;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION forget_factors_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_factors_of(uuid) TO sv_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_access_scope"),
        ("django_otp_webauthn", "0004_webauthnuserhandle"),
        ("otp_totp", "0003_add_timestamps"),
        ("second_factor", "0001_initial"),
    ]
    operations = [
        PersonTable("RecoveryCodes"),
        PersonTable("FactorTries"),
        migrations.RunSQL(POLICIES, NO_POLICIES),
        migrations.RunSQL(FORGET, "DROP FUNCTION forget_factors_of(uuid);"),
    ]
