from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0004_keep_event")]
    operations = [
        migrations.AddField(
            "call", "line_epoch", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField("call", "stream_lost_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "streamtoken", "step", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField("streamtoken", "lost_at", models.DateTimeField(null=True)),
    ]
