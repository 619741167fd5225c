from django.db import migrations

from sondervoice.kernel.rls import PersonTable

# Of no clinic: the pages and jobs of askings see these rows, nobody else. The purpose is
# set in compliance/asking/way_in.py alone.
ASKING = "(SELECT current_setting('app.purpose', true)) = 'asking'"

_TABLE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY asking_pages ON {table} FOR ALL TO sv_app
  USING ({test}) WITH CHECK ({test});
CREATE POLICY owner_all ON {table} FOR ALL TO sv_owner USING (true) WITH CHECK (true);
"""
_DROP = """
DROP POLICY asking_pages ON {table};
DROP POLICY owner_all ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
_TABLES = ("asking_asking", "asking_askedclinic")

# A person's own rows besides: the clock watches all, operators read and answer them.
REQUESTS = f"""
CREATE POLICY clock_all ON asking_privacyrequest FOR ALL TO sv_app
  USING ({ASKING}) WITH CHECK ({ASKING});
CREATE POLICY desk_reads ON asking_privacyrequest FOR SELECT TO sv_app
  USING ((SELECT at_operators_desk()));
CREATE POLICY desk_answers ON asking_privacyrequest FOR UPDATE TO sv_app
  USING ((SELECT at_operators_desk())) WITH CHECK ((SELECT at_operators_desk()));
CREATE POLICY operator_read ON asking_privacyrequest FOR SELECT TO sv_operator USING (true);
GRANT SELECT ON asking_privacyrequest TO sv_operator;
"""
NO_REQUESTS = """
REVOKE SELECT ON asking_privacyrequest FROM sv_operator;
DROP POLICY operator_read ON asking_privacyrequest;
DROP POLICY desk_answers ON asking_privacyrequest;
DROP POLICY desk_reads ON asking_privacyrequest;
DROP POLICY clock_all ON asking_privacyrequest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("asking", "0001_initial"),
        ("operators", "0002_row_level_security"),
    ]
    operations = [
        *(
            migrations.RunSQL(
                _TABLE.format(table=table, test=ASKING), _DROP.format(table=table)
            )
            for table in _TABLES
        ),
        PersonTable("PrivacyRequest"),
        migrations.RunSQL(REQUESTS, NO_REQUESTS),
    ]
