import django.db.models.deletion
from django.db import migrations, models

import sondervoice.kernel.ids
from sondervoice.kernel.rls import CURRENT, TenantTable

# No column can hold an id of a call or a person, a number, a name or a time of day: dates,
# whole numbers, and words of closed lists. `clinic` is the one id, without a reference,
# and empty once the clinic has closed.
SQL = """
CREATE SCHEMA statistics;
REVOKE ALL ON SCHEMA statistics FROM PUBLIC;
GRANT USAGE ON SCHEMA statistics TO sv_app, sv_operator, sv_statistics;

CREATE TYPE statistics.measure AS ENUM
  ('all', 'language', 'outcome', 'hours', 'length', 'ending');
CREATE TYPE statistics.bucket AS ENUM (
  'all', 'rest', 'other',
  'en', 'de', 'fr', 'es', 'it', 'pl', 'tr',
  'booked', 'cancelled', 'message', 'transferred', 'emergency', 'info', 'hung_up',
  'missed', 'served', 'lost',
  'night', 'morning', 'afternoon', 'evening', 'daytime', 'off_hours',
  'unanswered', 'short', 'middle', 'long', 'under_a_minute', 'over_a_minute',
  'caller_hung_up', 'agent_hung_up', 'put_through', 'no_answer', 'line_lost', 'too_long',
  'carrier');

CREATE TABLE statistics.call_counts (
  clinic uuid,
  first_on date NOT NULL,
  last_on date NOT NULL,
  measure statistics.measure NOT NULL,
  bucket statistics.bucket NOT NULL,
  calls integer NOT NULL,
  CONSTRAINT cell_is_large CHECK (calls >= 11),
  CONSTRAINT days_in_order CHECK (last_on >= first_on),
  CONSTRAINT cell_once UNIQUE (clinic, first_on, last_on, measure, bucket)
);
ALTER TABLE statistics.call_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE statistics.call_counts FORCE ROW LEVEL SECURITY;
REVOKE ALL ON statistics.call_counts FROM PUBLIC;
GRANT SELECT, INSERT ON statistics.call_counts TO sv_app;
GRANT SELECT ON statistics.call_counts TO sv_operator, sv_statistics;
CREATE POLICY own_read ON statistics.call_counts FOR SELECT TO sv_app
  USING (clinic = {CURRENT});
CREATE POLICY own_add ON statistics.call_counts FOR INSERT TO sv_app
  WITH CHECK (clinic = {CURRENT});
CREATE POLICY owner_all ON statistics.call_counts FOR ALL TO sv_owner
  USING (true) WITH CHECK (true);
CREATE POLICY read_all ON statistics.call_counts FOR SELECT TO sv_operator, sv_statistics
  USING (true);

CREATE VIEW statistics.all_clinics AS
  SELECT date_trunc('month', last_on)::date AS month, measure, bucket,
         sum(calls)::integer AS calls
    FROM statistics.call_counts
   WHERE last_on > first_on
   GROUP BY 1, 2, 3;
REVOKE ALL ON statistics.all_clinics FROM PUBLIC;
GRANT SELECT ON statistics.all_clinics TO sv_app, sv_operator, sv_statistics;

CREATE FUNCTION statistics.forget_clinic() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = statistics, pg_temp AS $$
DECLARE
  found integer;
BEGIN
  UPDATE call_counts SET clinic = NULL WHERE clinic = {CURRENT};
  GET DIAGNOSTICS found = ROW_COUNT;
  RETURN found;
END $$;
REVOKE ALL ON FUNCTION statistics.forget_clinic() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statistics.forget_clinic() TO sv_app;
""".replace("{CURRENT}", CURRENT)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0008_closed_agency_administrators"),
        ("kernel", "0001_outbox"),
    ]
    operations = [
        migrations.CreateModel(
            name="StatisticsMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sondervoice.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("next_on", models.DateField()),
                ("counted_until", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization",), name="statistics_mark_once"
                    )
                ],
            },
            managers=[
                ("objects", models.Manager()),
                ("unscoped", models.Manager()),
            ],
        ),
        TenantTable("StatisticsMark"),
        migrations.RunSQL(SQL, "DROP SCHEMA statistics CASCADE"),
    ]
