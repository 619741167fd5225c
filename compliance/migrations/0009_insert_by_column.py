from django.db import migrations

# `xid` is the database's to say: a row that names a transaction to come would be "too
# new to be sealed" for ever.
SQL = """
REVOKE INSERT ON audit_logs FROM sv_app;
GRANT INSERT (id, organization_id, at, actor_kind, actor_id, action, subject_kind,
              subject_id, fields, facts) ON audit_logs TO sv_app;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0008_run_causes")]
    operations = [
        migrations.RunSQL(SQL, "GRANT INSERT ON audit_logs TO sv_app"),
    ]
