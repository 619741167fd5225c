from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial")]
    operations = [
        TenantTable("RightsRequest"),
        TenantTable("RightsStep"),
        TenantTable("CallerMark"),
        TenantForeignKey("RightsStep", field="request"),
        TenantForeignKey("CallerMark", field="request"),
    ]
