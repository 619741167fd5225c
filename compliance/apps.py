"""What may be done with a call, and the record of what was done."""

from django.apps import AppConfig

from compliance import clinic_rows
from compliance.personal_data import HELD, WITHOUT_HOLDER
from sondervoice.kernel import audit, personal_data, purposes


class ComplianceConfig(AppConfig):
    """Keeps the record."""

    name = "compliance"

    def ready(self) -> None:
        """Become the one sink of the record, show it to operators, count alerts."""
        from accounts.events import plan_set  # noqa: PLC0415 -- likewise
        from accounts.settings_pages import beside  # noqa: PLC0415 -- needs models
        from compliance.alerts.selectors import count_open  # noqa: PLC0415
        from compliance.backups.again import erased_again_by  # noqa: PLC0415
        from compliance.ledger.sink import write  # noqa: PLC0415 -- needs models
        from compliance.retention.services import destroy_words_key  # noqa: PLC0415

        audit.install_sink(write)
        beside("alerts", count_open)
        plan_set.received_by("compliance.fit_days_to_plan")
        personal_data.state_without_holder(WITHOUT_HOLDER)
        purposes.state_held(HELD)
        clinic_rows.state()
        erased_again_by(destroy_words_key.NAME, destroy_words_key.WordsAgain())
        from compliance import tasks  # noqa: F401, PLC0415
        from compliance.keys import operator_page as _  # noqa: F401, PLC0415
        from compliance.ledger import operator_page  # noqa: F401, PLC0415
