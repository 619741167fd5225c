from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("copies", "0001_copies")]
    operations = [
        TenantTable("CopyRun"),
        TenantTable("ErasureLeg"),
        TenantForeignKey("CopyRun", field="run"),
        TenantForeignKey("ErasureLeg", field="run"),
    ]
