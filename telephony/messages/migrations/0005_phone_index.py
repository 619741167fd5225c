from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("phone_messages", "0004_soft_delete"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="phone_index",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["organization", "phone_index"], name="message_by_number"
            ),
        ),
    ]
