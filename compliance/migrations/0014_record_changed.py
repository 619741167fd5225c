"""Let an alert say that the record is not as it was sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0013_verifications")]

    operations = [
        migrations.AlterField(
            model_name="securityalert",
            name="rule",
            field=models.CharField(
                choices=[
                    ("mass_export", "mass_export"),
                    ("night_reveals", "night_reveals"),
                    ("failed_sign_ins", "failed_sign_ins"),
                    ("not_theirs", "not_theirs"),
                    ("new_place", "new_place"),
                    ("operator_look", "operator_look"),
                    ("record_changed", "record_changed"),
                ],
                max_length=20,
            ),
        ),
    ]
