from django.db import migrations

# A carrier waits for its webhook to be answered, and each statement is a way there and
# back: what takes seven statements one by one takes two calls of these functions.
# plpgsql keeps a statement's plan for the session, which a nested SQL function does not.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION organization_for_event(wanted text, called text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_id uuid;
BEGIN
  SELECT organization_id INTO found_id FROM telephony_call
   WHERE carrier_call_id = wanted;
  IF found_id IS NULL THEN
    SELECT organization_id INTO found_id FROM telephony_phonenumber WHERE e164 = called;
  END IF;
  RETURN found_id;
END $$;
DROP FUNCTION organization_for_number(text);
DROP FUNCTION organization_for_carrier_call(text);

-- With the rights of who calls it: row level security holds, in the scope it opens.
CREATE FUNCTION keep_carrier_event(
  organization uuid, event_id uuid, carrier_name text, its_event_id text,
  its_call_id text, kind text, occurred timestamptz, received timestamptz,
  sealed bytea, job_id uuid, job text, job_ids jsonb, job_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true);
  INSERT INTO public.telephony_carrierevent (
    id, organization_id, carrier, carrier_event_id, carrier_call_id, event_type,
    occurred_at, received_at, payload_sealed, effect
  ) VALUES (
    event_id, organization, carrier_name, its_event_id, its_call_id, kind,
    occurred, received, sealed, ''
  ) ON CONFLICT ON CONSTRAINT carrier_event_once DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO public.outbox_jobs (
    id, organization_id, task, ids, created_at, next_at, attempts, failure_code
  ) VALUES (job_id, organization, job, job_ids, job_at, job_at, 0, '');
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION keep_carrier_event(
  uuid, uuid, text, text, text, text, timestamptz, timestamptz, bytea, uuid, text,
  jsonb, timestamptz
) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_carrier_event(
  uuid, uuid, text, text, text, text, timestamptz, timestamptz, bytea, uuid, text,
  jsonb, timestamptz
) TO sv_app;
"""

BACK = """
CREATE FUNCTION organization_for_number(called text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM telephony_phonenumber WHERE e164 = called
$$;
CREATE FUNCTION organization_for_carrier_call(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM telephony_call WHERE carrier_call_id = wanted
$$;
REVOKE ALL ON FUNCTION organization_for_number(text),
  organization_for_carrier_call(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organization_for_number(text),
  organization_for_carrier_call(text) TO sv_app;
DROP FUNCTION keep_carrier_event(
  uuid, uuid, text, text, text, text, timestamptz, timestamptz, bytea, uuid, text,
  jsonb, timestamptz
);
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0003_way_in")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
