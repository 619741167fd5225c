from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_plural_of_agency")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="limits_by_directory",
            field=models.BooleanField(default=False),
        )
    ]
