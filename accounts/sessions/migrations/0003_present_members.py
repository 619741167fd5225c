from django.db import migrations

# Of who belongs to the open organization now: a clinic that somebody has left ends
# nothing of theirs any more. The person's row is locked first, as a sign-in locks it, so
# that of the two the later one finds what the earlier one did.
OF_PRESENT_MEMBERS = """
CREATE OR REPLACE FUNCTION end_sessions_of(person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE accounts_user SET session_epoch = session_epoch + 1
   WHERE id = person AND EXISTS (
     SELECT FROM accounts_membership m WHERE m.user_id = person
        AND m.ended_at IS NULL AND m.organization_id =
       NULLIF(current_setting('app.organization_id', true), '')::uuid);
  IF FOUND THEN
    UPDATE account_sessions_loginsession SET ended_at = now(),
           end_reason = 'ended_by_clinic'
     WHERE ended_at IS NULL AND user_id = person;
  END IF;
END
$$;
"""

OF_ALL_MEMBERS = """
CREATE OR REPLACE FUNCTION end_sessions_of(person uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH member AS (
    SELECT m.user_id FROM accounts_membership m
     WHERE m.user_id = person AND m.organization_id =
       NULLIF(current_setting('app.organization_id', true), '')::uuid
  ), over AS (
    UPDATE account_sessions_loginsession SET ended_at = now(),
           end_reason = 'ended_by_clinic'
     WHERE ended_at IS NULL AND user_id IN (SELECT user_id FROM member)
  )
  UPDATE accounts_user SET session_epoch = session_epoch + 1
   WHERE id IN (SELECT user_id FROM member)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("account_sessions", "0002_whose_sessions")]
    operations = [migrations.RunSQL(OF_PRESENT_MEMBERS, OF_ALL_MEMBERS)]
