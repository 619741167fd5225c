from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operators", "0005_agencies")]

    operations = [
        migrations.AlterField(
            model_name="operatoract",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan_lower", "Put a clinic on a smaller plan"),
                    ("person_close", "Close an account"),
                    ("agency_make", "Make an agency with its first administrator"),
                    ("agency_join", "Add an administrator to an agency"),
                    ("agency_leave", "Remove an administrator from an agency"),
                    ("owner_appoint", "Give a clinic without an owner one"),
                ],
                max_length=20,
            ),
        ),
    ]
