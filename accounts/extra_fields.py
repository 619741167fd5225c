"""Fields that no form of ours has, and that would be power if one heeded them.

Forms read what they ask for and nothing else, so nothing comes of these; whoever sends
one has written it by hand.
"""

from typing import Final

from django.http import HttpRequest

_POWERS: Final = frozenset(
    {"organization", "organization_id", "user_id", "is_staff", "is_superuser"}
)
_FORMS: Final = "/app/"


def count_powers(request: HttpRequest) -> int:
    """Return how many such fields the form has."""
    if request.method != "POST" or not request.path_info.startswith(_FORMS):
        return 0
    return len(_POWERS & request.POST.keys())
