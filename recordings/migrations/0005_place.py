from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0004_clock_of_the_call"),
    ]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="place",
            field=models.CharField(default="files", max_length=100),
        ),
    ]
