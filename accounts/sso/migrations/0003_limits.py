import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sso", "0002_sso_scope")]

    operations = [
        migrations.AddField(
            model_name="ssoconnection",
            name="limits_by_group",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="ssoconnection",
            name="default_limited_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), null=True, size=None
            ),
        ),
    ]
