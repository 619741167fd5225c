import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sondervoice.kernel.ids

# An act begins as a question of the person at the desk; nobody answers it by writing it.
# The clinics that are told read it in their own scope: the letter says why and who.
POLICIES = """
ALTER TABLE operators_operatoract ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_operatoract FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_reads ON operators_operatoract FOR SELECT TO sv_app
  USING ((SELECT at_operators_desk()));
CREATE POLICY told_reads ON operators_operatoract FOR SELECT TO sv_app
  USING ((SELECT NULLIF(current_setting('app.organization_id', true), '')::uuid)
         = ANY (told));
CREATE POLICY desk_asks ON operators_operatoract FOR INSERT TO sv_app
  WITH CHECK ((SELECT at_operators_desk()) AND approved_at IS NULL AND approved_by_id IS NULL
    AND asked_by_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY desk_answers ON operators_operatoract FOR UPDATE TO sv_app
  USING ((SELECT at_operators_desk())) WITH CHECK ((SELECT at_operators_desk()));
CREATE POLICY owner_all ON operators_operatoract FOR ALL TO sv_owner
  USING (true) WITH CHECK (true);
CREATE POLICY operator_read ON operators_operatoract FOR SELECT TO sv_operator USING (true);
GRANT SELECT ON operators_operatoract TO sv_operator;
REVOKE DELETE ON operators_operatoract FROM sv_app;
"""
NAMES = (
    "desk_reads",
    "told_reads",
    "desk_asks",
    "desk_answers",
    "owner_all",
    "operator_read",
)
BACK = "".join(f"DROP POLICY {name} ON operators_operatoract;" for name in NAMES) + (
    "ALTER TABLE operators_operatoract NO FORCE ROW LEVEL SECURITY;"
    "ALTER TABLE operators_operatoract DISABLE ROW LEVEL SECURITY;"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_agency_administrators"),
        ("operators", "0003_leaving_confirmed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OperatorAct",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan_lower", "Put a clinic on a smaller plan"),
                            ("person_close", "Close an account"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("starter", "starter"),
                            ("pro", "pro"),
                            ("enterprise", "enterprise"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("asker_name", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("approver_name", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                models.Q(
                                    ("approved_by", models.F("asked_by")), _negated=True
                                ),
                                models.Q(
                                    ("user", None),
                                    models.Q(
                                        ("approved_by", models.F("user")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="operator_act_second_person",
                    )
                ],
            },
        ),
        migrations.RunSQL(POLICIES, BACK),
    ]
