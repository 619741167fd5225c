from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable

# For the clock, before any scope: ids only. A closed clinic has nothing left that a
# nightly job could look after, so the scheduler sees it no more.
WAY_IN = """
CREATE FUNCTION organizations_closing() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM closing_closing
   WHERE undone_at IS NULL AND billing_purged_at IS NULL ORDER BY asked_at, id
$$;
CREATE OR REPLACE FUNCTION organization_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id FROM accounts_organization o
   WHERE NOT EXISTS (SELECT FROM closing_closing c
                      WHERE c.organization_id = o.id AND c.closed_at IS NOT NULL)
   ORDER BY o.id
$$;
-- Whom to write to: the administrators of the agency that looks after the open clinic.
CREATE FUNCTION agency_people() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.user_id FROM accounts_agencymembership a
    JOIN accounts_organization o ON o.agency_id = a.agency_id
    JOIN accounts_user u ON u.id = a.user_id AND u.is_active
   WHERE o.id = NULLIF(current_setting('app.organization_id', true), '')::uuid
   ORDER BY a.created_at, a.id
$$;
-- What a person is told who belonged to a clinic whose account is being closed.
CREATE FUNCTION had_clinic_that_closed(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM accounts_membership m
      JOIN closing_closing c ON c.organization_id = m.organization_id
     WHERE m.user_id = person AND c.undone_at IS NULL
       AND m.ended_at >= c.erasing_at)
$$;
REVOKE ALL ON FUNCTION organizations_closing(), agency_people(),
  had_clinic_that_closed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organizations_closing(), agency_people(),
  had_clinic_that_closed(uuid) TO sv_app;
"""
AS_BEFORE = """
DROP FUNCTION organizations_closing();
DROP FUNCTION agency_people();
DROP FUNCTION had_clinic_that_closed(uuid);
CREATE OR REPLACE FUNCTION organization_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM accounts_organization ORDER BY id
$$;
"""

# The account of somebody who belonged to the open clinic, whose keys are destroyed, and
# who is nowhere else: its name, address and factors go; the row stays, for the record
# names its id. Nothing happens, and false is returned, to anybody else.
EMPTY_PERSON = """
CREATE FUNCTION empty_person(person uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here uuid := NULLIF(current_setting('app.organization_id', true), '')::uuid;
BEGIN
  PERFORM 1 FROM accounts_user WHERE id = person FOR UPDATE;
  IF NOT EXISTS (SELECT FROM accounts_membership m
                   JOIN closing_closing c ON c.organization_id = m.organization_id
                  WHERE m.user_id = person AND m.organization_id = here
                    AND c.undone_at IS NULL AND c.keys_destroyed_at IS NOT NULL
                    AND m.ended_at >= c.erasing_at)
     OR EXISTS (SELECT FROM accounts_membership m
                 WHERE m.user_id = person AND m.ended_at IS NULL)
     OR EXISTS (SELECT FROM accounts_agencymembership a WHERE a.user_id = person)
     OR EXISTS (SELECT FROM accounts_user u WHERE u.id = person AND u.is_staff)
  THEN RETURN false;
  END IF;
  DELETE FROM otp_totp_totpdevice WHERE user_id = person;
  DELETE FROM django_otp_webauthn_webauthnattestation WHERE credential_id IN
    (SELECT c.id FROM django_otp_webauthn_webauthncredential c WHERE c.user_id = person);
  DELETE FROM django_otp_webauthn_webauthncredential WHERE user_id = person;
  DELETE FROM django_otp_webauthn_webauthnuserhandle WHERE user_id = person;
  DELETE FROM second_factor_recoverycodes WHERE user_id = person;
  DELETE FROM second_factor_factortries WHERE user_id = person;
  DELETE FROM account_sessions_loginsession WHERE user_id = person;
  DELETE FROM machines_tokenfamily WHERE user_id = person;
  DELETE FROM sso_socialidentity WHERE user_id = person;
  DELETE FROM account_emailconfirmation WHERE email_address_id IN
    (SELECT a.id FROM account_emailaddress a WHERE a.user_id = person);
  DELETE FROM account_emailaddress WHERE user_id = person;
  UPDATE accounts_user SET email = 'closed-' || person || '@closed.invalid',
         full_name = '', password = '!', is_active = false, email_verified_at = NULL,
         second_factor_since = NULL, last_login = NULL,
         session_epoch = session_epoch + 1
   WHERE id = person;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION empty_person(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION empty_person(uuid) TO sv_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("closing", "0001_initial"),
        ("account_sessions", "0003_present_members"),
        ("accounts", "0008_closed_agency_administrators"),
        ("machines", "0002_row_level_security"),
        ("second_factor", "0002_row_level_security"),
        ("sso", "0002_sso_scope"),
    ]
    operations = [
        TenantTable("Closing"),
        TenantTable("ClosingLetter"),
        TenantForeignKey("ClosingLetter", field="closing"),
        migrations.RunSQL(WAY_IN, AS_BEFORE),
        migrations.RunSQL(EMPTY_PERSON, "DROP FUNCTION empty_person(uuid);"),
    ]
