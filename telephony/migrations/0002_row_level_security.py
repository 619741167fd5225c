from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0001_initial"),
        ("reception", "0002_row_level_security"),
    ]
    operations = [
        TenantTable("PhoneNumber"),
        TenantTable("Call"),
        TenantTable("CarrierEvent"),
        TenantTable("CarrierCommand"),
        TenantTable("StreamToken"),
        TenantTable("Turn"),
        TenantTable("ToolUse"),
        TenantForeignKey("PhoneNumber", field="agent_version"),
        TenantForeignKey("Call", field="number"),
        TenantForeignKey("Call", field="agent_version"),
        TenantForeignKey("CarrierCommand", field="call"),
        TenantForeignKey("StreamToken", field="call"),
        TenantForeignKey("Turn", field="call"),
        TenantForeignKey("ToolUse", field="call"),
    ]
