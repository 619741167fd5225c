from django.db import migrations

from sondervoice.kernel.rls import PersonTable, TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("machines", "0001_initial")]
    operations = [
        TenantTable("ApiKeyRule"),
        TenantForeignKey("ApiKeyRule", field="key"),
        TenantTable("StoredAnswer"),
        PersonTable("TokenFamily"),
    ]
