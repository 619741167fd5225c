from django.db import migrations


class Migration(migrations.Migration):
    """Nobody's row is ever deleted by the product: closing an account empties it."""

    dependencies = [("accounts", "0006_package_tables")]
    operations = [
        migrations.RunSQL(
            "REVOKE DELETE ON accounts_user FROM sv_app",
            "GRANT DELETE ON accounts_user TO sv_app",
        )
    ]
