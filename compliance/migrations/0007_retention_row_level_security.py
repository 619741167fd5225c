from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("compliance", "0006_retention")]
    operations = [
        TenantTable("RetentionPolicy"),
        TenantTable("LegalHold"),
        TenantTable("RetentionRun"),
        TenantTable("RetentionBatch"),
        TenantForeignKey("RetentionBatch", field="run"),
    ]
