from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_slow_jobs")]
    operations = [
        migrations.AddField(
            model_name="outboxjob",
            name="purpose",
            field=models.CharField(blank=True, db_default="", max_length=20),
        )
    ]
