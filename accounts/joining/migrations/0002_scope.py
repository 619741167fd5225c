from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable

# Of nobody yet: the sign-in pages and the jobs behind them see these rows, nobody else.
SIGN_UPS = """
ALTER TABLE joining_signup ENABLE ROW LEVEL SECURITY;
ALTER TABLE joining_signup FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_pages ON joining_signup FOR ALL TO sv_app
  USING ((SELECT current_setting('app.purpose', true)) = 'sign_in')
  WITH CHECK ((SELECT current_setting('app.purpose', true)) = 'sign_in');
CREATE POLICY owner_all ON joining_signup FOR ALL TO sv_owner
  USING (true) WITH CHECK (true);
"""

DROP = """
DROP POLICY sign_in_pages ON joining_signup;
DROP POLICY owner_all ON joining_signup;
ALTER TABLE joining_signup NO FORCE ROW LEVEL SECURITY;
ALTER TABLE joining_signup DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("joining", "0001_initial"), ("accounts", "0004_access_scope")]
    operations = [
        TenantTable("Invitation"),
        TenantForeignKey("Invitation", field="custom_role"),
        migrations.RunSQL(SIGN_UPS, DROP),
    ]
