from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0001_initial"),
        ("kernel", "0001_outbox"),
    ]
    operations = [
        TenantTable("Agent"),
        TenantTable("AgentVersion"),
        TenantForeignKey("AgentVersion", field="agent"),
    ]
