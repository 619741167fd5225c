"""What people ask of a clinic about their data."""

from django.apps import AppConfig

from sondervoice.kernel import personal_data, purposes


class RightsConfig(AppConfig):
    """Requests, from the door to the answer."""

    name = "compliance.rights"
    label = "rights"

    def ready(self) -> None:
        """Open the desk, follow runs and holds, say what is kept of who asks."""
        from accounts.settings_pages import beside  # noqa: PLC0415 -- needs models
        from compliance.copies.events import run_settled  # noqa: PLC0415
        from compliance.retention.events import (  # noqa: PLC0415
            hold_released,
            run_finished,
        )
        from compliance.retention.selections import register_kind  # noqa: PLC0415
        from compliance.rights import desk, jobs  # noqa: F401, PLC0415
        from compliance.rights import personal_data as holds  # noqa: PLC0415
        from compliance.rights.selections import select  # noqa: PLC0415
        from compliance.rights.selectors.requests import (  # noqa: PLC0415
            count_undecided,
        )
        from compliance.rights.services.open_request import (  # noqa: PLC0415
            open_request,
        )
        from compliance.rights.settling import KIND  # noqa: PLC0415
        from sondervoice.kernel import rights  # noqa: PLC0415

        rights.install_request_desk(open_request)
        rights.install_answer_desk(desk.read_answer, desk.open_package)
        register_kind(KIND, select)
        run_finished.received_by("compliance.rights_after_run")
        run_settled.received_by("compliance.rights_after_run")
        hold_released.received_by("compliance.rights_after_hold")
        beside("rights-requests", count_undecided)
        personal_data.register_holder(holds.Askers())
        personal_data.state_without_holder(holds.WITHOUT_HOLDER)
        purposes.state_held(holds.HELD)
