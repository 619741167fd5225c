from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0004_dates_of_appointments")]
    operations = [
        migrations.AlterField(
            "appointment", "counts_from", field=models.DateTimeField()
        ),
        migrations.AlterField(
            "appointment", "erase_after", field=models.DateTimeField()
        ),
    ]
