from django.db import migrations

# Which anchors stand is as much of the record as what is in them: a database that
# forgets one writes no further ones.
SQL = """
CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger_anchors
  FOR EACH ROW EXECUTE FUNCTION ledger_deny();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger_anchors
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_deny();
ALTER TABLE ledger_anchors ENABLE ALWAYS TRIGGER ledger_no_change;
ALTER TABLE ledger_anchors ENABLE ALWAYS TRIGGER ledger_no_truncate;
"""
UNDO = """
DROP TRIGGER ledger_no_change ON ledger_anchors;
DROP TRIGGER ledger_no_truncate ON ledger_anchors;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0010_holds_forget")]
    operations = [migrations.RunSQL(SQL, UNDO)]
