import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("second_factor", "0002_row_level_security")]

    operations = [
        migrations.AddField(
            model_name="factortries",
            name="known_bad_at",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(), default=list, size=None
            ),
        ),
    ]
