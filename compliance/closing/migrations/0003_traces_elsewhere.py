from django.db import migrations

# As before, and in the clinics too that the person left before this one: what their
# directories call them, and the address that invitations reached. One that is still open
# names no id, is theirs to accept, and goes by its own clock.
EMPTY_PERSON = """
CREATE OR REPLACE FUNCTION empty_person(person uuid) RETURNS boolean
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
  DELETE FROM sso_directoryidentity WHERE user_id = person;
  UPDATE joining_invitation SET email = 'closed-' || person || '@closed.invalid'
   WHERE email = (SELECT u.email FROM accounts_user u WHERE u.id = person)
     AND (used_at IS NOT NULL OR withdrawn_at IS NOT NULL);
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("closing", "0002_row_level_security"),
        ("joining", "0002_scope"),
        ("sso", "0002_sso_scope"),
    ]
    # Back, the function stays: the older schema has all that it names.
    operations = [migrations.RunSQL(EMPTY_PERSON, migrations.RunSQL.noop)]
