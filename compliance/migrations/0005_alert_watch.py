from django.db import migrations

from sondervoice.kernel.rls import TenantTable

# `horizon` is the oldest transaction that may still have had rows to come when the
# record was looked at last. What was written before the product knew alerts is not
# looked at. Only ids leave the function, as of every question asked before a scope.
WATCH = """
CREATE TABLE alert_watch (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  horizon xid8 NOT NULL
);
INSERT INTO alert_watch (horizon) VALUES (pg_snapshot_xmin(pg_current_snapshot()));
REVOKE ALL ON alert_watch FROM PUBLIC, sv_app;
GRANT SELECT, UPDATE ON alert_watch TO sv_app;

CREATE FUNCTION organizations_written_since(low xid8, actions text[])
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT organization_id FROM audit_logs
   WHERE xid >= low AND action = ANY (actions) AND organization_id IS NOT NULL
$$;
REVOKE ALL ON FUNCTION organizations_written_since(xid8, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organizations_written_since(xid8, text[]) TO sv_app;
"""

UNWATCH = """
DROP FUNCTION organizations_written_since(xid8, text[]);
DROP TABLE alert_watch;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_alerts")]
    operations = [
        TenantTable("SecurityAlert"),
        TenantTable("AlertThresholds"),
        migrations.RunSQL(WATCH, UNWATCH),
    ]
