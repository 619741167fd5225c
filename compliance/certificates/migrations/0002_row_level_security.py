from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_certificates")]
    operations = [
        TenantTable("DeletionCertificate"),
        TenantForeignKey("DeletionCertificate", field="run"),
    ]
