from django.db import migrations

# As before, but who gains an agency is signed out too: a session that may do more is not
# the one that began with less.
SETTLE = """
CREATE OR REPLACE FUNCTION settle_agency_act(the_act uuid, key uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_act operators_operatoract%ROWTYPE;
BEGIN
  IF NOT coalesce(at_operators_desk(), false) THEN RETURN false; END IF;
  SELECT * INTO found_act FROM operators_operatoract
   WHERE id = the_act AND approved_at IS NOT NULL AND ended_at IS NULL
     AND agency_id IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  IF found_act.kind = 'agency_leave' THEN
    DELETE FROM accounts_agencymembership
     WHERE agency_id = found_act.agency_id AND user_id = found_act.user_id;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE accounts_user SET session_epoch = session_epoch + 1
     WHERE id = found_act.user_id;
    RETURN true;
  END IF;
  INSERT INTO accounts_agencymembership (id, agency_id, user_id, created_at)
  SELECT key, found_act.agency_id, u.id, found_act.approved_at FROM accounts_user u
   WHERE u.id = found_act.user_id AND u.is_active AND u.email_verified_at IS NOT NULL
      ON CONFLICT (agency_id, user_id) DO NOTHING;
{end}
END $$;
"""
SIGNED_OUT = """  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE accounts_user SET session_epoch = session_epoch + 1
   WHERE id = found_act.user_id;
  RETURN true;"""


class Migration(migrations.Migration):
    dependencies = [("operators", "0006_owner_appointed")]

    operations = [
        migrations.RunSQL(
            SETTLE.format(end=SIGNED_OUT), SETTLE.format(end="  RETURN FOUND;")
        )
    ]
