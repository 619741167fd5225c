from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0012_soft_delete"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(
                fields=["organization", "carrier_call_id"],
                name="carrier_event_of_call",
            ),
        ),
    ]
