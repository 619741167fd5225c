from django.db import migrations

# As in 0004, but an administrator whose account is closed is none: what hangs on their
# standing, keys of machines above all, ends with the account.
AGENCY_FOR_USER = """
CREATE OR REPLACE FUNCTION agency_for_user(person uuid, organization uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.agency_id FROM accounts_agencymembership a
    JOIN accounts_organization o ON o.agency_id = a.agency_id
    JOIN accounts_user u ON u.id = a.user_id
   WHERE a.user_id = person AND o.id = organization AND u.is_active
$$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION agency_for_user(person uuid, organization uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.agency_id FROM accounts_agencymembership a
    JOIN accounts_organization o ON o.agency_id = a.agency_id
   WHERE a.user_id = person AND o.id = organization
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_keep_people")]
    operations = [migrations.RunSQL(AGENCY_FOR_USER, AS_BEFORE)]
