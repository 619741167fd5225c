from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0001_initial"),
        ("telephony", "0002_row_level_security"),
    ]
    operations = [
        TenantTable("Recording"),
        TenantTable("Utterance"),
        TenantForeignKey("Recording", field="call"),
        TenantForeignKey("Utterance", field="call"),
    ]
