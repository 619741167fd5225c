"""Closing a clinic's account."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """Closing a clinic's account."""

    name = "compliance.closing"
    label = "closing"

    def ready(self) -> None:
        """Register jobs, the kind of run, what a restore closes again, the banner."""
        # All need the models, which are there only now.
        from accounts.clinic_closing import install_is_being_closed  # noqa: PLC0415
        from accounts.dashboard import around  # noqa: PLC0415
        from accounts.no_clinic import say_why_no_clinic  # noqa: PLC0415
        from compliance.backups.again import erased_again_by  # noqa: PLC0415
        from compliance.closing import jobs  # noqa: F401, PLC0415
        from compliance.closing import operator_page as _  # noqa: F401, PLC0415
        from compliance.closing.banner import banner_around  # noqa: PLC0415
        from compliance.closing.registry import at_the_end_of_billing  # noqa: PLC0415
        from compliance.closing.run_kind import register  # noqa: PLC0415
        from compliance.closing.selectors.standing import is_standing  # noqa: PLC0415
        from compliance.closing.services import close_again  # noqa: PLC0415
        from compliance.closing.services.list_closing import NAMES, Step  # noqa: PLC0415
        from compliance.closing.services.rename import forget_plan  # noqa: PLC0415
        from compliance.closing.way_in import why_no_clinic  # noqa: PLC0415

        install_is_being_closed(is_standing)
        around("closing", banner_around)
        say_why_no_clinic("closing", why_no_clinic)
        at_the_end_of_billing("plan", forget_plan)
        register()
        erased_again_by(NAMES[Step.ERASED], close_again.RowsAgain())
        erased_again_by(NAMES[Step.PEOPLE_LET_GO], close_again.PeopleAgain())
