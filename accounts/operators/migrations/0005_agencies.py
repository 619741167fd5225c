import django.db.models.deletion
from django.db import migrations, models

# Who administers an agency is changed here alone, for an act that a second operator has
# approved. Who loses an agency is signed out.
SETTLE = """
CREATE FUNCTION settle_agency_act(the_act uuid, key uuid) RETURNS boolean
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
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION settle_agency_act(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_agency_act(uuid, uuid) TO sv_app;
CREATE POLICY operator_read ON accounts_agencymembership FOR SELECT TO sv_operator
  USING (true);
GRANT SELECT ON accounts_agencymembership TO sv_operator;
-- For the letters to an agency's administrators, who have no scope in common.
CREATE POLICY letters_read ON operators_operatoract FOR SELECT TO sv_app
  USING (agency_id IS NOT NULL AND approved_at IS NOT NULL
         AND (SELECT current_setting('app.purpose', true)) = 'sign_in');
"""
BACK = """
DROP POLICY letters_read ON operators_operatoract;
DROP POLICY operator_read ON accounts_agencymembership;
REVOKE SELECT ON accounts_agencymembership FROM sv_operator;
DROP FUNCTION settle_agency_act(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_agency_administrators"),
        ("operators", "0004_operator_acts"),
    ]

    operations = [
        migrations.AddField(
            model_name="operatoract",
            name="agency",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.agency",
            ),
        ),
        migrations.AddField(
            model_name="operatoract",
            name="name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="operatoract",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan_lower", "Put a clinic on a smaller plan"),
                    ("person_close", "Close an account"),
                    ("agency_make", "Make an agency with its first administrator"),
                    ("agency_join", "Add an administrator to an agency"),
                    ("agency_leave", "Remove an administrator from an agency"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(SETTLE, BACK),
    ]
