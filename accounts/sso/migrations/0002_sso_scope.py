from django.db import migrations

from sondervoice.kernel.rls import PersonTable, TenantForeignKey, TenantTable

# A domain of which the proof is missed still counts for seven days.
WAY_IN = """
CREATE FUNCTION sso_connection_for_domain(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM sso_ssodomain d
    JOIN sso_ssoconnection c ON c.organization_id = d.organization_id
   WHERE d.domain = wanted AND d.proved_at IS NOT NULL AND c.status = 'on'
$$;
CREATE FUNCTION organization_for_sso_connection(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM sso_ssoconnection WHERE id = wanted
$$;
REVOKE ALL ON FUNCTION sso_connection_for_domain(text),
  organization_for_sso_connection(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sso_connection_for_domain(text),
  organization_for_sso_connection(uuid) TO sv_app;
"""

DROP = """
DROP FUNCTION sso_connection_for_domain(text);
DROP FUNCTION organization_for_sso_connection(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("sso", "0001_initial"), ("accounts", "0004_access_scope")]
    operations = [
        TenantTable("SsoConnection"),
        TenantTable("SsoDomain"),
        TenantTable("DirectoryIdentity"),
        TenantTable("SamlRequest"),
        TenantForeignKey("SamlRequest", field="connection"),
        PersonTable("SocialIdentity"),
        migrations.RunSQL(WAY_IN, DROP),
    ]
