from django.db import migrations

from sondervoice.kernel.rls import TenantTable

# Who works at the operators' desk now: the purpose is set in accounts/operators/desk.py
# alone, and means nothing without a live grant of the person's own.
DESK = """
CREATE FUNCTION is_operator(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM operators_operatorgrant g JOIN accounts_user u ON u.id = g.user_id
     WHERE g.user_id = person AND u.is_staff AND u.is_active
       AND g.approved_at IS NOT NULL AND g.ended_at IS NULL AND g.expires_at > now())
$$;
CREATE FUNCTION at_operators_desk() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT current_setting('app.purpose', true) = 'operator'
     AND is_operator(NULLIF(current_setting('app.user_id', true), '')::uuid)
$$;
GRANT EXECUTE ON FUNCTION is_operator(uuid), at_operators_desk() TO sv_app;

ALTER TABLE operators_operatorgrant ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_operatorgrant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON operators_operatorgrant FOR SELECT TO sv_app
  USING (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY desk_reads ON operators_operatorgrant FOR SELECT TO sv_app
  USING ((SELECT at_operators_desk()));
-- A grant begins as a question of the person at the desk; nobody answers it by writing it.
CREATE POLICY desk_asks ON operators_operatorgrant FOR INSERT TO sv_app
  WITH CHECK ((SELECT at_operators_desk()) AND approved_at IS NULL AND approved_by_id IS NULL
    AND granted_by_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY desk_answers ON operators_operatorgrant FOR UPDATE TO sv_app
  USING ((SELECT at_operators_desk())) WITH CHECK ((SELECT at_operators_desk()));
CREATE POLICY owner_all ON operators_operatorgrant FOR ALL TO sv_owner
  USING (true) WITH CHECK (true);
CREATE POLICY operator_read ON operators_operatorgrant FOR SELECT TO sv_operator USING (true);
GRANT SELECT ON operators_operatorgrant TO sv_operator;
REVOKE DELETE ON operators_operatorgrant FROM sv_app;
"""

GRANT_POLICIES = (
    "own_rows",
    "desk_reads",
    "desk_asks",
    "desk_answers",
    "owner_all",
    "operator_read",
)

DESK_TABLE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_all ON {table} FOR ALL TO sv_app
  USING ((SELECT at_operators_desk())) WITH CHECK ((SELECT at_operators_desk()));
CREATE POLICY owner_all ON {table} FOR ALL TO sv_owner USING (true) WITH CHECK (true);
"""
READ = """
CREATE POLICY operator_read ON {table} FOR SELECT TO sv_operator USING (true);
GRANT SELECT ON {table} TO sv_operator;
REVOKE DELETE ON {table} FROM sv_app;
"""

# What an operator may change about another person: these columns, from the desk alone.
PEOPLE = """
CREATE FUNCTION set_person_active(person uuid, active boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT coalesce(at_operators_desk(), false) THEN RETURN false; END IF;
  UPDATE accounts_user SET is_active = active, session_epoch = session_epoch + 1
   WHERE id = person;
  RETURN FOUND;
END $$;
-- Somebody leaves: no staff, no agency, every session and token over; who belongs to no
-- clinic of their own is deactivated.
CREATE FUNCTION retire_operator(person uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT coalesce(at_operators_desk(), false) THEN RETURN false; END IF;
  DELETE FROM accounts_agencymembership WHERE user_id = person;
  UPDATE accounts_user SET is_staff = false, is_superuser = false,
         session_epoch = session_epoch + 1,
         is_active = is_active AND EXISTS (
           SELECT FROM accounts_membership m
            WHERE m.user_id = person AND m.ended_at IS NULL)
   WHERE id = person;
  RETURN FOUND;
END $$;
-- Who is made an operator by two others becomes staff, and signs in anew.
CREATE FUNCTION make_staff(person uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT coalesce(at_operators_desk(), false) THEN RETURN false; END IF;
  UPDATE accounts_user SET is_staff = true,
         session_epoch = session_epoch + CASE WHEN is_staff THEN 0 ELSE 1 END
   WHERE id = person AND is_active;
  RETURN FOUND;
END $$;
CREATE FUNCTION person_with_address(address text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM accounts_user WHERE email = lower(address) AND at_operators_desk()
$$;
GRANT EXECUTE ON FUNCTION set_person_active(uuid, boolean), retire_operator(uuid),
  make_staff(uuid), person_with_address(text) TO sv_app;
-- All but the hash of the password.
GRANT SELECT (id, email, full_name, is_active, is_staff, is_superuser, email_verified_at,
  second_factor_since, session_epoch, created_at, last_login) ON accounts_user TO sv_operator;
GRANT SELECT ON accounts_agency TO sv_operator;
"""

DROP = """
DROP FUNCTION set_person_active(uuid, boolean);
DROP FUNCTION retire_operator(uuid);
DROP FUNCTION make_staff(uuid);
DROP FUNCTION person_with_address(text);
"""


def desk(table: str, *, is_read: bool = True) -> migrations.RunSQL:
    sql = DESK_TABLE + (READ if is_read else "")
    policies = ["desk_all", "owner_all", *(["operator_read"] if is_read else [])]
    back = "".join(f"DROP POLICY {name} ON {table};" for name in policies)
    off = f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; "
    off += f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    return migrations.RunSQL(sql.format(table=table), back + off)


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0001_initial"),
        ("accounts", "0004_access_scope"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]
    operations = [
        TenantTable("OperatorSession"),
        TenantTable("ClinicHelp"),
        migrations.RunSQL(
            DESK,
            "".join(
                f"DROP POLICY {one} ON operators_operatorgrant;"
                for one in GRANT_POLICIES
            )
            + "ALTER TABLE operators_operatorgrant NO FORCE ROW LEVEL SECURITY;"
            "ALTER TABLE operators_operatorgrant DISABLE ROW LEVEL SECURITY;"
            "DROP FUNCTION at_operators_desk(); DROP FUNCTION is_operator(uuid);",
        ),
        desk("operators_spenttoken", is_read=False),
        desk("operators_leaving"),
        desk("operators_leavingstep"),
        migrations.RunSQL(PEOPLE, DROP),
        # Django's own log of the admin keeps what things are called. Ours is the record.
        migrations.RunSQL(
            "REVOKE ALL ON django_admin_log FROM sv_app",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON django_admin_log TO sv_app",
        ),
    ]
