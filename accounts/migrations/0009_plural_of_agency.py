from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_closed_agency_administrators")]
    operations = [
        migrations.AlterModelOptions(
            name="agency", options={"verbose_name_plural": "agencies"}
        )
    ]
