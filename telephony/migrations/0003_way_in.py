from django.db import migrations

WAY_IN = """
CREATE FUNCTION organization_for_number(called text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM telephony_phonenumber WHERE e164 = called
$$;
CREATE FUNCTION organization_for_carrier_call(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM telephony_call WHERE carrier_call_id = wanted
$$;
-- Both questions of a webhook at once: it is answered while the carrier waits.
CREATE FUNCTION organization_for_event(wanted text, called text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT COALESCE(organization_for_carrier_call(wanted), organization_for_number(called))
$$;
CREATE FUNCTION organization_for_stream_token(wanted bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM telephony_streamtoken WHERE token_sha256 = wanted
$$;
CREATE FUNCTION organizations_with_open_calls() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT organization_id FROM telephony_call
   WHERE status IN ('ringing', 'live')
$$;
GRANT EXECUTE ON FUNCTION organization_for_number(text),
  organization_for_carrier_call(text), organization_for_event(text, text),
  organization_for_stream_token(bytea),
  organizations_with_open_calls() TO sv_app;
"""

DROP = """
DROP FUNCTION organization_for_event(text, text);
DROP FUNCTION organization_for_number(text);
DROP FUNCTION organization_for_carrier_call(text);
DROP FUNCTION organization_for_stream_token(bytea);
DROP FUNCTION organizations_with_open_calls();
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0002_row_level_security")]
    operations = [migrations.RunSQL(WAY_IN, DROP)]
