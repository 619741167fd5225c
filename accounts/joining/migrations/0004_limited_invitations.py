import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("joining", "0003_clinics_with_traces")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="limited_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), null=True, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("limited_to", None),
                    models.Q(("role", "owner"), _negated=True),
                    _connector="OR",
                ),
                name="invitation_owner_sees_all",
            ),
        ),
    ]
