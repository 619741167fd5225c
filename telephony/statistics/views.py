"""The page Statistics: a clinic's calls, counted so that they tell of nobody."""

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from telephony.periods import read_day
from telephony.statistics.bars import draw_bars
from telephony.statistics.coarsen import FEWEST
from telephony.statistics.selectors.call_counts import Group, list_groups, read_tables


@page(Permission.STATISTICS_VIEW)
@require_GET
def statistics(request: PageRequest) -> HttpResponse:
    """Show the calls of the newest weeks, and one week in detail."""
    groups = list_groups(actor=request.actor)
    chosen = _chosen(groups, read_day(request.GET.get("from", "")))
    context = {
        "groups": groups,
        "chosen": chosen,
        "tables": read_tables(chosen) if chosen else [],
        "bars": draw_bars([group.calls for group in reversed(groups)]),
        "fewest": FEWEST,
    }
    return draw_settings(
        request, "statistics/statistics.html", context, here="statistics"
    )


def _chosen(groups: list[Group], on: date | None) -> Group | None:
    """Return the group that begins on that day, else the newest."""
    named = [group for group in groups if group.first_on == on]
    return next(iter(named or groups), None)
