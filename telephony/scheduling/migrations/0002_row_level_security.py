from django.db import migrations

from sondervoice.kernel.rls import TenantForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0001_initial"),
        ("telephony", "0002_row_level_security"),
    ]
    operations = [
        TenantTable("Practitioner"),
        TenantTable("AppointmentType"),
        TenantTable("Slot"),
        TenantTable("Appointment"),
        TenantForeignKey("Slot", field="practitioner"),
        TenantForeignKey("Slot", field="kind"),
        TenantForeignKey("Appointment", field="slot"),
        TenantForeignKey("Appointment", field="call"),
        TenantForeignKey("Appointment", field="cancelled_in_call"),
    ]
