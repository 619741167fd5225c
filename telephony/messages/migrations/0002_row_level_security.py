from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("phone_messages", "0001_initial"),
        ("telephony", "0002_row_level_security"),
    ]
    operations = [
        TenantTable("Message"),
        TenantForeignKey("Message", field="call"),
    ]
